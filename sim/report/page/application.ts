import { showDetail } from "./detail.ts";
import { byId, copyAndSay, element, onClick } from "./dom.ts";
import { showExplanation } from "./explanation-view.ts";
import { bindKeys } from "./keyboard.ts";
import { showLegend } from "./legend.ts";
import { createOrderView } from "./order-view.ts";
import type { PageOperation, PageViolation } from "./payload.ts";
import type { RunModel } from "./run-model.ts";
import { chainTo, EVERYTHING, type Filter, maskOf, NOTHING, search, type Selection } from "./selection.ts";
import { createStateHistory } from "./states.ts";
import { createTableView } from "./table-view.ts";
import { createTimeline } from "./timeline.ts";
import { createViolationsView } from "./violations.ts";

/** Puts the views together: what is selected and filtered is here, and every view is told. */
export function startApplication(model: RunModel): void {
  const { payload } = model;
  const states = createStateHistory(payload.states);
  let selection: Selection = NOTHING;
  let filter: Filter = EVERYTHING;
  let mask = maskOf(model, filter);
  let shown = shownEvents();

  const isFiltered = (): boolean => filter.machine !== null || filter.key !== null || filter.kind !== null;
  const timeline = createTimeline(
    model,
    () => ({ selection, mask, isFiltered: isFiltered() }),
    (event) => select(event),
  );
  const table = createTableView(model, (event) => select(event));
  const orders = createOrderView(model, (operation) => selectOperation(operation));

  const violations = createViolationsView(model, {
    look: lookAt,
    select: (operation, { operations }) => selectOperation(operation, new Set(operations)),
  });

  function shownEvents(): number[] {
    const events: number[] = [];
    for (let event = 0; event < model.count; event++) if (mask[event] === 1) events.push(event);
    return events;
  }

  function select(event: number, lit?: ReadonlySet<number>): void {
    if (event < 0 || event >= model.count) return;
    const own = payload.operations.findIndex(({ id }) => id === model.activity(event));
    const chosen = lit ?? (selection.lit.size > 1 ? selection.lit : new Set(own < 0 ? [] : [own]));
    selection = { event, chain: chainTo(model, event), lit: chosen };
    showDetail(model, states, selection, (other) => select(other));
    timeline.reveal(event);
    table.show(shown, event);
  }

  function selectOperation(operation: PageOperation, lit?: ReadonlySet<number>): void {
    const event = operation.returnEvent ?? operation.callEvent;
    if (event !== null) select(event, lit);
  }

  /** The operations of the certificate from the first to the last, with a little around them. */
  function lookAt(violation: PageViolation): void {
    const { operations, event, key } = violation;
    violations.show(violation);
    const proof = operations.map((place) => payload.operations[place]).filter((found) => found !== undefined);
    const from = Math.min(...proof.map(({ callUs }) => callUs));
    const to = Math.max(...proof.map(({ callUs, returnUs }) => returnUs ?? callUs));
    if (proof.length > 0) timeline.show(from - (to - from) * 0.12, to + (to - from) * 0.12);
    if (event !== null) select(event, new Set(operations));
    if (key !== null) orders.show(key);
  }

  function setFilter(next: Filter): void {
    filter = next;
    mask = maskOf(model, filter);
    shown = shownEvents();
    byId("found", HTMLElement).textContent = isFiltered()
      ? `${shown.length} of ${model.count} events are shown`
      : "";
    table.show(shown, selection.event);
    timeline.redraw();
  }

  showHead(model);
  showLegend(model);
  showExplanation(model, (event) => select(event));
  bindFilters(model, () => filter, setFilter);
  bindSearch(
    model,
    () => mask,
    (event) => select(event),
  );
  onClick(byId("zoom-in", HTMLElement), () => timeline.zoom(2));
  onClick(byId("zoom-out", HTMLElement), () => timeline.zoom(0.5));
  onClick(byId("zoom-all", HTMLElement), () => timeline.show(0, payload.endUs * 1.04));
  bindKeys({
    model,
    timeline,
    select,
    selected: () => selection.event,
    mask: () => mask,
    copyLine: () => byId("copy", HTMLElement).click(),
    copyPlan: () => byId("copy-plan", HTMLElement).click(),
    violation: () => {
      const [first] = payload.violations;
      if (first !== undefined) lookAt(first);
    },
  });
  bindTheme(() => timeline.recolour());
  showDetail(model, states, selection, (event) => select(event));
  table.show(shown, -1);
  const explained = payload.violations[payload.explanation?.violation ?? -1];
  const worst =
    explained ?? payload.violations.find(({ expected }) => expected === null) ?? payload.violations[0];
  if (worst === undefined) timeline.redraw();
  else lookAt(worst);
}

function showHead({ payload }: RunModel): void {
  const { violations, scenario, policy, seed } = payload;
  const verdict = byId("verdict", HTMLElement);
  const broken = violations.filter(({ expected }) => expected === null).length;
  const many = (count: number): string => `${count} violation${count === 1 ? "" : "s"}`;
  verdict.className = `verdict ${broken > 0 ? "bad" : violations.length > 0 ? "notable" : "good"}`;
  verdict.textContent =
    broken > 0
      ? `${many(broken)} of what was promised`
      : violations.length > 0
        ? `${many(violations.length)}, all expected`
        : "No violation";
  byId("name", HTMLElement).textContent = `${scenario} · ${policy} · seed ${seed}`;
  byId("command", HTMLElement).textContent = payload.command;
  const [copyLine, copyPlan] = [byId("copy", HTMLButtonElement), byId("copy-plan", HTMLButtonElement)];
  onClick(copyLine, () => void copyAndSay(copyLine, payload.command));
  onClick(copyPlan, () => void copyAndSay(copyPlan, payload.plan));
  const facts = [...payload.facts, ["trace hash", `${payload.traceHash.slice(0, 16)}…`]] as const;
  byId("facts", HTMLElement).replaceChildren(
    ...facts.map(([name, text]) => element("div", {}, element("dt", {}, name), element("dd", {}, text))),
  );
  byId("plan", HTMLElement).textContent = payload.plan;
}

function bindFilters({ payload }: RunModel, current: () => Filter, set: (filter: Filter) => void): void {
  const fill = (
    id: string,
    all: string,
    options: readonly (readonly [string, string])[],
  ): HTMLSelectElement => {
    const list = byId(id, HTMLSelectElement);
    list.replaceChildren(
      ...[["", all] as const, ...options].map(([value, text]) => element("option", { value }, text)),
    );
    return list;
  };
  const machines = fill(
    "filter-machine",
    "all",
    payload.machines.map((name, place) => [String(place), name]),
  );
  machines.addEventListener("change", () => {
    set({ ...current(), machine: machines.value === "" ? null : Number(machines.value) });
  });
  const keys = fill(
    "filter-key",
    "all",
    payload.events.keyNames.map((key) => [key, key]),
  );
  keys.addEventListener("change", () => set({ ...current(), key: keys.value === "" ? null : keys.value }));
  const groups = [...new Set(payload.events.kinds.map((kind) => kind.split(".")[0] ?? kind))].sort();
  const kinds = [...groups, ...payload.events.kinds.filter((kind) => kind.includes(".")).toSorted()];
  const kind = fill(
    "filter-kind",
    "all",
    kinds.map((name) => [name, name]),
  );
  kind.addEventListener("change", () => set({ ...current(), kind: kind.value === "" ? null : kind.value }));
}

function bindSearch(model: RunModel, mask: () => Uint8Array, select: (event: number) => void): void {
  const input = byId("search", HTMLInputElement);
  const found = byId("found", HTMLElement);
  let matches: number[] = [];
  let place = -1;
  const go = (step: number): void => {
    if (matches.length === 0) return;
    place = (place + step + matches.length) % matches.length;
    const event = matches[place];
    found.textContent = `${place + 1} of ${matches.length} found; Enter goes to the next, Shift + Enter back`;
    if (event !== undefined) select(event);
  };
  input.addEventListener("input", () => {
    matches = input.value === "" ? [] : search(model, mask(), input.value);
    place = -1;
    found.textContent = input.value === "" ? "" : matches.length === 0 ? "nothing found" : "";
    if (matches.length > 0) go(1);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") go(event.shiftKey ? -1 : 1);
  });
}

function bindTheme(redraw: () => void): void {
  const { documentElement } = document;
  const systemDark = matchMedia("(prefers-color-scheme: dark)");
  onClick(byId("theme", HTMLElement), () => {
    const isDark = (documentElement.dataset["theme"] ?? (systemDark.matches ? "dark" : "light")) === "dark";
    documentElement.dataset["theme"] = isDark ? "light" : "dark";
    redraw();
  });
  systemDark.addEventListener("change", redraw);
}

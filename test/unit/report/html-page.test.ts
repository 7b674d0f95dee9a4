import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { createRunModel, type RunModel } from "../../../sim/report/page/run-model.ts";
import type { PagePayload } from "../../../sim/report/page/payload.ts";
import { createStateHistory } from "../../../sim/report/page/states.ts";
import { statePatches } from "../../../sim/report/html/state-patches.ts";
import type { Replay } from "../../../sim/trace/replay.ts";
import { sendOf } from "../../../sim/trace/causality.ts";
import { splitPage } from "../../support/failing-page.ts";

let replayed: Replay;
let html: string;
let payload: PagePayload;
let model: RunModel;

beforeAll(async () => {
  ({ replayed, html } = await splitPage());
  const base64 = /id="payload">([^<]*)</.exec(html)?.[1] ?? "";
  payload = JSON.parse(gunzipSync(Buffer.from(base64, "base64")).toString());
  model = createRunModel(payload);
});

describe("the page of a run", () => {
  test("asks for nothing, and its policy allows its own script and style alone", () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? "";
    const [, style = ""] = /<style>([\s\S]*?)<\/style>/.exec(html) ?? [];
    const [, script = ""] = /<script>([\s\S]*?)<\/script>/.exec(html) ?? [];
    const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
    expect(policy.split("; ")).toEqual([
      "default-src 'none'",
      `script-src ${hash(script)}`,
      `style-src ${hash(style)}`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    const markup = html
      .replace(script, "")
      .replace(style, "")
      .replace(/id="payload">[^<]*/, "");
    expect(markup).not.toMatch(/\son\w+=|style=|\b(?:src|href)="(?!#)/);
    expect(markup).not.toContain("<img");
  });

  test("has every event as it was recorded", () => {
    expect(model.count).toBe(replayed.events.length);
    for (const { index, timeUs, machine, kind, cause, activity, data } of replayed.events) {
      expect(model.timeUs[index]).toBe(timeUs);
      expect(payload.machines[model.machine[index] ?? -1] ?? null).toBe(machine);
      expect(model.kind(index)).toBe(kind);
      expect(model.cause[index]).toBe(cause);
      expect(model.activity(index)).toBe(activity);
      expect(model.data(index)).toEqual(JSON.parse(JSON.stringify(data)));
    }
  });

  test("has every message as an arrow, lost ones too", () => {
    const ends = replayed.events.filter(({ kind }) => kind === "net.deliver" || kind === "net.drop");
    const sent = ends.filter((event) => sendOf(replayed.events, event) !== null);
    const arrived = model.arrows.filter(({ fate }) => fate !== "under way");
    expect(arrived.map(({ end }) => end).sort((a, b) => a - b)).toEqual(sent.map(({ index }) => index));
    expect(arrived.filter(({ fate }) => fate === "lost").length).toBeGreaterThan(0);
    expect(model.outages).toEqual([{ machine: 1, startUs: 3_600_000, endUs: 3_800_000 }]);
  });

  test("has the state of every machine after every event", () => {
    const states = createStateHistory(payload.states);
    expect(payload.states.every).toBe(1);
    for (const [place, machine] of payload.machines.entries()) {
      for (let event = -1; event < model.count; event++) {
        const real = replayed.states.after(machine, event)?.describe() ?? null;
        expect(states.after(place, event)?.state ?? null).toEqual(
          real === null ? null : JSON.parse(JSON.stringify(real)),
        );
      }
    }
  });

  test("has fewer states when there is no room for all, and those are right", () => {
    const { machines } = payload;
    const all = JSON.stringify(statePatches(machines, replayed.states).changes).length;
    const few = statePatches(machines, replayed.states, all / 4);
    expect(few.every).toBeGreaterThan(1);
    const states = createStateHistory(few);
    for (const [place, machine] of machines.entries()) {
      for (let event = 0; event < model.count; event++) {
        const found = states.after(place, event);
        const real = replayed.states.after(machine, found?.event ?? event)?.describe() ?? null;
        expect(found?.state ?? null).toEqual(real === null ? null : JSON.parse(JSON.stringify(real)));
      }
    }
  });

  test("has the violation with its certificate, and why no order of the key's operations is right", () => {
    const broken = payload.violations.find(({ invariant }) => invariant === "linearizable");
    expect(broken).toMatchObject({ key: "k", expected: null });
    expect(broken?.operations.length).toBeGreaterThanOrEqual(2);
    const history = payload.keys.find(({ key }) => key === "k");
    expect(history?.verdict).toBe("stuck");
    expect(history?.blocked.length).toBeGreaterThan(0);
  });
});

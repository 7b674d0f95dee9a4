import { createRequire } from "node:module";
import { createClock as createFakeClock } from "@sinonjs/fake-timers";
import { createAtom } from "@phyxius/atom";
import { createControlledClock, ms } from "@phyxius/clock";
import { createTimerQueue, type QueueEntry } from "@phyxius/clock/timer-queue";
import { type RunContext, runEffect } from "@phyxius/effect";
import { Journal, type JournalEntry } from "@phyxius/journal";
import { cpuMs, type Figures, figures, row, type Work } from "./measure.ts";

/**
 * What the primitives cost, each beside the plainest code that does the bare thing. All times are CPU time, which
 * a neighbour on the same machine disturbs less, and the two sides of a ratio take turns.
 */

const ROUNDS = 25;
const WARM_UP_ROUNDS = 5;
/** One ratio that has cost this much is measured well enough. */
const BUDGET_MS = 20_000;

/** How long `subject` takes, as a multiple of `yardstick`; each is made anew, unmeasured, for each round. */
async function costOf(subject: () => Work, yardstick: () => Work): Promise<Figures> {
  // What the row before left behind is not to be paid for by this one.
  globalThis.gc?.();
  const ratios: number[] = [];
  let spentMs = 0;
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS && spentMs < BUDGET_MS; round++) {
    const [one, other] = [subject(), yardstick()];
    const oneMs = await cpuMs(one);
    const otherMs = await cpuMs(other);
    spentMs += oneMs + otherMs;
    if (round >= 0 || spentMs >= BUDGET_MS) ratios.push(oneMs / otherMs);
  }
  return figures(ratios);
}

/** Calls per second of CPU time. */
async function rateOf(subject: () => Work, calls: number): Promise<Figures> {
  const rates: number[] = [];
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
    const rate = calls / ((await cpuMs(subject())) / 1000);
    if (round >= 0) rates.push(rate);
  }
  return figures(rates);
}

function inverse({ min, median, max }: Figures): Figures {
  return { min: 1 / max, median: 1 / median, max: 1 / min };
}

const TIMERS = 10_000;

function drainClock(): Work {
  const clock = createControlledClock();
  for (let dueMs = 1; dueMs <= TIMERS; dueMs++) void clock.sleep(ms(dueMs));
  return () => clock.advanceBy(TIMERS);
}

function drainFakeClock(): Work {
  const clock = createFakeClock();
  for (let dueMs = 1; dueMs <= TIMERS; dueMs++) clock.setTimeout(() => {}, dueMs);
  return () => void clock.tick(TIMERS);
}

const TICKS = 200_000;

function fireAndReschedule(): Work {
  const clock = createControlledClock();
  clock.interval(ms(1), () => {});
  return () => clock.advanceBy(TICKS);
}

function popAndPush(): Work {
  const queue = createTimerQueue<QueueEntry>();
  queue.push({ due: 1, tie: 0, sequence: 0, place: -1 });
  return () => {
    for (let tick = 0; tick < TICKS; tick++) {
      const entry = queue.pop() as QueueEntry;
      entry.due++;
      queue.push(entry);
    }
  };
}

const CHANGES = 200_000;

function appendToJournal(): Work {
  const journal = new Journal<{ count: number }>({
    clock: createControlledClock(),
    maxEntries: 1_000,
    overflow: "bounded:drop_oldest",
  });
  return () => {
    for (let count = 0; count < CHANGES; count++) journal.append({ count });
  };
}

/** Emptied at a thousand, or it would be measured by its growth. */
function pushToArray(): Work {
  let values: { count: number }[] = [];
  return () => {
    for (let count = 0; count < CHANGES; count++) {
      if (values.length === 1_000) values = [];
      values.push({ count });
    }
  };
}

function pushEntryToArray(): Work {
  const clock = createControlledClock();
  let entries: JournalEntry<{ count: number }>[] = [];
  return () => {
    for (let count = 0; count < CHANGES; count++) {
      if (entries.length === 1_000) entries = [];
      entries.push({ id: `entry-${count}`, sequence: count, timestamp: clock.now(), data: { count } });
    }
  };
}

const increment = ({ count }: { readonly count: number }) => ({ count: count + 1 });

function swapAtom(): Work {
  const atom = createAtom({ count: 0 }, createControlledClock(), { historySize: 100 });
  return () => {
    for (let change = 0; change < CHANGES; change++) atom.swap(increment);
  };
}

function assignToSlots(): Work {
  const clock = createControlledClock();
  let value = { count: 0 };
  const slots: { value: { count: number }; version: number; at: unknown }[] = [];
  return () => {
    for (let version = 1; version <= CHANGES; version++) {
      value = increment(value);
      slots[version % 100] = { value, version, at: clock.now() };
    }
  };
}

const CALLS = 50_000;

async function answer(): Promise<number> {
  return 42;
}

function awaitBare(): Work {
  return async () => {
    for (let call = 0; call < CALLS; call++) await answer();
  };
}

/** What whoever can be ended early, by a deadline for one, cannot do without. */
function awaitSettleable(): Work {
  const call = () =>
    new Promise<number>((resolve, reject) => {
      answer().then(
        (value) => resolve(value),
        (error: unknown) => reject(error),
      );
    });
  return async () => {
    for (let each = 0; each < CALLS; each++) await call();
  };
}

function awaitRun(fn: (context: RunContext) => Promise<number>): () => Work {
  return () => async () => {
    for (let call = 0; call < CALLS; call++) await runEffect(fn);
  };
}

function awaitLimited(): Work {
  const options = { clock: createControlledClock(), timeoutMs: 1_000 };
  return async () => {
    for (let call = 0; call < CALLS; call++) await runEffect(answer, options);
  };
}

function fakeTimersVersion(): string {
  const { version } = createRequire(import.meta.url)("@sinonjs/fake-timers/package.json") as {
    version: string;
  };
  return version;
}

export async function primitives(print: (line?: string) => void): Promise<void> {
  const show = (name: string, measured: Figures, digits: number, bound = "", unit = "") =>
    print(`${row(`    ${name}`, measured, unit, digits)}${bound === "" ? "" : `  ${bound}`}`);

  print();
  print("Primitives, by CPU time; bounds at the end of the line");
  print("  effect: runEffect of an async function, as a multiple of calling and awaiting it");
  show("nothing else", await costOf(awaitRun(answer), awaitBare), 2, "at most 3");
  show("(a promise by hand that could be rejected early)", await costOf(awaitSettleable, awaitBare), 2);
  const withValue = awaitRun((context) => {
    context.set("requestId", 1);
    return answer();
  });
  show("with a value set", await costOf(withValue, awaitBare), 2);
  const withDefer = awaitRun((context) => {
    context.defer(() => {});
    return answer();
  });
  show("with a finalizer", await costOf(withDefer, awaitBare), 2);
  const nested = awaitRun((context) => runEffect(answer, { context }));
  show("around another runEffect", await costOf(nested, awaitBare), 2);
  show("with a deadline", await costOf(awaitLimited, awaitBare), 2);
  print("  clock: 10,000 pending sleeps, passed in one advance");
  const times = inverse(await costOf(drainClock, drainFakeClock));
  show(`times as fast as the timeouts of fake-timers ${fakeTimersVersion()}`, times, 1, "at least 20");
  print("  clock: an interval ticks and is set again, 200,000 times in one advance");
  show("", await rateOf(fireAndReschedule, TICKS), 0, "at least 2,000,000", "ticks/s");
  const ofHeap = inverse(await costOf(fireAndReschedule, popAndPush));
  show("of the rate of a heap that pops and pushes one entry", ofHeap, 2, "or at least 0.50");
  print("  journal: append of a new object, the oldest of 1,000 dropped");
  const append = await costOf(appendToJournal, pushToArray);
  show("times the push of a new object onto an array", append, 2, "at most 3");
  show(
    "times the push of a whole entry, with id and time",
    await costOf(appendToJournal, pushEntryToArray),
    2,
  );
  print("  atom: swap of a new object, a history of 100");
  const swap = await costOf(swapAtom, assignToSlots);
  show("times assigning it, and {value, version, at} to a slot", swap, 2, "at most 3");
}

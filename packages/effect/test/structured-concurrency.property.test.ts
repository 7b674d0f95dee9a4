/**
 * Random trees of effects, interrupted at random times on a controlled clock. Whatever the tree and the moment:
 * every finalizer runs exactly once, with the right cause and in reverse order; nothing runs after the end; and
 * no timer and no listener is left.
 */
import { createControlledClock, type ControlledClock } from "@phyxius/clock";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  acquireUseRelease,
  all,
  type CancelToken,
  type Cause,
  createCancelToken,
  type Effect,
  effect,
  type EffectEnv,
  fail,
  race,
  runEffect,
  sleep,
  succeed,
} from "../src/index.ts";

type Tree =
  | { readonly kind: "succeed" | "fail" | "throw" | "rejectLater" | "forever" }
  | { readonly kind: "sleep"; readonly ms: number }
  | { readonly kind: "sequence" | "recover" | "scoped"; readonly first: Tree; readonly second: Tree }
  | { readonly kind: "all" | "race"; readonly branches: readonly Tree[] }
  | { readonly kind: "timeout"; readonly source: Tree; readonly ms: number }
  | { readonly kind: "retry"; readonly source: Tree; readonly attempts: number; readonly ms: number }
  | { readonly kind: "bracket"; readonly acquireMs: number; readonly use: Tree; readonly releaseMs: number }
  | { readonly kind: "nested" | "fork" | "forkAndJoin" | "cleanup" | "runEffect"; readonly source: Tree };

const { tree: trees } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.record({ kind: fc.constantFrom("succeed", "fail", "throw", "rejectLater", "forever") }),
    fc.record({ kind: fc.constant("sleep"), ms: fc.integer({ min: 0, max: 20 }) }),
    fc.record({
      kind: fc.constantFrom("sequence", "recover", "scoped"),
      first: tie("tree"),
      second: tie("tree"),
    }),
    fc.record({ kind: fc.constantFrom("all", "race"), branches: fc.array(tie("tree"), { maxLength: 3 }) }),
    fc.record({ kind: fc.constant("timeout"), source: tie("tree"), ms: fc.integer({ min: 0, max: 20 }) }),
    fc.record({
      kind: fc.constant("retry"),
      source: tie("tree"),
      attempts: fc.integer({ min: 1, max: 3 }),
      ms: fc.integer({ min: 0, max: 10 }),
    }),
    fc.record({
      kind: fc.constant("bracket"),
      acquireMs: fc.integer({ min: 0, max: 10 }),
      use: tie("tree"),
      releaseMs: fc.integer({ min: 0, max: 10 }),
    }),
    fc.record({
      kind: fc.constantFrom("nested", "fork", "forkAndJoin", "cleanup", "runEffect"),
      source: tie("tree"),
    }),
  ),
}));

/** Keeps the books of one run. */
function createLedger() {
  const problems: string[] = [];
  const open = new Map<number, string>();
  let nextNumber = 0;
  let isOver = false;

  /** Every callback of the tree reports here; none may come after the end. */
  function alive(what: string): void {
    if (isOver) problems.push(`${what} ran after the end`);
  }

  return {
    problems,
    open,
    alive,
    end() {
      isOver = true;
    },
    /** Something that must be cleaned up exactly once. The returned function is the clean-up. */
    acquire(what: string): (cause: Cause, expected: Cause | undefined) => void {
      const number = nextNumber++;
      const name = `${what} ${number}`;
      open.set(number, name);
      alive(name);
      return (cause, expected) => {
        alive(`clean-up of ${name}`);
        if (!open.delete(number)) problems.push(`${name} was cleaned up twice`);
        if (expected !== undefined && cause !== expected)
          problems.push(`${name} was told "${cause}" instead of "${expected}"`);
      };
    },
  };
}

type Ledger = ReturnType<typeof createLedger>;

/** Remembers how an effect came out. Neither value nor error: it was interrupted, or never began. */
function watched(source: Effect<unknown, unknown>) {
  const seen: { outcome: Cause } = { outcome: "interrupted" };
  const effect: Effect<unknown, unknown> = source
    .map((value) => {
      seen.outcome = "ok";
      return value;
    })
    .catch((error) => {
      seen.outcome = "error";
      return fail(error);
    });
  return { seen, effect };
}

function build(tree: Tree, ledger: Ledger): Effect<unknown, unknown> {
  const grow = (branch: Tree) => build(branch, ledger);
  switch (tree.kind) {
    case "succeed":
      return succeed(1).map((value) => (ledger.alive("map"), value));
    case "fail":
      return fail("failure");
    case "throw":
      return effect((): never => {
        ledger.alive("throw");
        throw new Error("defect");
      });
    case "rejectLater":
      return effect(async () => {
        await Promise.resolve();
        throw new Error("late defect");
      });
    case "forever":
      // A promise that nobody will ever settle: only an interrupt ends the wait for it.
      return effect(() => new Promise<never>(() => {})).timeout(30);
    case "sleep":
      return sleep(tree.ms).map(() => ledger.alive("after sleep"));
    case "sequence":
      return grow(tree.first).flatMap(() => (ledger.alive("flatMap"), grow(tree.second)));
    case "recover":
      return grow(tree.first).catch(() => (ledger.alive("catch"), grow(tree.second)));
    case "scoped":
      return effect((env) => pushFinalizers(env, ledger)).flatMap(() =>
        grow(tree.first).flatMap(() => grow(tree.second)),
      );
    case "all":
      return all(tree.branches.map(grow));
    case "race":
      // A race of none never ends, so it is given something to end it.
      return race([...tree.branches.map(grow), sleep(25)]);
    case "timeout":
      return grow(tree.source).timeout(tree.ms);
    case "retry":
      return effect((env) => pushFinalizers(env, ledger))
        .flatMap(() => grow(tree.source))
        .retry({ maxAttempts: tree.attempts, baseDelayMs: tree.ms });
    case "bracket": {
      const use = watched(grow(tree.use));
      return acquireUseRelease(
        sleep(tree.acquireMs).map(() => ledger.acquire("resource")),
        () => use.effect,
        (release, cause) => {
          release(cause, use.seen.outcome);
          return sleep(tree.releaseMs).map(() => ledger.alive("release"));
        },
      );
    }
    case "nested":
      return effect(async (env) => grow(tree.source).run(env.with("depth", 1)));
    case "fork":
      return grow(tree.source)
        .fork()
        .map(() => "left behind");
    case "forkAndJoin":
      return grow(tree.source)
        .fork()
        .flatMap((fiber) => fiber.join());
    case "cleanup":
      return grow(tree.source).onInterrupt(() => sleep(3).map(() => ledger.alive("onInterrupt")));
    case "runEffect":
      return effect(async (env) =>
        runEffect(
          async (context) => {
            const release = ledger.acquire("deferred");
            context.defer((cause) => release(cause, undefined));
            return grow(tree.source).run(context);
          },
          { context: env, timeoutMs: 15 },
        ),
      );
  }
}

/** Two finalizers of one scope, which check their order between them. */
function pushFinalizers(env: EffectEnv, ledger: Ledger): void {
  const first = ledger.acquire("finalizer");
  const second = ledger.acquire("finalizer");
  let secondCause: Cause | undefined;
  env.scope.push((cause) => {
    if (secondCause === undefined) ledger.problems.push("finalizers ran out of order");
    first(cause, secondCause);
  });
  env.scope.push(async (cause) => {
    await Promise.resolve();
    secondCause = cause;
    second(cause, undefined);
  });
}

/** A token that counts who listens. */
function countListeners(token: CancelToken) {
  let listening = 0;
  const counting: CancelToken = {
    get id() {
      return token.id;
    },
    isCanceled: () => token.isCanceled(),
    cancel: () => token.cancel(),
    onCancel(callback) {
      listening++;
      let isCounted = true;
      const forget = () => {
        if (isCounted) listening--;
        isCounted = false;
      };
      const unsubscribe = token.onCancel(() => {
        forget();
        callback();
      });
      return () => {
        forget();
        unsubscribe();
      };
    },
  };
  return { counting, listening: () => listening };
}

async function settle(clock: ControlledClock, steps: number): Promise<void> {
  for (let step = 0; step < steps; step++) {
    clock.advanceBy(1);
    await clock.flush();
  }
}

describe("structured concurrency", () => {
  it("holds for random trees interrupted at random times", async () => {
    let interruptions = 0;
    let completions = 0;
    await fc.assert(
      fc.asyncProperty(trees, fc.integer({ min: 0, max: 40 }), async (tree, interruptAtMs) => {
        const clock = createControlledClock(0);
        const ledger = createLedger();
        const { counting, listening } = countListeners(createCancelToken());
        let result: unknown;
        const run = build(tree, ledger).unsafeRunPromise({ clock, cancel: counting });
        void run.then((value) => {
          result = value;
          ledger.end();
          const timers = clock.getPendingTimerCount();
          if (timers > 0) ledger.problems.push(`${timers} timers were left at the end`);
          if (listening() > 0) ledger.problems.push(`${listening()} listeners were left at the end`);
        });
        await clock.flush();
        await settle(clock, interruptAtMs);
        if (result === undefined) interruptions++;
        else completions++;
        counting.cancel();
        // Only what cannot be interrupted may still take its time, and that is bounded.
        await settle(clock, 400);
        await run;
        await settle(clock, 50);
        expect(ledger.problems).toEqual([]);
        expect([...ledger.open.values()]).toEqual([]);
        expect(clock.getPendingTimerCount()).toBe(0);
      }),
      { seed: 20_240_601, numRuns: 600 },
    );
    // The property is only worth something if both kinds of end really happened.
    expect(interruptions).toBeGreaterThan(50);
    expect(completions).toBeGreaterThan(50);
  });
});

/**
 * Random traffic against random processes: messages, crashes, questions, restarts, stops, at random times. Whatever
 * happens: messages are handled one at a time and in order, each life that began ends once, every question is
 * settled once, and in the end no timer is left.
 */
import { ms } from "@phyxius/clock";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { SupervisionStrategy } from "../src/index.ts";
import { createHarness } from "./harness.ts";

interface Message {
  readonly kind: "send" | "ask" | "crash" | "slow" | "schedule" | "spawn" | "tick";
  readonly number: number;
  readonly reply?: (number: number) => void;
}

const actions = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constantFrom("send", "ask", "crash", "crash", "slow", "schedule", "spawn") }),
    fc.record({ kind: fc.constant("advance"), ms: fc.integer({ min: 0, max: 30 }) }),
  ),
  { maxLength: 40, size: "max" },
);

const strategies: fc.Arbitrary<SupervisionStrategy> = fc.oneof(
  fc.constant<SupervisionStrategy>({ type: "none" }),
  fc.record({
    type: fc.constant("one-for-one" as const),
    backoff: fc.constantFrom(undefined, { initial: 5, max: 20, factor: 2, jitter: 10 }),
    maxRestarts: fc.constantFrom(undefined, { count: 1, within: 60 }),
  }),
);

it("holds for random traffic", async () => {
  const seen = { restarts: 0, giveups: 0, answers: 0, refusals: 0 };
  await fc.assert(
    fc.asyncProperty(
      strategies,
      fc.integer({ min: 1, max: 6 }),
      actions,
      async (supervision, maxInbox, script) => {
        const harness = createHarness({ random: () => 0.25 });
        const { supervisor, clock } = harness;
        const problems: string[] = [];
        let inHand = 0;
        let lastNumber = 0;
        let living = 0;
        let settledQuestions = 0;
        let questions = 0;
        const children: (() => string)[] = [];

        const ref = supervisor.spawn(
          {
            name: "p",
            maxInbox,
            supervision,
            init() {
              if (++living !== 1) problems.push("two lives at once");
              return 0;
            },
            async handle(count: number, msg: Message, tools) {
              if (++inHand !== 1) problems.push("two messages at once");
              if (msg.number < lastNumber) problems.push("out of order");
              lastNumber = msg.number;
              try {
                if (msg.kind === "crash") throw new Error("crash");
                if (msg.kind === "slow") await clock.sleep(ms(7));
                if (msg.kind === "schedule")
                  tools.schedule(9, { kind: "tick", number: Number.MAX_SAFE_INTEGER });
                if (msg.kind === "tick") lastNumber = 0;
                if (msg.kind === "spawn") {
                  const child = tools.spawn({ name: "c", init: () => 0, handle: () => {} }, {});
                  children.push(() => child.status());
                }
                msg.reply?.(msg.number);
                return count + 1;
              } finally {
                inHand--;
              }
            },
            onStop() {
              if (--living !== 0) problems.push("a life ended twice");
            },
          },
          {},
        );

        let number = 0;
        for (const action of script) {
          if (action.kind === "advance") {
            await harness.advance(action.ms);
          } else if (action.kind === "ask") {
            questions++;
            const asked = ++number;
            void ref
              .ask<number>((reply) => ({ kind: "ask", number: asked, reply }), 25)
              .then(
                (answer) => {
                  seen.answers++;
                  if (answer !== asked) problems.push("the wrong answer");
                },
                () => seen.refusals++,
              )
              .then(() => settledQuestions++);
          } else {
            ref.send({ kind: action.kind, number: ++number });
          }
        }
        const stopped = supervisor.stop();
        await harness.advance(30);
        await stopped;
        await harness.advance(60);

        seen.restarts += harness.ofType("supervisor:restart").length;
        seen.giveups += harness.ofType("supervisor:giveup").length;
        expect(problems).toEqual([]);
        expect(ref.status()).toMatch(/^(stopped|failed)$/);
        expect(children.map((status) => status())).toEqual(children.map(() => "stopped"));
        expect([living, inHand, settledQuestions]).toEqual([0, 0, questions]);
        expect(clock.getPendingTimerCount()).toBe(0);
      },
    ),
    { seed: 20_240_602, numRuns: 300 },
  );
  // The property is only worth something if all of this really happened.
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(20);
});

import { describe, expect, test } from "vitest";
import { type Behaviour, createBehaviour } from "../../../../sim/run/behaviour/behaviour.ts";

const note = (type: string) => ({ type, operation: null, edge: null, data: null });
const checked = (peer: string, status: string) => ({
  ...note("health"),
  checked: [{ peer, status, latencyMs: 1, meanMs: 1 }],
});

/** Two machines start, one suspects the other, which then crashes. */
function story(one: string, other: string): Behaviour {
  const behaviour = createBehaviour();
  behaviour.booted(one, 1);
  behaviour.booted(other, 1);
  behaviour.noted(one, checked(other, "healthy"));
  behaviour.faultStarted("crash");
  behaviour.crashed(other);
  behaviour.noted(one, checked(other, "degraded"));
  behaviour.faultStopped("crash");
  behaviour.booted(other, 2);
  return behaviour.result();
}

describe("the behaviour of a run", () => {
  test("is the same whoever plays which part", () => {
    expect(story("n1", "n2")).toEqual(story("n7", "n3"));
  });

  test("names what happened, and the changes of what was known before", () => {
    expect(story("n1", "n2").features).toEqual(["fault/crash", "state/health healthy>degraded"]);
  });

  test("tells apart what happened in which state, and what only happened again", () => {
    const calm = createBehaviour();
    calm.booted("n1", 1);
    calm.noted("n1", note("write"));
    const once = calm.result().transitions.length;
    calm.noted("n1", note("write"));
    expect(calm.result().transitions).toHaveLength(once);
    calm.faultStarted("partition");
    const before = calm.result().transitions.length;
    calm.noted("n1", note("write"));
    expect(calm.result().transitions).toHaveLength(before + 1);
  });

  test("comes back to the state before when a fault has ended", () => {
    const behaviour = createBehaviour();
    behaviour.booted("n1", 1);
    behaviour.noted("n1", note("write"));
    const before = behaviour.result().transitions;
    behaviour.faultStarted("loss");
    behaviour.faultStopped("loss");
    behaviour.noted("n1", note("write"));
    expect(behaviour.result().transitions).toHaveLength(before.length + 2);
  });
});

import { describe, expect, it, vi } from "vitest";
import { createListenerList } from "@phyxius/clock/listener-list";

function withLog() {
  const log: string[] = [];
  const list = createListenerList<string>((error, event) => log.push(`${String(error)} at ${event}`));
  const hear = (name: string) => (event: string) => void log.push(`${name} ${event}`);
  return { list, log, hear };
}

describe("a listener list", () => {
  it("tells listeners in the order in which they came", () => {
    const { list, log, hear } = withLog();
    for (const name of ["a", "b", "c"]) list.add(hear(name));
    list.notify("x");
    expect(log).toEqual(["a x", "b x", "c x"]);
    expect(list.size).toBe(3);
  });

  it("takes the same function once", () => {
    const { list, log, hear } = withLog();
    const a = hear("a");
    list.add(a);
    list.add(hear("b"));
    list.add(a);
    list.notify("x");
    expect(log).toEqual(["a x", "b x"]);
  });

  it("removes a listener once, also when it came back meanwhile", () => {
    const { list, log, hear } = withLog();
    const a = hear("a");
    const removeFirst = list.add(a);
    removeFirst();
    list.add(a);
    removeFirst();
    list.notify("x");
    expect(log).toEqual(["a x"]);
  });

  it("does not tell one that comes during an event, nor one that goes before its turn", () => {
    const { list, log, hear } = withLog();
    list.add((event) => {
      log.push(`a ${event}`);
      list.add(hear("newcomer"));
      removeB();
      removeA();
    });
    const removeA = list.add(hear("unused"));
    const removeB = list.add(hear("b"));
    list.add(hear("c"));
    list.notify("x");
    expect(log).toEqual(["a x", "c x"]);
    log.length = 0;
    list.notify("y");
    expect(log).toEqual(["a y", "c y", "newcomer y"]);
  });

  it("goes on after a listener throws or rejects, and reports both with the event", async () => {
    const { list, log, hear } = withLog();
    list.add(() => {
      throw new Error("thrown");
    });
    list.add(() => Promise.reject(new Error("rejected")));
    list.add(hear("c"));
    list.notify("x");
    expect(log).toEqual(["Error: thrown at x", "c x"]);
    await vi.waitFor(() => expect(log).toHaveLength(3));
    expect(log[2]).toBe("Error: rejected at x");
  });
});

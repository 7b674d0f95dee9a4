import { describe, expect, it } from "vitest";
import {
  ContextImpl,
  createCancelToken,
  createContext,
  createScope,
  effect,
  FinalizerScope,
  ScopeImpl,
} from "../src/index.ts";

describe("createCancelToken", () => {
  it("calls back exactly once, in order, or at once if it is too late", () => {
    const token = createCancelToken();
    const calls: string[] = [];
    token.onCancel(() => calls.push("a"));
    const unsubscribe = token.onCancel(() => calls.push("never"));
    token.onCancel(() => calls.push("b"));
    unsubscribe();
    expect(token.isCanceled()).toBe(false);
    token.cancel("reason");
    token.cancel();
    expect(token.isCanceled()).toBe(true);
    token.onCancel(() => calls.push("late"));
    expect(calls).toEqual(["a", "b", "late"]);
  });

  it("tells one function as often as it was registered", () => {
    const token = createCancelToken();
    let calls = 0;
    const callback = () => calls++;
    token.onCancel(callback);
    token.onCancel(callback)();
    token.onCancel(callback);
    token.cancel();
    expect(calls).toBe(2);
  });

  it("lets no callback keep the others from hearing", () => {
    const token = createCancelToken();
    let heard = false;
    token.onCancel(() => {
      throw new Error("broken");
    });
    token.onCancel(() => {
      heard = true;
    });
    token.cancel();
    expect(heard).toBe(true);
    expect(() =>
      token.onCancel(() => {
        throw new Error("broken");
      }),
    ).not.toThrow();
  });

  it("is cancelled with its parent, not the other way round", () => {
    const parent = createCancelToken();
    const child = createCancelToken(parent);
    const sibling = createCancelToken(parent);
    child.cancel();
    expect([parent.isCanceled(), sibling.isCanceled()]).toEqual([false, false]);
    parent.cancel();
    expect(sibling.isCanceled()).toBe(true);
    expect(createCancelToken(parent).isCanceled()).toBe(true);
  });

  it("stops listening to its parent when it is cancelled", () => {
    let listening = 0;
    const parent = createCancelToken();
    const counted = {
      ...parent,
      id: "counted",
      isCanceled: () => parent.isCanceled(),
      onCancel(callback: () => void) {
        listening++;
        const unsubscribe = parent.onCancel(callback);
        return () => {
          listening--;
          unsubscribe();
        };
      },
    };
    const child = createCancelToken(counted);
    expect(listening).toBe(1);
    child.cancel();
    expect(listening).toBe(0);
  });

  it("has an identifier of its own", () => {
    const [one, two] = [createCancelToken(), createCancelToken()];
    expect(one.id).not.toBe(two.id);
    expect(one.id).toBe(one.id);
  });
});

describe("createContext", () => {
  it("is immutable", () => {
    const values = new Map([["a", 1]]);
    const context = createContext(values);
    values.set("a", 2);
    const wider = context.with("b", 3).with("a", 4);
    expect([context.get("a"), context.get("b"), context.values.size]).toEqual([1, undefined, 1]);
    expect([wider.get("a"), wider.get("b"), wider.values.size]).toEqual([4, 3, 2]);
    expect(createContext().values.size).toBe(0);
    expect(new ContextImpl(new Map([["key", "value"]])).get<string>("key")).toBe("value");
  });
});

describe("createScope", () => {
  it("has an identifier, perhaps a parent's, and can be cancelled once", () => {
    const parent = createScope();
    const scope = createScope(parent.id);
    expect(scope.id).not.toBe(parent.id);
    expect([parent.parentId, scope.parentId]).toEqual([undefined, parent.id]);
    let calls = 0;
    scope.onCancel(() => calls++);
    scope.onCancel(() => {
      throw new Error("broken");
    });
    scope.cancel();
    scope.cancel();
    scope.onCancel(() => calls++);
    expect([scope.isCancelled(), parent.isCancelled(), calls]).toEqual([true, false, 2]);
    expect(new ScopeImpl("p").parentId).toBe("p");
  });
});

describe("FinalizerScope", () => {
  it("closes once, in reverse, one after the other, whatever they throw", async () => {
    const steps: string[] = [];
    const scope = new FinalizerScope();
    scope.push((cause) => void steps.push(`first ${cause}`));
    scope.push(async () => {
      steps.push("second starts");
      await Promise.resolve();
      steps.push("second ends");
      throw new Error("swallowed");
    });
    scope.push(() => {
      throw new Error("swallowed");
    });
    expect(scope.size).toBe(3);
    await Promise.all([scope.close("error"), scope.close("ok")]);
    expect(steps).toEqual(["second starts", "second ends", "first error"]);
    expect(scope.size).toBe(0);
  });

  it("may be closed by hand, and the operation waits for it", async () => {
    const steps: string[] = [];
    await effect((env) => {
      env.scope.push(async () => {
        for (let job = 0; job < 20; job++) await Promise.resolve();
        steps.push("closed");
      });
      void env.scope.close("ok");
    }).run();
    expect(steps).toEqual(["closed"]);
  });

  it("is waited for to its end, also when a finalizer closes it again", async () => {
    const steps: string[] = [];
    await effect((env) => {
      env.scope.push(async () => {
        for (let job = 0; job < 20; job++) await Promise.resolve();
        steps.push("first");
      });
      env.scope.push(() => env.scope.close("ok"));
    }).run();
    expect(steps).toEqual(["first"]);
  });

  it("hands its finalizers on in their order", async () => {
    const steps: string[] = [];
    const [inner, outer] = [new FinalizerScope(), new FinalizerScope()];
    outer.push(() => void steps.push("outer"));
    inner.push(() => void steps.push("first"));
    inner.push(() => void steps.push("second"));
    inner.moveTo(outer);
    expect([inner.size, outer.size]).toEqual([0, 3]);
    await outer.close("ok");
    expect(steps).toEqual(["second", "first", "outer"]);
  });

  it("runs at once what comes too late, with the cause of the end", async () => {
    const scope = new FinalizerScope();
    await scope.close("interrupted");
    let late: string | undefined;
    scope.push((cause) => {
      late = cause;
    });
    expect(late).toBe("interrupted");
  });
});

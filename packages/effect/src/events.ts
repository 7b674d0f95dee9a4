/** What effects report of themselves, to whoever asked with `emit`. */
export type EffectEvent = { readonly effectId: string; readonly timestamp: number } & (
  | { readonly type: "effect:start" }
  | { readonly type: "effect:success" }
  | { readonly type: "effect:error"; readonly error: unknown; readonly defect: boolean }
  | { readonly type: "effect:timeout:start"; readonly timeoutMs: number }
  | { readonly type: "effect:timeout:triggered"; readonly timeoutMs: number }
  | { readonly type: "effect:retry:attempt"; readonly attempt: number; readonly maxAttempts: number }
  | { readonly type: "effect:retry:success"; readonly attempt: number }
  | { readonly type: "effect:retry:delay"; readonly attempt: number; readonly delayMs: number }
  | { readonly type: "effect:retry:exhausted"; readonly attempts: number }
);

/** Errors that an `emit` throws are swallowed: watching must not change what is watched. */
export type EmitFn = (event: EffectEvent) => void;

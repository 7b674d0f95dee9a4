/** A cancellable scope with a name, kept for programs that use it; effects themselves use `FinalizerScope`. */
import { type CancelToken, createCancelToken } from "./cancel-token.ts";
import { standaloneId } from "./ids.ts";

export interface Scope {
  readonly id: string;
  readonly parentId: string | undefined;
  isCancelled(): boolean;
  cancel(): void;
  onCancel(callback: () => void): void;
}

export class ScopeImpl implements Scope {
  readonly parentId: string | undefined;
  private readonly token: CancelToken = createCancelToken();
  private assignedId: string | undefined;

  constructor(parentId?: string) {
    this.parentId = parentId;
  }

  get id(): string {
    return (this.assignedId ??= standaloneId("scope"));
  }

  isCancelled(): boolean {
    return this.token.isCanceled();
  }

  cancel(): void {
    this.token.cancel();
  }

  onCancel(callback: () => void): void {
    this.token.onCancel(callback);
  }
}

export function createScope(parentId?: string): Scope {
  return new ScopeImpl(parentId);
}

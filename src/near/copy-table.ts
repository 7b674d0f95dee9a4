import { RecencyList } from "../recency-list.ts";
import type { NearCopy } from "./watch.ts";

/** Near copies by key: as many as may be, those used last. Each step O(1). */
export class CopyTable {
  private readonly copies = new Map<string, NearCopy>();
  private readonly recency = new RecencyList();
  private readonly recordsMax: number;

  constructor(recordsMax: number) {
    this.recordsMax = recordsMax;
  }

  get size(): number {
    return this.copies.size;
  }

  peek(key: string): NearCopy | undefined {
    return this.copies.get(key);
  }

  use(key: string): NearCopy | undefined {
    const copy = this.copies.get(key);
    if (copy !== undefined) this.recency.use(key);
    return copy;
  }

  set(key: string, copy: NearCopy): void {
    this.copies.set(key, copy);
    this.recency.use(key);
    if (this.copies.size > this.recordsMax) this.delete(this.recency.oldest() as string);
  }

  delete(key: string): void {
    this.copies.delete(key);
    this.recency.delete(key);
  }

  clear(): void {
    for (const key of this.copies.keys()) this.delete(key);
  }
}

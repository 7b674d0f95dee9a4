/**
 * What a node that has near copies knows of one owner: whether it has heard of all that changed there, and until
 * when it may rely on that.
 */
export interface ChannelState {
  /** The life of the owner, and the number that it has given the channel. */
  readonly owner: number;
  readonly channel: number;
  /** How many invalidations the owner has sent. */
  readonly sequence: number;
}

export class OwnerChannel {
  /** Whatever was backed in an earlier epoch is not backed any more. */
  epoch = 0;
  /** Its word may be relied on before then, by the monotonic clock, in milliseconds. */
  validUntilMs = Number.NEGATIVE_INFINITY;
  private heard: ChannelState | null = null;
  private readonly onLost: () => void;

  /** @param onLost told whenever what was backed until now is not backed any more */
  constructor(onLost: () => void = () => {}) {
    this.onLost = onLost;
  }

  /**
   * The owner answered a request that may be relied on until `validUntilMs`: a time after its *sending*, since the
   * answer may be as old as that. False when the answer is older than what was heard since.
   */
  answered(now: ChannelState, validUntilMs: number): boolean {
    const { heard } = this;
    const isSame = heard !== null && heard.owner === now.owner && heard.channel === now.channel;
    if (isSame && now.sequence < heard.sequence) return false;
    if (heard !== null && !isSame && isOlder(now, heard)) return false;
    if (!isSame || now.sequence > heard.sequence) this.lose();
    this.heard = now;
    this.validUntilMs = Math.max(this.validUntilMs, validUntilMs);
    return true;
  }

  /** An invalidation came: true when none before it is missing. */
  told(now: ChannelState): boolean {
    const { heard } = this;
    if (heard === null || heard.owner !== now.owner || heard.channel !== now.channel) return false;
    if (now.sequence <= heard.sequence) return true;
    const isNext = now.sequence === heard.sequence + 1;
    if (!isNext) this.lose();
    this.heard = now;
    return isNext;
  }

  /** Something was missed, so everything may have changed. */
  lose(): void {
    this.epoch++;
    this.validUntilMs = Number.NEGATIVE_INFINITY;
    this.onLost();
  }
}

function isOlder(a: ChannelState, b: ChannelState): boolean {
  return a.owner < b.owner || (a.owner === b.owner && a.channel < b.channel);
}

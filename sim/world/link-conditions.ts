import type { Link } from "./link.ts";

/**
 * What a fault does to the links that it matches, from when it is imposed until it is lifted.
 *
 * **Several on one link.** A link is blocked while any condition blocks it, and clogged while any clogs it.
 * Probabilities add up as independent causes do, with each other and with the link's own. The largest delay factor
 * counts, the smallest bandwidth, and the smallest queue.
 *
 * **The way of a message.** When it is sent, in this order: a blocked link drops it (`blocked`); if the link can
 * send only so many bytes per second, the message waits behind those before it, or is dropped when there is no room
 * (`overflowed`); it may be lost, which takes its time on the line all the same; its delay, times the factor,
 * begins when its last byte has left; its bits may be flipped; it may be repeated. When it arrives: a blocked link
 * drops it; a clogged one holds it; a machine that is down refuses it, and a reset goes back.
 *
 * **What is under way.** Blocking and clogging act on what arrives meanwhile, whenever it was sent: a message
 * whose arrival lies before or after is not touched. Probabilities and delay factors act on what is sent meanwhile.
 * When a factor is lifted, whatever is left of the way goes at the speed that is left. When the bandwidth changes,
 * what is still waiting is sent at the new one; a smaller queue drops nothing that is in it.
 *
 * **A clog's end.** What was held arrives at that instant, in the order in which it would have arrived, and ahead
 * of everything else of that instant. It arrives as if for the first time: a link that is blocked by then drops it, a
 * machine that is down refuses it, another clog holds it again.
 *
 * **Order.** A message that keeps the order never arrives before one sent earlier on its link, whatever conditions
 * come and go. One that may overtake is bound by nothing but the bandwidth. A second copy comes after the first, at
 * any time, unharmed, and takes no bandwidth.
 *
 * **Resets** keep the order too, are blocked, held and slowed like messages, and wait behind waiting bytes; they
 * are not lost, repeated, damaged or dropped for want of room, and take no bandwidth.
 */
export interface LinkCondition {
  matches(from: string, to: string): boolean;
  readonly isBlocked?: boolean;
  readonly isClogged?: boolean;
  /** Probabilities, in addition to the link's own. */
  readonly loss?: number;
  readonly duplicate?: number;
  readonly reorder?: number;
  readonly corrupt?: number;
  /** Multiplies the delay, 1 or more. */
  readonly delayFactor?: number;
  readonly bytesPerSecond?: number;
  readonly queueBytes?: number | undefined;
}

/** Room for waiting bytes where nobody says how much there is. */
export const QUEUE_BYTES_DEFAULT = 64_000;

/** The conditions in force. A link looks them up when it is used next, not when one comes or goes. */
export class LinkConditions {
  /** Changes whenever a condition comes or goes. */
  version = 0;
  private readonly inForce = new Map<object, LinkCondition>();

  impose(owner: object, condition: LinkCondition): void {
    this.inForce.set(owner, condition);
    this.version++;
  }

  /** @returns what was lifted, or undefined when the owner had imposed nothing */
  lift(owner: object): LinkCondition | undefined {
    const condition = this.inForce.get(owner);
    if (this.inForce.delete(owner)) this.version++;
    return condition;
  }

  apply(link: Link): void {
    const { settings } = link;
    link.conditionsVersion = this.version;
    link.isBlocked = false;
    link.isClogged = false;
    link.loss = settings.loss;
    link.duplicate = settings.duplicate;
    link.reorder = settings.reorder;
    link.corrupt = settings.corrupt;
    link.delayFactor = 1;
    link.bytesPerSecond = settings.bytesPerSecond;
    link.queueBytes = settings.queueBytes;
    for (const condition of this.inForce.values()) {
      if (!condition.matches(link.from.id, link.to.id)) continue;
      if (condition.isBlocked === true) link.isBlocked = true;
      if (condition.isClogged === true) link.isClogged = true;
      link.loss = orIndependent(link.loss, condition.loss ?? 0);
      link.duplicate = orIndependent(link.duplicate, condition.duplicate ?? 0);
      link.reorder = orIndependent(link.reorder, condition.reorder ?? 0);
      link.corrupt = orIndependent(link.corrupt, condition.corrupt ?? 0);
      link.delayFactor = Math.max(link.delayFactor, condition.delayFactor ?? 1);
      link.bytesPerSecond = Math.min(link.bytesPerSecond, condition.bytesPerSecond ?? Infinity);
      link.queueBytes = Math.min(link.queueBytes, condition.queueBytes ?? Infinity);
    }
    if (link.queueBytes === Infinity) link.queueBytes = QUEUE_BYTES_DEFAULT;
  }
}

function orIndependent(a: number, b: number): number {
  return 1 - (1 - a) * (1 - b);
}

/**
 * The order that a primary gives to the writes of one key: by epoch, then by sequence. Both stand in the counter of a
 * version, epoch first, so that comparing versions compares them.
 *
 * An epoch belongs to one owner of the key: that with rank r among N takes only epochs that leave r when divided by N.
 * So two owners that take over at once never lead in the same epoch. Two lives of one owner may, but their versions
 * differ in the life.
 */

/** A key is written less often than that in one epoch; if it is not, the next epoch begins by itself. */
const SEQUENCES = 4_294_967_296;

export function epochOf(counter: number): number {
  return Math.floor(counter / SEQUENCES);
}

/** Before the first write of an epoch. */
export function counterAt(epoch: number): number {
  return epoch * SEQUENCES;
}

/** The first epoch above `above` that belongs to the owner with this rank. */
export function nextEpoch(above: number, rank: number, owners: number): number {
  const epoch = above - (above % owners) + rank;
  return epoch > above ? epoch : epoch + owners;
}

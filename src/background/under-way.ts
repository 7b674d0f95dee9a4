/**
 * For how long what is older may still be under way, as a share of the grace, so that nothing comes after what had
 * replaced it was forgotten: between the two lies half the grace, see `settling.ts`. What is left, an eighth, a message
 * may take on its way.
 */
export const UNDER_WAY = {
  /** From the beginning of an operation to the last that it asks replicas for. */
  operation: 1 / 4,
  /** From the end of a read to the last owner that is brought up to what was read. */
  lateAnswers: 1 / 8,
  /** From the beginning of a write to the last time that it is handed to an owner that had missed it. */
  hint: 3 / 8,
} as const;

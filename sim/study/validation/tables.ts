/** What can be validated, by name. Apart from what does it, so that help is quick. */
export const validationTables = [
  "pbs",
  "k-staleness",
  "quorums",
  "fan-out",
  "placement",
  "lost-writes",
  "queues",
  "detector",
] as const;
export type ValidationTable = (typeof validationTables)[number];

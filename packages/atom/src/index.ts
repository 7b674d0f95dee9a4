export type { Atom, AtomOptions, AtomSnapshot, Change, UpdateOptions, Watcher } from "./atom.ts";
export { AtomReentrancyError, type AtomBusyWith } from "./atom-reentrancy-error.ts";
export { createAtom } from "./create-atom.ts";

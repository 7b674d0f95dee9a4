/** The bug bank as worker threads load it; apart from what imports it, as in `systems-module.ts`. */
export const bankModule = new URL("../../scenarios/bugs/index.js", import.meta.url);

/** The folder in which a bug bank's scenarios are looked up. */
export const bankScenarios = new URL("../../../scenarios/", import.meta.url);

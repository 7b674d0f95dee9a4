/** The systems under test as worker threads load them. Apart from what imports them, which takes its time. */
export const systemsModule = new URL("../systems/index.js", import.meta.url);

/** What does the tasks of studies in worker threads, which run built JavaScript. */
export const studyWorker = new URL("./workers/study-worker.js", import.meta.url);

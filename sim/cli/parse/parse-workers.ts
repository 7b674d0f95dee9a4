/** Far beyond any machine; a thread each, with its own memory. */
const WORKERS_MAX = 256;

export function parseWorkers(input: string): number {
  const workers = /^\d{1,6}$/.test(input.trim()) ? Number(input) : 0;
  if (workers < 1 || workers > WORKERS_MAX)
    throw new Error(`expected a whole number from 1 to ${WORKERS_MAX}`);
  return workers;
}

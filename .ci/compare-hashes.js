/**
 * What is wrong with the trace hashes of some plans, one line each; nothing when all are as they should be.
 *
 * @param {string} where what printed the hashes
 * @param {Record<string, string>} golden by plan, those that are committed
 * @param {Record<string, string>} printed by plan
 * @returns {string[]}
 */
export function compareHashes(where, golden, printed) {
  const plans = [...new Set([...Object.keys(golden), ...Object.keys(printed)])];
  return plans
    .filter((plan) => golden[plan] !== printed[plan])
    .map((plan) => `${where}: ${plan}: ${printed[plan] ?? "no hash"}, expected ${golden[plan] ?? "none"}`);
}

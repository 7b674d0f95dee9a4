import type { Plan, PlanOperation } from "../../run/plan.ts";
import type { Attempts } from "./attempts.ts";
import { minimize } from "./minimize.ts";

/** Leaves out operations: first all those that the certificate can hardly need, then as many as possible. */
export async function removeOperations(attempts: Attempts): Promise<void> {
  const { violation } = attempts;
  const certificate = new Set(violation.operations.map(({ id }) => id));
  const keep = (isKept: (operation: PlanOperation) => boolean): Promise<boolean> =>
    attempts.attempt(withOperations(attempts.plan, attempts.plan.operations.filter(isKept)));

  if (certificate.size > 0) await keep(({ id }) => certificate.has(id));
  if (violation.key !== null) await keep(({ key }) => key === violation.key);
  const lastReturnUs = Math.max(...violation.operations.map(({ returnUs }) => returnUs));
  if (certificate.size > 0) await keep(({ atMs }) => atMs * 1000 <= lastReturnUs);

  const clients = new Set(attempts.plan.operations.map(({ client }) => client));
  for (const client of clients) await keep((operation) => operation.client !== client);
  await minimize(attempts.plan.operations, (kept) => attempts.attempt(withOperations(attempts.plan, kept)));
}

export function withOperations(plan: Plan, operations: readonly PlanOperation[]): Plan {
  return { ...plan, operations: [...operations] };
}

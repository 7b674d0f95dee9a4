import { z } from "zod";
import type { LinkCondition } from "../link-conditions.ts";
import { ANYWHERE, machinesAt, type Places } from "../places.ts";
import type { FieldProblem } from "./fault-kind.ts";

/**
 * How a fault says where it happens. In every kind of fault the fields `among`, `from` and `to` hold names of
 * machines and zones, so that an unknown one is refused wherever it is.
 */
export const PLACE_FIELDS = ["among", "from", "to"] as const;

const placeName = z.string().min(1).max(64);

/** Of a kind that happens to one machine. */
export const amongShape = {
  among: z
    .union([placeName, z.array(placeName).min(1).max(1000)])
    .transform((names) => (Array.isArray(names) ? names : [names]))
    .optional()
    .describe("Machines that it may happen to, and zones whose machines it may. Default: every machine."),
};

export interface AmongSpec {
  readonly among?: readonly string[] | undefined;
}

/** Of a kind that happens to links. */
export const linksShape = {
  from: placeName
    .optional()
    .describe('Only on links from this machine, or from the machines of this zone. Default: "*", from all.'),
  to: placeName
    .optional()
    .describe('Only on links to this machine, or to the machines of this zone. Default: "*", to all.'),
};

/** The same in a plan. */
export const linksFields = { from: placeName.optional(), to: placeName.optional() };

export interface LinksSpec {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** As a plan says it: only what is said at all. */
export function linksOf({ from, to }: LinksSpec): { from?: string; to?: string } {
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

export function matchesLinks(
  places: Places,
  { from = ANYWHERE, to = ANYWHERE }: LinksSpec,
): LinkCondition["matches"] {
  if (from === ANYWHERE && to === ANYWHERE) return () => true;
  return (sender, receiver) => places.covers(from, sender) && places.covers(to, receiver);
}

/** Names that leave no link between two machines. */
export function checkLinks({ from = ANYWHERE, to = ANYWHERE }: LinksSpec, places: Places): FieldProblem[] {
  const senders = machinesAt(places, [from]);
  const [only, ...others] = machinesAt(places, [to]);
  if (senders.length !== 1 || others.length > 0 || senders[0] !== only) return [];
  return [{ field: "to", message: `there is no link from ${from} to ${to}: name two machines` }];
}

import { z } from "zod";
import { BYTES_MAX } from "./byte-quantity.ts";
import { delayMs } from "./latency-distribution.ts";
import { latencySampler, type LatencySampler, latencySchema } from "./latency.ts";
import { createPlaces, type Places, type Zones } from "./places.ts";

/**
 * What every link is like while no fault touches it: as the network says, unless the two machines are in different
 * zones and `crossZone` says otherwise, unless an entry of `links` that matches the link says otherwise; of several
 * that do, the last one wins. Each field for itself.
 */

const probability = z.number().min(0).max(1);
const bytesPerSecond = z.number().min(1).max(BYTES_MAX);
const queueBytes = z.number().min(0).max(BYTES_MAX);
/** A machine, a zone, or "*". */
const place = z.string().min(1).max(64);

export const LINK_RULES_MAX = 1000;

const overrides = {
  latency: latencySchema.optional(),
  loss: probability.optional(),
  duplicate: probability.optional(),
  reorder: probability.optional(),
  corrupt: probability.optional(),
  bytesPerSecond: bytesPerSecond.optional(),
  queueBytes: queueBytes.optional(),
};

/** As a plan says it. */
export const networkSchema = z.strictObject({
  latency: latencySchema,
  /** Probability that a message is lost. */
  loss: probability,
  /** Probability that a message arrives twice. */
  duplicate: probability,
  /** Probability that a message may overtake earlier ones on its link; otherwise a link keeps its order. */
  reorder: probability,
  /** Probability that a message arrives with one to three of its bits flipped. */
  corrupt: overrides.corrupt,
  /** What each link can send; without it any amount at once. */
  bytesPerSecond: overrides.bytesPerSecond,
  /** Bytes that may wait to be sent; what comes when there is no room for it is dropped. */
  queueBytes: overrides.queueBytes,
  /** Of links between machines in different zones. */
  crossZone: z.strictObject(overrides).optional(),
  links: z
    .array(z.strictObject({ from: place, to: place, ...overrides }))
    .max(LINK_RULES_MAX)
    .optional(),
  /** How long messages of a kind take, by the system's name for it, whatever their link. */
  messages: z.record(z.string().min(1).max(64), z.strictObject({ latency: latencySchema })).optional(),
  /**
   * For each operation one of these machines, chosen anew, is near: messages to and from the others take so much longer.
   */
  near: z.strictObject({ machines: z.array(place).min(2).max(1000), awayMs: delayMs }).optional(),
});

export type NetworkOptions = z.infer<typeof networkSchema> & { readonly zones?: Zones | undefined };

/** One link, with everything settled. */
export interface LinkSettings {
  readonly sample: LatencySampler;
  readonly loss: number;
  readonly duplicate: number;
  readonly reorder: number;
  readonly corrupt: number;
  /** Infinity for any amount at once. */
  readonly bytesPerSecond: number;
  /** Infinity where nothing is said of it. */
  readonly queueBytes: number;
}

type Overrides = NonNullable<NetworkOptions["crossZone"]>;
/** Overrides with the function of their latency, which is made once for all links. */
type Rule = Omit<Overrides, "latency"> & { readonly sample?: LatencySampler | undefined };

/** The settings of any link, by the names of its machines. */
export function linkSettings(
  machines: readonly string[],
  { zones, crossZone, links = [], ...base }: NetworkOptions,
): (from: string, to: string) => LinkSettings {
  const places: Places = createPlaces(machines, zones);
  const everywhere = withSampler(base);
  const between = crossZone === undefined ? null : withSampler(crossZone);
  const rules = links.map(({ from, to, ...rule }) => ({ from, to, rule: withSampler(rule) }));
  const usual = settled([everywhere]);

  if (between === null && rules.length === 0) return () => usual;
  return (from, to) => {
    const isCrossing = between !== null && places.zoneOf(from) !== places.zoneOf(to);
    const own = rules.filter((each) => places.covers(each.from, from) && places.covers(each.to, to));
    if (!isCrossing && own.length === 0) return usual;
    return settled([everywhere, ...(isCrossing ? [between] : []), ...own.map(({ rule }) => rule)]);
  };
}

function withSampler({ latency, ...rule }: Overrides): Rule {
  return { ...rule, sample: latency === undefined ? undefined : latencySampler(latency) };
}

function settled(rules: readonly Rule[]): LinkSettings {
  const last = <Field extends keyof Rule>(field: Field): Rule[Field] =>
    rules.findLast((rule) => rule[field] !== undefined)?.[field];
  return {
    sample: last("sample") as LatencySampler,
    loss: last("loss") ?? 0,
    duplicate: last("duplicate") ?? 0,
    reorder: last("reorder") ?? 0,
    corrupt: last("corrupt") ?? 0,
    bytesPerSecond: last("bytesPerSecond") ?? Infinity,
    queueBytes: last("queueBytes") ?? Infinity,
  };
}

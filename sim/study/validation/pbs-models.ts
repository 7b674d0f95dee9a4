import type { LatencyModel } from "../../world/latency.ts";
import type { NetworkOptions } from "../../world/network-settings.ts";

/**
 * Latencies of production stores, as fitted by P. Bailis, S. Venkataraman, M. Franklin, J. Hellerstein and I. Stoica,
 * "Probabilistically Bounded Staleness for Practical Partial Quorums" (VLDB 2012): one way, in milliseconds, W for a
 * write to a replica, A for its acknowledgement, R for a read request, S for its answer.
 */
export interface PbsModel {
  readonly name: string;
  /** How the figures are to be understood, where that is not plain; "" otherwise. */
  readonly remark: string;
  readonly write: LatencyModel;
  /** A, R and S. */
  readonly other: LatencyModel;
  /** Added each way to all replicas but one, chosen for each operation. */
  readonly awayMs: number;
}

function paretoOrExponential(weight: number, minMs: number, shape: number, meanMs: number): LatencyModel {
  return {
    kind: "mixture",
    parts: [
      { weight, kind: "pareto", minMs, shape },
      { weight: 100 - weight, kind: "exponential", minMs: 0, meanMs },
    ],
  };
}

const ssd = paretoOrExponential(91.22, 0.235, 10, 1 / 1.66);
const disk = paretoOrExponential(38, 1.05, 1.51, 1 / 0.183);
const ymmrOther = paretoOrExponential(98.2, 1.5, 3.8, 1 / 0.0217);

function ymmrWrite(shape: number): LatencyModel {
  return paretoOrExponential(93.9, 3, shape, 1 / 0.0028);
}

export const pbsModels: readonly PbsModel[] = [
  { name: "LNKD-SSD", remark: "", write: ssd, other: ssd, awayMs: 0 },
  { name: "LNKD-DISK", remark: "", write: disk, other: ssd, awayMs: 0 },
  {
    name: "YMMR",
    remark: "α 3.5 for W, as in the authors' code; the paper prints 3.35",
    write: ymmrWrite(3.5),
    other: ymmrOther,
    awayMs: 0,
  },
  { name: "WAN", remark: "", write: disk, other: ssd, awayMs: 75 },
];

/** With the exponent that the paper prints, beside that of its authors' code. */
export const ymmrAsPrinted: PbsModel = {
  name: "YMMR, as printed",
  remark: "α 3.35 for W",
  write: ymmrWrite(3.35),
  other: ymmrOther,
  awayMs: 0,
};

/** The network of a plan that is like that, but for what the system sends in the background. */
export function pbsNetwork(model: PbsModel, replicas: readonly string[]): Omit<NetworkOptions, "zones"> {
  return {
    latency: model.other,
    loss: 0,
    duplicate: 0,
    // Each message takes its own way: the model knows no order of a connection.
    reorder: 1,
    messages: { store: { latency: model.write } },
    ...(model.awayMs > 0 && { near: { machines: [...replicas], awayMs: model.awayMs } }),
  };
}

import type { Cause } from "../kernel/cause.ts";
import { site, type Site } from "../kernel/choices.ts";
import { type Kernel, type Scheduled, WORLD_LANE } from "../kernel/kernel.ts";
import { mixInt } from "../kernel/mix.ts";
import { DiskFile } from "./disk-file.ts";
import { type LatencyModel, type LatencySampler, latencySampler } from "./latency.ts";

/** One machine's disk as the life that uses it sees it: one file of bytes. */
export interface DiskPort {
  /** Which disk of this machine, counted from 1: a new, empty one comes after each that was lost. */
  readonly number: number;
  /** Up to `bytesMax` bytes from `offset` on; fewer only where the file ends. */
  read(offset: number, bytesMax: number): Promise<Uint8Array>;
  /** Adds to the end of the file; safe only when a sync that was asked for later has succeeded. */
  append(bytes: Uint8Array): Promise<void>;
  /** Resolves when all that was appended before survives a crash. */
  sync(): Promise<void>;
  /** Replaces the whole file; a crash leaves the old one or the new one. */
  replace(parts: Iterable<Uint8Array>): Promise<void>;
}

/** What a fault does to a disk. Of several, the largest factor counts, and failures add up as independent ones do. */
export interface DiskCondition {
  /** Multiplies the time that the disk takes, 1 or more. What is under way when it is lifted goes on at full speed. */
  readonly delayFactor?: number;
  /** Nothing more can be added: appends and replacements are refused, and change nothing. */
  readonly isFull?: boolean;
  /** Probability that a sync or a replacement fails. */
  readonly failure?: number;
}

export interface DiskStatistics {
  /** Syncs that the disk made; calls that waited together share one. */
  syncs: number;
  failures: number;
  /** Appends and replacements for which there was no room. */
  refused: number;
  bytesWritten: number;
  /** Appended, not synced, and gone after a crash. */
  bytesLost: number;
  bitsFlipped: number;
}

export const NO_DISK_STATISTICS: Readonly<DiskStatistics> = {
  syncs: 0,
  failures: 0,
  refused: 0,
  bytesWritten: 0,
  bytesLost: 0,
  bitsFlipped: 0,
};

/** What a disk rejects with; systems know it by its code. */
export class DiskFailure extends Error {
  override readonly name = "DiskFailure";
  readonly code: "disk-full" | "disk-failed";

  constructor(code: DiskFailure["code"], message: string) {
    super(message);
    this.code = code;
  }
}

/** The life of a machine, as its disk sees it. */
export interface DiskUser {
  readonly isAlive: boolean;
  /** A life that is over tried to do something. */
  countGhost(): void;
}

export const DEFAULT_SYNC_LATENCY: LatencyModel = { kind: "constant", ms: 1 };

/** By what a call's choices are addressed. */
interface Call {
  readonly cause: Cause;
  readonly ordinal: number;
}

/** Something that the disk does: a read, a replacement, or a sync, for all who asked before it began. */
interface Work {
  startUs: number;
  dueUs: number;
  readonly factor: number;
  readonly isSync: boolean;
  readonly isFailing: boolean;
  /** One for each call. */
  readonly events: Scheduled[];
}

interface PowerCut {
  readonly owner: object;
  readonly cut: () => void;
  event: Scheduled | null;
}

/**
 * A machine's disk. It does one thing after the other: a sync or a replacement takes a time of the latency model,
 * and whoever asks meanwhile waits for the next one. Appending takes no time, as it only fills a buffer.
 *
 * What was asked for completes in the machine's lane, each call by an event of its own, in the cause of that call:
 * a crash drops it. What survives the crash is the `DiskFile`'s affair.
 *
 * A sync that fails leaves nothing of what was appended since the last good one safe, and nothing that is appended
 * later, whatever later syncs say, until the file is replaced: so does a kernel that takes the pages it could not
 * write for clean.
 */
export class SimulatedDisk {
  readonly file = new DiskFile();
  private number = 1;
  private readonly kernel: Kernel;
  private readonly machine: string;
  private readonly lane: number;
  private readonly sample: LatencySampler;
  private readonly statistics: DiskStatistics;
  private readonly latencySite: Site;
  private readonly failureSite: Site;
  private readonly lossSite: Site;
  private readonly replacedSite: Site;
  private readonly rotSite: Site;
  private readonly powerSite: Site;
  private readonly conditions = new Map<object, DiskCondition>();
  private factor = 1;
  private isFull = false;
  private failure = 0;
  /** What it is at, and what it will do then, in this order. */
  private works: Work[] = [];
  /** What was asked for after a replacement that is not done yet, to be carried out when it is. */
  private later: (() => void)[] | null = null;
  private powerCut: PowerCut | null = null;

  constructor(
    kernel: Kernel,
    machine: string,
    lane: number,
    latency: LatencyModel,
    statistics: DiskStatistics,
  ) {
    this.kernel = kernel;
    this.machine = machine;
    this.lane = lane;
    this.sample = latencySampler(latency);
    this.statistics = statistics;
    const label = `disk/${machine}`;
    this.latencySite = site(`${label}/latency`);
    this.failureSite = site(`${label}/failure`);
    this.lossSite = site(`${label}/loss`);
    this.replacedSite = site(`${label}/replaced`);
    this.rotSite = site(`${label}/rot`);
    this.powerSite = site(`${label}/power`);
  }

  /** What one life of the machine may do. */
  port(user: DiskUser): DiskPort {
    const whileAlive = <T>(ask: () => Promise<T>): Promise<T> => {
      if (user.isAlive) return ask();
      user.countGhost();
      return new Promise(() => {});
    };
    return {
      number: this.number,
      read: (offset, bytesMax) => whileAlive(() => this.read(offset, bytesMax)),
      append: (bytes) => whileAlive(() => this.append(bytes)),
      sync: () => whileAlive(() => this.sync()),
      replace: (parts) => whileAlive(() => this.replace(parts)),
    };
  }

  impose(owner: object, condition: DiskCondition): void {
    this.conditions.set(owner, condition);
    this.refresh();
  }

  lift(owner: object): void {
    if (!this.conditions.delete(owner)) return;
    const { factor } = this;
    this.refresh();
    if (this.factor < factor) this.speedUp();
  }

  /** Cuts the power at some moment of the next sync, unless its owner takes that back before. */
  armPowerCut(owner: object, cut: () => void): void {
    this.powerCut = { owner, cut, event: null };
  }

  disarmPowerCut(owner: object): void {
    const { powerCut } = this;
    if (powerCut?.owner !== owner) return;
    if (powerCut.event !== null) this.kernel.cancel(powerCut.event);
    this.powerCut = null;
  }

  /** The machine is gone, and with it what it had asked for. */
  crash(keepsFile: boolean): void {
    const { file, statistics } = this;
    this.works = [];
    this.later = null;
    this.powerCut = null;
    if (!keepsFile) {
      file.clear();
      this.number++;
      return;
    }
    if (file.isReplacing) file.endReplacing(this.choose(this.replacedSite) < 0.5);
    const unsafe = file.length - file.safeLength;
    if (unsafe === 0) return;
    const lost = Math.floor(this.choose(this.lossSite) * (unsafe + 1));
    file.loseEnd(lost);
    statistics.bytesLost += lost;
    this.trace("disk.loss", { bytes: lost, of: unsafe });
  }

  /** Flips one bit of what is safe: the later in the file, the milder. */
  rot(): void {
    const bits = this.file.safeLength * 8;
    if (bits === 0) return;
    const bit = bits - 1 - Math.floor(this.choose(this.rotSite) * bits);
    this.file.flip(bit);
    this.statistics.bitsFlipped++;
    this.trace("disk.rot", { byte: Math.floor(bit / 8) });
  }

  private read(offset: number, bytesMax: number): Promise<Uint8Array> {
    return this.inTurn((call, resolve) => {
      this.complete(this.begin(call, false), call, () => resolve(this.file.read(offset, bytesMax)));
    });
  }

  private append(bytes: Uint8Array): Promise<void> {
    return this.inTurn((_call, resolve, reject) => {
      if (this.isFull) {
        reject(this.refusal());
        return;
      }
      this.file.append(bytes);
      this.statistics.bytesWritten += bytes.length;
      this.trace("disk.append", { bytes: bytes.length });
      resolve();
    });
  }

  private sync(): Promise<void> {
    return this.inTurn((call, resolve, reject) => {
      const last = this.works.at(-1);
      const isJoining = last?.isSync === true && last.startUs > this.kernel.nowUs;
      const work = isJoining ? last : this.begin(call, true);
      if (!isJoining) this.statistics.syncs++;
      const { length } = this.file;
      this.complete(work, call, () => {
        if (work.isFailing) {
          this.file.doubt();
          reject(this.failed("sync"));
          return;
        }
        this.file.makeSafe(length);
        this.trace("disk.sync", { bytes: length });
        resolve();
      });
      this.cutPower(work, call);
    });
  }

  private replace(parts: Iterable<Uint8Array>): Promise<void> {
    return this.inTurn((call, resolve, reject) => {
      this.file.beginReplacing(parts);
      this.later = [];
      const work = this.begin(call, false);
      this.complete(work, call, () => {
        this.file.endReplacing(!this.isFull && !work.isFailing);
        if (this.isFull) reject(this.refusal());
        else if (work.isFailing) reject(this.failed("replacement"));
        else {
          this.statistics.bytesWritten += this.file.length;
          this.trace("disk.replace", { bytes: this.file.length });
          resolve();
        }
        const waiting = this.later ?? [];
        this.later = null;
        for (const carryOut of waiting) carryOut();
      });
    });
  }

  /** Carries out a call, when the replacement that came before it is done. */
  private inTurn<T>(
    carryOut: (call: Call, resolve: (value: T) => void, reject: (error: DiskFailure) => void) => void,
  ): Promise<T> {
    const { cause } = this.kernel;
    const call: Call = { cause, ordinal: cause.nextOrdinal(DISK_PLACES + this.lane) };
    return new Promise((resolve, reject) => {
      const run = (): void => {
        if (this.later === null) carryOut(call, resolve, reject);
        else this.later.push(run);
      };
      run();
    });
  }

  /** Takes the disk for one piece of work, when it has done all others. */
  private begin({ cause, ordinal }: Call, isSync: boolean): Work {
    const { chooser, nowUs } = this.kernel;
    this.works = this.works.filter(({ dueUs }) => dueUs > nowUs);
    const tookMs = this.sample(chooser.quantile(this.latencySite, cause, ordinal)) * this.factor;
    const startUs = this.works.at(-1)?.dueUs ?? nowUs;
    const work: Work = {
      startUs,
      dueUs: startUs + Math.round(tookMs * 1000),
      factor: this.factor,
      isSync,
      isFailing: this.failure > 0 && chooser.quantile(this.failureSite, cause, ordinal) >= 1 - this.failure,
      events: [],
    };
    this.works.push(work);
    return work;
  }

  /** Schedules what a call waits for, in the cause of that call. */
  private complete({ dueUs, events }: Work, { cause, ordinal }: Call, fire: () => void): void {
    const tie = mixInt(mixInt(this.latencySite.hash, cause.hash), ordinal);
    events.push(this.kernel.schedule(dueUs, tie, this.lane, cause, fire));
  }

  /** What is left to do goes at the disk's present speed. */
  private speedUp(): void {
    const { kernel, factor } = this;
    let freeUs = kernel.nowUs;
    for (const work of this.works) {
      if (work.dueUs <= kernel.nowUs) continue;
      const leftUs = work.dueUs - Math.max(work.startUs, kernel.nowUs);
      work.startUs = freeUs;
      work.dueUs = freeUs + Math.round(leftUs * Math.min(1, factor / work.factor));
      freeUs = work.dueUs;
      for (const event of work.events) kernel.reschedule(event, work.dueUs);
    }
  }

  private cutPower({ dueUs }: Work, { cause, ordinal }: Call): void {
    const { kernel, powerCut } = this;
    if (powerCut === null || powerCut.event !== null) return;
    const quantile = kernel.chooser.quantile(this.powerSite, cause, ordinal);
    const atUs = kernel.nowUs + Math.floor(quantile * (dueUs - kernel.nowUs));
    powerCut.event = kernel.schedule(atUs, this.powerSite.hash, WORLD_LANE, cause, powerCut.cut);
  }

  private choose(place: Site): number {
    const { kernel } = this;
    return kernel.chooser.quantile(place, kernel.cause, kernel.cause.nextOrdinal(DISK_PLACES + this.lane));
  }

  private refresh(): void {
    this.factor = 1;
    this.isFull = false;
    this.failure = 0;
    for (const { delayFactor = 1, isFull = false, failure = 0 } of this.conditions.values()) {
      this.factor = Math.max(this.factor, delayFactor);
      this.isFull ||= isFull;
      this.failure = 1 - (1 - this.failure) * (1 - failure);
    }
  }

  private trace(kind: string, data: object): void {
    if (this.kernel.isTracing) this.kernel.trace(kind, this.machine, data);
  }

  private refusal(): DiskFailure {
    this.statistics.refused++;
    this.trace("disk.full", {});
    return new DiskFailure("disk-full", `no space left on the disk of ${this.machine}`);
  }

  private failed(what: string): DiskFailure {
    this.statistics.failures++;
    this.trace("disk.failure", { what });
    return new DiskFailure("disk-failed", `input/output error on the disk of ${this.machine}: ${what}`);
  }
}

/** Places of a machine's disk among a cause's ordinals, apart from those of links and random numbers. */
const DISK_PLACES = 0x08000000;

import { site, type Site } from "../kernel/choices.ts";
import type { Kernel } from "../kernel/kernel.ts";

/**
 * Points in the code of the system under test at which the simulation takes part. See `Hooks` of the cache for what
 * each kind is for; the harness knows them by name only.
 */
export interface MachineHooks {
  /** True now and then, if the plan has switched the detour on: go the unlikely way. */
  maybe(detour: string): boolean;
  /** Notes that something rare has happened. */
  sometimes(probe: string): void;
  /** Throws a {@link MachineStopped} when the machine dies here. */
  crashpoint(point: string): void;
}

/** Unwinds the code of a machine that has just died. Nothing that it still does has any effect. */
export class MachineStopped extends Error {
  override readonly name = "MachineStopped";
}

/** One life of a machine, as its hooks see it. */
export interface HookedLife {
  readonly id: string;
  readonly isAlive: boolean;
  crash(keepsDisk: boolean): void;
}

export interface HookOptions {
  /** The detours that are switched on, with the probability that each is taken when it is met. */
  readonly detours: Readonly<Record<string, number>>;
  /** From here on nothing interferes any more. */
  readonly untilUs: number;
}

export interface HookBoard {
  /** The probes that fired. */
  readonly reached: ReadonlySet<string>;
  /** The detours that were taken, and the crash points at which a machine died. */
  readonly taken: ReadonlySet<string>;
  readonly sprung: ReadonlySet<string>;
  hooksOf(life: HookedLife): MachineHooks;
  /** The machine dies when it is at the crash point for the n-th time from now, unless disarmed before. */
  arm(owner: object, trap: Ambush): void;
  disarm(owner: object): void;
}

export interface Ambush {
  readonly machine: string;
  readonly point: string;
  readonly hits: number;
  readonly keepsDisk: boolean;
}

interface Trap {
  readonly ambush: Ambush;
  hitsLeft: number;
}

/** Places of detours among a cause's ordinals, apart from those of links and random numbers. */
const DETOUR_PLACES = 0x08000000;
const DETOUR_PLACE_MASK = 0x07ffffff;

export function createHookBoard(kernel: Kernel, { detours, untilUs }: HookOptions): HookBoard {
  const shares = new Map(Object.entries(detours));
  const reached = new Set<string>();
  const taken = new Set<string>();
  const sprungPoints = new Set<string>();
  const traps = new Map<object, Trap>();

  function sprungAt(machine: string, point: string): Ambush | null {
    let sprung: Ambush | null = null;
    for (const trap of traps.values()) {
      const { ambush } = trap;
      if (ambush.machine === machine && ambush.point === point && --trap.hitsLeft === 0) sprung = ambush;
    }
    return sprung;
  }

  return {
    reached,
    taken,
    sprung: sprungPoints,
    hooksOf(life) {
      const sites = new Map<string, Site>();
      const siteOf = (detour: string): Site => {
        let known = sites.get(detour);
        if (known === undefined) sites.set(detour, (known = site(`detour/${life.id}/${detour}`)));
        return known;
      };
      return {
        maybe(detour) {
          const share = shares.size === 0 ? undefined : shares.get(detour);
          if (share === undefined || kernel.nowUs >= untilUs || !life.isAlive) return false;
          const place = siteOf(detour);
          const { cause } = kernel;
          const ordinal = cause.nextOrdinal(DETOUR_PLACES + (place.hash & DETOUR_PLACE_MASK));
          const isTaken = kernel.chooser.quantile(place, cause, ordinal) >= 1 - share;
          if (isTaken) taken.add(detour);
          if (isTaken && kernel.isTracing) kernel.trace("hook.detour", life.id, { detour });
          return isTaken;
        },
        sometimes(probe) {
          if (life.isAlive) reached.add(probe);
        },
        crashpoint(point) {
          if (traps.size === 0 || !life.isAlive) return;
          const sprung = sprungAt(life.id, point);
          if (sprung === null) return;
          sprungPoints.add(point);
          kernel.trace("hook.crashpoint", life.id, { point });
          life.crash(sprung.keepsDisk);
          throw new MachineStopped(`${life.id} died at ${point}`);
        },
      };
    },
    arm: (owner, ambush) => void traps.set(owner, { ambush, hitsLeft: ambush.hits }),
    disarm: (owner) => void traps.delete(owner),
  };
}

export type { ClockEvent, EmitFn } from "./clock-events.ts";
export type { Clock, DeadlineTarget, Instant, Millis, TimerHandle } from "./clock.ts";
export { createClock, type CreateClockOptions, type LateTicks } from "./create-clock.ts";
export {
  createControlledClock,
  type ControlledClock,
  type ControlledClockOptions,
} from "./controlled-clock.ts";
export { InvalidArgumentError } from "./invalid-argument.ts";
export { ms } from "./millis.ts";
export { createSystemClock, type SystemClockOptions } from "./system-clock.ts";
export type { TimerHost, Track } from "./timer-host.ts";

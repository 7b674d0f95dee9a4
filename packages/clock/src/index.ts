export type { Clock, DeadlineTarget, Instant, Millis, TimerHandle } from "./clock.ts";

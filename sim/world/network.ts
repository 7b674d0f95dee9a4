export interface LinkCondition {
  matches(from: string, to: string): boolean;
  readonly isBlocked?: boolean;
  readonly loss?: number;
  readonly duplicate?: number;
  readonly reorder?: number;
  readonly delayFactor?: number;
}
export interface Network {
  impose(owner: object, condition: LinkCondition): void;
  lift(owner: object): void;
}

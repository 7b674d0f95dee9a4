/**
 * A guard stands in for one way to the real world. It does what the original does, except while an alarm is set:
 * then the alarm is told first what is being used.
 */
export interface Guard {
  install(): void;
  /** Puts the original back, unless somebody else has put something there in the meantime. */
  remove(): void;
}

/**
 * Throws to forbid what is being used.
 *
 * @param isModule it is a function of a module that comes with Node, which Node itself may be using
 */
export type Alarm = (what: string, isModule: boolean) => void;

let alarm: Alarm | null = null;

/** Costs nothing, so it may be set and unset as often as events run and rest. */
export function setAlarm(next: Alarm | null): void {
  alarm = next;
}

type Holder = Record<string, unknown>;

/** Guards a function, a class, or an object with everything in it. */
export function guardUse(owner: object | null, property: string, what: string): Guard {
  return guardProperty(owner, property, (original) => {
    if ("value" in original) {
      const value = original.value as object;
      return { ...original, value: standIn(what, value, () => value) };
    }
    // What Node loads when it is first used is not loaded for being guarded.
    const value = standIn(
      what,
      function lazy() {},
      () => read(original, globalThis) as object,
    );
    return {
      ...original,
      get(this: unknown) {
        return alarm === null ? read(original, this) : value;
      },
    };
  });
}

/** Guards a value, which may not even be looked at. */
export function guardReading(owner: object | null, property: string, what: string): Guard {
  return guardProperty(owner, property, (original) => ({
    configurable: true,
    enumerable: original.enumerable ?? false,
    get(this: unknown) {
      alarm?.(what, false);
      return read(original, this);
    },
  }));
}

/** The value of a property, as code that has `self` in hand sees it. */
function read(property: PropertyDescriptor, self: unknown): unknown {
  return "value" in property ? property.value : property.get?.call(self);
}

/** Guards functions of a module that comes with Node. */
export function guardModule(name: string, forbidden: RegExp): Guard {
  const module = process.getBuiltinModule(name) as Holder;
  const names = Object.entries(Object.getOwnPropertyDescriptors(module))
    .filter(([property, { value, writable }]) => {
      return typeof value === "function" && writable === true && forbidden.test(property);
    })
    .map(([property]) => property);
  const standIns: object[] = [];
  const originals: unknown[] = [];
  return {
    install() {
      names.forEach((property, index) => {
        const original = module[property] as object;
        if (original !== originals[index]) {
          originals[index] = original;
          standIns[index] = standIn(`${name}.${property}`, original, () => original, true);
        }
        module[property] = standIns[index];
      });
    },
    remove() {
      names.forEach((property, index) => {
        if (module[property] === standIns[index]) module[property] = originals[index];
      });
    },
  };
}

const nothing: Guard = { install() {}, remove() {} };

/** @param guarded the property as it is while it is guarded */
function guardProperty(
  owner: object | null,
  property: string,
  guarded: (original: PropertyDescriptor) => PropertyDescriptor,
): Guard {
  const holder = holderOf(owner, property);
  if (holder === null) return nothing;
  let original: PropertyDescriptor | undefined;
  let replacement: PropertyDescriptor = {};
  let isInstalled = false;
  return {
    install() {
      const found = Object.getOwnPropertyDescriptor(holder, property);
      // Not there, or switched off, as a test may do.
      if (found === undefined || (!("get" in found) && isNothing(found.value))) return;
      if (original === undefined || !isSame(found, original)) {
        original = found;
        replacement = guarded(found);
      }
      isInstalled = true;
      place(holder, property, found, replacement);
    },
    remove() {
      const found = Object.getOwnPropertyDescriptor(holder, property);
      if (!isInstalled || original === undefined) return;
      isInstalled = false;
      if (found !== undefined && isSame(found, replacement)) place(holder, property, found, original);
    },
  };
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null;
}

function isSame(a: PropertyDescriptor, b: PropertyDescriptor): boolean {
  return a.value === b.value && a.get === b.get;
}

/** Setting a value is several times as fast as defining it, and leaves compiled code as it is. */
function place(holder: Holder, property: string, from: PropertyDescriptor, to: PropertyDescriptor): void {
  if (from.writable === true && to.writable === true) holder[property] = to.value;
  else Object.defineProperty(holder, property, to);
}

/** The object that has a property of its own: the owner, or a prototype of it. */
function holderOf(owner: object | null, property: string): Holder | null {
  let holder = owner;
  while (holder !== null && !Object.hasOwn(holder, property)) {
    holder = Object.getPrototypeOf(holder) as object | null;
  }
  return holder as Holder | null;
}

/** Asked for by whoever only wants to know what something is. */
const HARMLESS: ReadonlySet<PropertyKey> = new Set<PropertyKey>([
  "prototype",
  "constructor",
  "name",
  "length",
  Symbol.hasInstance,
  Symbol.toStringTag,
]);

/**
 * @param target the original, or something of its type
 * @param resolve gives the original
 */
function standIn(what: string, target: object, resolve: () => object, isModule = false): object {
  const proxy: object = new Proxy(target, {
    apply(_target, self, args) {
      alarm?.(what, isModule);
      return Reflect.apply(resolve() as () => unknown, self, args);
    },
    construct(_target, args, newTarget) {
      alarm?.(`new ${what}`, isModule);
      const original = resolve() as new () => object;
      return Reflect.construct(original, args, newTarget === proxy ? original : newTarget) as object;
    },
    get(_target, property) {
      if (!HARMLESS.has(property)) alarm?.(`${what}.${String(property)}`, isModule);
      const original = resolve();
      return Reflect.get(original, property, original) as unknown;
    },
  });
  return proxy;
}

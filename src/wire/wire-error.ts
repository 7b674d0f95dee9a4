/** What can be wrong with a frame. */
export type WireErrorKind =
  "truncated" | "too-large" | "version" | "type" | "checksum" | "malformed" | "clock";

/** A frame that is not a message of this protocol. The only error that decoding ever throws. */
export class WireError extends Error {
  readonly kind: WireErrorKind;

  constructor(kind: WireErrorKind, message: string) {
    super(message);
    this.name = "WireError";
    this.kind = kind;
  }
}

import { abd } from "../../src/policies/abd.ts";
import { plant, withAsking } from "./plant.ts";

/** What a read writes back is written as if it were new, and so may come above a set that ended meanwhile. */
export const lateFill = plant(abd, {
  policy: withAsking(abd, ({ request }, { kind }, { self, incarnation }) => {
    if (kind !== "get" || request.type !== "store") return {};
    const { record } = request;
    const version = { counter: record.version.counter + 1, node: self, incarnation };
    return { request: { ...request, record: { ...record, version } }, granted: undefined };
  }),
});

import type { Atom } from "@phyxius/atom";
import type { Map } from "immutable";
import type { Membership } from "../membership/membership.ts";
import type { Placement } from "../membership/placement.ts";
import type { CacheRecord } from "../local/record.ts";
import type { CacheState } from "../state.ts";

type SharedRecords = readonly CacheRecord[];

/**
 * What two nodes have in common: the records of the keys that both own, as one of them holds them, sorted by key in
 * the order of UTF-16 code units.
 * O(records) after a change, O(1) while nothing changes.
 */
export function createSharedRecords(
  self: string,
  state: Atom<CacheState>,
  membership: Membership,
): (peer: string) => SharedRecords {
  const views = new globalThis.Map<string, SharedRecords>();
  let viewed: Map<string, CacheRecord> | null = null;
  let { epoch } = membership;

  return (peer) => {
    const { records } = state.deref();
    if (records !== viewed || membership.epoch !== epoch) {
      views.clear();
      ({ epoch } = membership);
      viewed = records;
    }
    let view = views.get(peer);
    if (view === undefined) {
      view = viewOf(records, self, peer, membership);
      views.set(peer, view);
    }
    return view;
  };
}

function viewOf(
  records: Map<string, CacheRecord>,
  self: string,
  peer: string,
  placement: Placement,
): SharedRecords {
  const shared: CacheRecord[] = [];
  for (const record of records.values()) {
    const owners = placement.ownersOf(record.key);
    if (owners.includes(peer) && owners.includes(self)) shared.push(record);
  }
  return shared.sort((a, b) => (a.key < b.key ? -1 : 1));
}

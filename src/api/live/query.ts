import type { LiveCall } from './told.ts';

/** Which calls; what is left out does not matter. */
export interface CallFilter {
  /** Of either side. */
  readonly trunk?: string | undefined;
  /** How the caller's or the called number begins. */
  readonly number?: string | undefined;
  readonly site?: string | undefined;
  readonly phase?: LiveCall['phase'] | undefined;
  /** Calls for help alone. */
  readonly emergency?: boolean | undefined;
  /** Those on hold, or in which somebody is silent who should not be. */
  readonly state?: 'hold' | 'silent' | undefined;
  /** In its id, numbers, trunks, route or user. */
  readonly text?: string | undefined;
}

export const callOrders = ['started', 'answered', 'caller', 'called', 'from', 'to', 'phase', 'site'] as const;
export type CallOrder = (typeof callOrders)[number];

export interface CallPage {
  readonly calls: readonly LiveCall[];
  /** All that fit. */
  readonly total: number;
  /** There are more after these. */
  readonly more: boolean;
}

/** The place of a call in a list: after it come others. */
export type CallPlace = readonly [key: string | number, call: string];

type Key = (call: LiveCall) => string | number;

const keys: Readonly<Record<CallOrder, Key>> = {
  started: ({ startedAt }) => startedAt,
  answered: ({ answeredAt = 0 }) => answeredAt,
  caller: ({ caller }) => caller,
  called: ({ called }) => called,
  from: ({ a }) => a.trunk,
  to: ({ b }) => b?.trunk ?? '',
  phase: ({ phase }) => phase,
  site: ({ site = '' }) => site,
};

export function placeIn(order: CallOrder, call: LiveCall): CallPlace {
  return [keys[order](call), call.call];
}

/** A page of calls in an order. Of ten thousand none is sorted but those of the page. */
export function pageOf(
  calls: Iterable<LiveCall>,
  filter: CallFilter,
  {
    order,
    descending,
    after,
    limit,
  }: {
    readonly order: CallOrder;
    readonly descending: boolean;
    readonly after: CallPlace | undefined;
    readonly limit: number;
  },
): CallPage {
  const key = keys[order];
  const sign = descending ? -1 : 1;
  const compare = (key1: string | number, id1: string, key2: string | number, id2: string) =>
    sign * (key1 < key2 ? -1 : key1 > key2 ? 1 : id1 < id2 ? -1 : id1 > id2 ? 1 : 0);
  const fits = predicate(filter);
  const found: { readonly key: string | number; readonly call: LiveCall }[] = [];
  let total = 0;
  let behind = 0;
  for (const call of calls) {
    if (!fits(call)) continue;
    total++;
    const own = key(call);
    if (after && compare(own, call.call, after[0], after[1]) <= 0) continue;
    behind++;
    const last = found.length === limit ? found[limit - 1]! : undefined;
    if (last && compare(own, call.call, last.key, last.call.call) >= 0) continue;
    let low = 0;
    let high = found.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const one = found[middle]!;
      if (compare(own, call.call, one.key, one.call.call) < 0) high = middle;
      else low = middle + 1;
    }
    found.splice(low, 0, { key: own, call });
    if (found.length > limit) found.pop();
  }
  return { calls: found.map(({ call }) => call), total, more: behind > found.length };
}

/** Whether a call is one of those. */
export function predicate({
  trunk,
  number,
  site,
  phase,
  emergency,
  state,
  text,
}: CallFilter): (call: LiveCall) => boolean {
  const wanted = text?.toLowerCase();
  const has = (value: string | undefined) => value?.toLowerCase().includes(wanted!) === true;
  return (call) =>
    (phase === undefined || call.phase === phase) &&
    (trunk === undefined || call.a.trunk === trunk || call.b?.trunk === trunk) &&
    (site === undefined || call.site === site) &&
    (emergency === undefined || (call.emergency !== undefined) === emergency) &&
    (state === undefined || (call[state]?.length ?? 0) > 0) &&
    (number === undefined || call.caller.startsWith(number) || call.called.startsWith(number)) &&
    (wanted === undefined ||
      has(call.called) ||
      has(call.caller) ||
      has(call.call) ||
      has(call.a.trunk) ||
      has(call.b?.trunk) ||
      has(call.route) ||
      has(call.user));
}

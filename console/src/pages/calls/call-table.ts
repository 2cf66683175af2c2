import type { Schemas } from '../../api/client.ts';

export type Call = Schemas['Call'];

/** Calls that stand: read page by page, kept true by what is told meanwhile. */
export class CallTable {
  readonly #calls = new Map<string, Call>();
  /** Told since the reading began: newer than any page of it. */
  #told: Set<string> | undefined;
  #read = new Set<string>();

  get size(): number {
    return this.#calls.size;
  }

  all(): readonly Call[] {
    return [...this.#calls.values()];
  }

  /** All is read anew; what is known stays until it is over. */
  begin(): void {
    this.#told = new Set();
    this.#read = new Set();
  }

  page(calls: readonly Call[]): void {
    for (const call of calls) {
      this.#read.add(call.call);
      if (!this.#told?.has(call.call)) this.#calls.set(call.call, call);
    }
  }

  /** What was neither read nor told is not there any more. */
  complete(): void {
    for (const id of this.#calls.keys()) if (!this.#read.has(id) && !this.#told?.has(id)) this.#calls.delete(id);
    this.#told = undefined;
  }

  tell(changed: readonly Call[], gone: readonly string[]): void {
    for (const call of changed) {
      this.#calls.set(call.call, call);
      this.#told?.add(call.call);
    }
    for (const id of gone) {
      this.#calls.delete(id);
      this.#told?.add(id);
    }
  }
}

export const whiches = ['every', 'setup', 'answered', 'hold', 'silent', 'emergency'] as const;
export type Which = (typeof whiches)[number];

export interface CallFilter {
  readonly text: string;
  readonly trunk: string;
  readonly site: string;
  readonly which: Which;
}

export const columns = ['state', 'caller', 'called', 'from', 'to', 'route', 'codecs', 'length'] as const;
export type Column = (typeof columns)[number];

export interface CallOrder {
  readonly column: Column;
  readonly descending: boolean;
}

/** Those that fit, in order; of equals the one that began last comes first. */
export function arranged(
  calls: readonly Call[],
  filter: CallFilter,
  { column, descending }: CallOrder,
): readonly Call[] {
  const fits = predicate(filter);
  const key = keys[column];
  // Who began first is there for longest.
  const sign = descending === (column === 'length') ? 1 : -1;
  return calls
    .filter(fits)
    .map((call) => ({ call, key: key(call) }))
    .sort((a, b) =>
      a.key < b.key
        ? -sign
        : a.key > b.key
          ? sign
          : a.call.startedAt > b.call.startedAt
            ? -1
            : a.call.startedAt < b.call.startedAt
              ? 1
              : a.call.call < b.call.call
                ? -1
                : 1,
    )
    .map(({ call }) => call);
}

const keys: Readonly<Record<Column, (call: Call) => string>> = {
  state: (call) => stateOf(call),
  caller: ({ caller }) => caller,
  called: ({ called }) => called,
  from: ({ from }) => from.trunk,
  to: ({ to }) => to?.trunk ?? '',
  route: ({ route = '' }) => route,
  codecs: ({ codecs }) => codecs?.caller ?? '',
  // RFC 3339 in UTC sorts as it is read.
  length: ({ answeredAt, startedAt }) => answeredAt ?? startedAt,
};

export function stateOf({ phase, ringingAt }: Call): 'talks' | 'rings' | 'tries' {
  return phase === 'answered' ? 'talks' : ringingAt === undefined ? 'tries' : 'rings';
}

function predicate({ text, trunk, site, which }: CallFilter): (call: Call) => boolean {
  const wanted = text.trim().toLowerCase();
  return (call) =>
    isOf(which, call) &&
    (trunk === '' || call.from.trunk === trunk || call.to?.trunk === trunk) &&
    (site === '' || call.site === site) &&
    (wanted === '' ||
      [call.caller, call.called, call.call, call.from.trunk, call.to?.trunk, call.route, call.user].some(
        (part) => part?.toLowerCase().includes(wanted) === true,
      ));
}

function isOf(which: Which, call: Call): boolean {
  switch (which) {
    case 'every':
      return true;
    case 'hold':
    case 'silent':
      return (call[which]?.length ?? 0) > 0;
    case 'emergency':
      return call.emergency !== undefined;
    default:
      return call.phase === which;
  }
}

import type { Person } from './person.ts';

/** Reasons of Diversion (RFC 5806 4); any other is `unknown`. */
export type DiversionReason =
  | 'unknown'
  | 'user-busy'
  | 'no-answer'
  | 'unavailable'
  | 'unconditional'
  | 'time-of-day'
  | 'do-not-disturb'
  | 'deflection'
  | 'follow-me'
  | 'out-of-service'
  | 'away';

/** Somebody who was called and sent the call on. */
export interface Diverted {
  readonly who: Person;
  readonly reason: DiversionReason;
  /** RFC 4458, where one was said: two causes are a deflection. */
  readonly cause?: number;
  /** Forwardings that it stands for: more than one where others were left out. */
  readonly count: number;
  readonly private: boolean;
  /** What Diversion alone can say. */
  readonly screen?: 'yes' | 'no';
  readonly limit?: number;
}

/** Forwardings after which a call is taken for one that goes round in circles. Networks allow five. */
export const mostForwardings = 10;

/** Entries that are read of one message: what has more is refused, or says little of forwarding. */
export const mostEntries = 64;

/** RFC 7544 7.1: the cause in the URI after him (RFC 4458) for each reason. */
const causes: Readonly<Record<DiversionReason, number>> = {
  unknown: 404,
  'user-busy': 486,
  'no-answer': 408,
  unavailable: 503,
  unconditional: 302,
  'time-of-day': 404,
  'do-not-disturb': 404,
  deflection: 480,
  'follow-me': 404,
  'out-of-service': 404,
  away: 404,
};

/** Service number translation (RFC 8119): nobody forwarded. */
const translated = 380;

export function readReason(token: string | undefined): DiversionReason {
  const lower = token?.toLowerCase() ?? 'unknown';
  return Object.hasOwn(causes, lower) ? (lower as DiversionReason) : 'unknown';
}

/** Undefined where the cause tells of no forwarding. */
export function reasonOfCause(cause: number): DiversionReason | undefined {
  switch (cause) {
    case 302:
      return 'unconditional';
    case 486:
      return 'user-busy';
    case 408:
      return 'no-answer';
    case 480:
    case 487:
      return 'deflection';
    case 503:
      return 'unavailable';
    default:
      return cause === translated ? undefined : 'unknown';
  }
}

export function causeOfDiversion({ cause, reason }: Diverted): number {
  return cause ?? causes[reason];
}

export function causeOfReason(reason: DiversionReason): number {
  return causes[reason];
}

/** How often a call was forwarded: what it says itself, and our own count of those it names. */
export function forwardings(history: readonly Diverted[]): number {
  let sum = 0;
  for (const { count } of history) sum += count;
  return sum;
}

/** The first and the last of a long history: who was called, and who sent the call here. They stand for those between. */
export function bounded(history: readonly Diverted[]): readonly Diverted[] {
  if (history.length <= mostForwardings) return history;
  const [first, ...rest] = history as readonly [Diverted, ...Diverted[]];
  const last = rest.slice(1 - mostForwardings);
  const left = forwardings(rest.slice(0, 1 - mostForwardings));
  return [first, { ...last[0]!, count: last[0]!.count + left }, ...last.slice(1)];
}

import type { Dice } from '../dice.ts';
import type { Favour } from './favours.ts';

/** What a caller has in mind. Times are ms. */
export interface CallerPlan {
  readonly offerless: boolean;
  readonly streams: number;
  /** Lines that make the INVITE too large for UDP. */
  readonly padding: number;
  readonly cancelAfter: number | undefined;
  /** Ends an early dialog by BYE in place of CANCEL (RFC 3261 15). */
  readonly byeEarly: boolean;
  /** It does without provisional responses that are not reliable. */
  readonly requires: boolean;
  readonly early: readonly EarlyDoing[];
  readonly talk: TalkPlan;
}

export interface CalleePlan {
  /** Silence before anything is said; provisional responses in turn, each by one of the forks. */
  readonly progress: readonly {
    readonly after: number;
    readonly status: number;
    readonly fork: number;
    readonly sdp: boolean;
    /** Where the caller takes it. */
    readonly reliable: boolean;
  }[];
  readonly final: { readonly after: number; readonly status: number } | undefined;
  readonly forks: number;
  /** Of its own offer, where the INVITE has none. */
  readonly streams: number;
  /** It takes video. */
  readonly video: boolean;
  /** Another fork answers as well, this long after the first. */
  readonly second: number | undefined;
  readonly early: readonly EarlyDoing[];
  /** Its 2xx says again what went reliably before. */
  readonly repeats: boolean;
  /** What its 2xx bears in place of SDP. */
  readonly bad: string | undefined;
  readonly talk: TalkPlan;
}

/** What an end does while it talks: in ms from the confirmation. */
export interface TalkPlan {
  readonly hangUpAfter: number | undefined;
  readonly doings: readonly { readonly after: number; readonly what: Doing }[];
}

/** What an end does before the answer: in ms from the first agreement. */
export interface EarlyDoing {
  readonly after: number;
  readonly what: 'hold' | 'resume' | 'move';
}

export type Doing =
  | 'hold'
  | 'resume'
  | 'move'
  | 'offerless'
  | Favour
  | 'touch'
  | 'fax'
  | 'update hold'
  | 'update move'
  | 'video';
const doings: readonly Doing[] = [
  'hold',
  'hold',
  'resume',
  'move',
  'offerless',
  'info',
  'options',
  'message',
  'refer',
  'refer',
  'refer quietly',
  'attend',
  'attend',
  'fax',
  'touch',
  'update hold',
  'update move',
  'video',
];

const refusals = [486, 486, 603, 600, 404, 480, 488, 403, 500, 503, 503, 408, 401, 302, 481, 482, 420, 606];

/** Both ends know the number, so half of the numbers make both hang up at the same time. */
function talkPlan(dice: Dice, number: string, patient: boolean): TalkPlan {
  let hash = 7;
  for (let i = 0; i < number.length; i++) hash = (hash * 31 + number.charCodeAt(i)) % 100_003;
  if (patient) {
    const doing = { after: dice.between(0, 150_000), what: dice.pick(doings) };
    return { hangUpAfter: dice.between(30_000, 250_000), doings: [doing] };
  }
  const together = hash % 5 === 0;
  const long = dice.chance(0.2);
  // The same for the offers: both make theirs at once.
  const glare = hash % 7 === 0 ? [{ after: hash % 3_000, what: 'hold' as const }] : [];
  return {
    hangUpAfter: together ? hash % 9_000 : dice.chance(0.3) ? undefined : dice.between(0, long ? 60_000 : 10_000),
    doings: dice.chance(0.5)
      ? glare
      : Array.from({ length: 1 + dice.integer(4) }, () => ({
          after: dice.between(0, 12_000),
          what: dice.pick(doings),
        })),
  };
}

function earlyPlan(dice: Dice): readonly EarlyDoing[] {
  if (dice.chance(0.4)) return [];
  return Array.from({ length: 1 + dice.integer(3) }, () => ({
    after: dice.between(0, dice.chance(0.5) ? 100 : 3_000),
    what: dice.pick(['hold', 'resume', 'move'] as const),
  }));
}

/** `patient`: who talks for minutes. */
export function callerPlan(dice: Dice, number: string, patient: boolean): CallerPlan {
  return {
    offerless: dice.chance(0.15),
    streams: dice.chance(0.15) ? 2 : 1,
    padding: dice.chance(0.06) ? 25 : 0,
    cancelAfter: dice.chance(0.25) ? dice.between(0, dice.chance(0.5) ? 300 : 12_000) : undefined,
    byeEarly: dice.chance(0.2),
    requires: dice.chance(0.1),
    early: earlyPlan(dice),
    talk: talkPlan(dice, number, patient),
  };
}

export function calleePlan(dice: Dice, number: string, patient: boolean): CalleePlan {
  const forks = dice.chance(0.2) ? 2 + dice.integer(2) : 1;
  const quick = dice.chance(0.4);
  const steps = dice.chance(0.15) ? 0 : 1 + dice.integer(3);
  const progress = Array.from({ length: steps }, () => ({
    after: dice.between(0, quick ? 200 : 2_500),
    status: dice.pick([180, 180, 183, 181]),
    fork: dice.integer(forks),
    sdp: dice.chance(0.4),
    reliable: dice.chance(0.7),
  }));
  const what = dice.integer(10);
  const after = dice.between(0, quick ? 100 : 8_000);
  return {
    progress,
    final: what < 6 ? { after, status: 200 } : what < 9 ? { after, status: dice.pick(refusals) } : undefined,
    forks,
    streams: dice.chance(0.15) ? 2 : 1,
    video: dice.chance(0.5),
    early: earlyPlan(dice),
    repeats: dice.chance(0.3),
    bad: dice.chance(0.03) ? dice.pick(['', 'v=0\r\n', 'rubbish']) : undefined,
    second: forks > 1 && dice.chance(0.5) ? dice.between(0, 3_000) : undefined,
    talk: talkPlan(dice, number, patient),
  };
}

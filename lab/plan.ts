/** What one call of the lab is to do: both ends and the verdict follow it. Times in ms. */
export interface CallPlan {
  /** 1, 2, 3 … */
  readonly number: number;
  readonly from: End;
  readonly caller: string;
  readonly called: string;
  /** The caller's preference; it offers both. */
  readonly law: 'PCMU' | 'PCMA';
  /** Hz. Every call has its own pitch, so a call joined to the wrong one is not heard. */
  readonly callerTone: number;
  readonly calleeTone: number;
  /** From ringing to the answer. */
  readonly ringMs: number;
  /** From the answer to BYE. */
  readonly talkMs: number;
  readonly hangsUp: Role;
  /** A re-INVITE puts the other on hold, and another one takes up the call again. */
  readonly hold?: { readonly by: Role; readonly afterMs: number; readonly forMs: number };
  /** The provider's first address refuses with 503, so the call has to go to the backup. */
  readonly detour: boolean;
}

export type End = 'pbx' | 'itsp';
export type Role = 'caller' | 'callee';

export const otherEnd = (end: End): End => (end === 'pbx' ? 'itsp' : 'pbx');

/**
 * Numbers that regulators keep for fiction: nobody is called by accident. The organisation's are those of one range, so a
 * call is known by its numbers for 900 calls.
 */
const organisation = (n: number) => `+493023125${100 + (n % 900)}`;
const world: readonly ((n: number) => string)[] = [
  (n) => `+442079460${`${n % 1000}`.padStart(3, '0')}`, // London
  (n) => `+121255501${`${n % 100}`.padStart(2, '0')}`, // New York
  (n) => `+3319900${`${n % 10_000}`.padStart(4, '0')}`, // Paris
  (n) => `+498999998${`${n % 1000}`.padStart(3, '0')}`, // Munich
];

/** The shortest talk in which a hold has room. */
const holdNeeds = 4_000;

/** The n-th call of the mix. `talkMs` undefined: 5 to 8 s. */
export function planCall(number: number, talkMs: number | undefined): CallPlan {
  const from = number % 2 === 1 ? 'pbx' : 'itsp';
  const inside = organisation(number);
  const outside = world[(number >> 1) % world.length]!(37 * number);
  const talk = talkMs ?? 5_000 + ((number * 7) % 13) * 250;
  const pitch = 40 * (number % 8);
  const tones = { pbx: 400 + pitch, itsp: 1000 + pitch };
  const holds = number % 5 === 3 && talk >= holdNeeds;
  return {
    number,
    from,
    caller: from === 'pbx' ? inside : outside,
    called: from === 'pbx' ? outside : inside,
    law: number % 3 === 0 ? 'PCMU' : 'PCMA',
    callerTone: tones[from],
    calleeTone: tones[otherEnd(from)],
    ringMs: 400 + (number % 4) * 150,
    talkMs: talk,
    hangsUp: number % 4 < 2 ? 'caller' : 'callee',
    ...(holds ? { hold: { by: number % 2 ? 'caller' : 'callee', afterMs: talk * 0.3, forMs: talk * 0.3 } } : {}),
    detour: from === 'pbx' && number % 10 === 7,
  };
}

import { describe, expect, test } from 'vitest';
import {
  atRest,
  type Carrier,
  carriers,
  type End,
  type OfferAnswerState,
  type Outcome,
  type Passing,
  step,
} from './machine.ts';

/** "us INVITE+": who sends what, with SDP. */
function passing(text: string): Passing {
  const sdp = text.endsWith('+');
  const [by, ...what] = (sdp ? text.slice(0, -1) : text).split(' ');
  return { by: by as End, what: what.join(' ') as Carrier, sdp };
}
const every: readonly Passing[] = (['us', 'peer'] as const).flatMap((by) =>
  carriers.flatMap((what) => [false, true].map((sdp) => ({ by, what, sdp }))),
);

function briefly(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'taken':
      return outcome.withdrawn ? 'withdrawn' : outcome.role;
    case 'crossing':
      return String(outcome.status);
    case 'wrong':
      return `wrong: ${outcome.why}`;
  }
}

function play(
  texts: readonly string[],
  from: OfferAnswerState = atRest,
): { readonly said: readonly string[]; readonly state: OfferAnswerState } {
  let state = from;
  const said = texts.map((text) => {
    const outcome = step(state, passing(text));
    state = outcome.state;
    return briefly(outcome);
  });
  return { said, state };
}

const mirror = (text: string) => (text.startsWith('us') ? text.replace('us', 'peer') : text.replace('peer', 'us'));

describe('the patterns of RFC 6337 table 1, from either end', () => {
  test.each<[string, readonly (readonly [string, string])[]]>([
    [
      '1: INVITE, 2xx',
      [
        ['us INVITE+', 'offer'],
        ['peer 2xx+', 'answer'],
        ['us ACK', 'none'],
      ],
    ],
    [
      '2: 2xx, ACK',
      [
        ['us INVITE', 'none'],
        ['peer 2xx+', 'offer'],
        ['us ACK+', 'answer'],
      ],
    ],
    [
      '3: INVITE, reliable 1xx',
      [
        ['us INVITE+', 'offer'],
        ['peer reliable 1xx+', 'answer'],
        ['us PRACK', 'none'],
        ['peer 2xx to PRACK', 'none'],
        ['peer 2xx', 'none'],
        ['us ACK', 'none'],
      ],
    ],
    [
      '4: reliable 1xx, PRACK',
      [
        ['us INVITE', 'none'],
        ['peer reliable 1xx+', 'offer'],
        ['us PRACK+', 'answer'],
        ['peer 2xx to PRACK', 'none'],
        ['peer 2xx', 'none'],
        ['us ACK', 'none'],
      ],
    ],
    [
      '5: PRACK, its 2xx',
      [
        ['us INVITE+', 'offer'],
        ['peer reliable 1xx+', 'answer'],
        ['us PRACK+', 'offer'],
        ['peer 2xx to PRACK+', 'answer'],
        ['peer 2xx', 'none'],
        ['us ACK', 'none'],
      ],
    ],
    [
      '6: UPDATE, its 2xx',
      [
        ['us UPDATE+', 'offer'],
        ['peer 2xx to UPDATE+', 'answer'],
      ],
    ],
    [
      '6 before the answer to the INVITE, by its callee',
      [
        ['us INVITE+', 'offer'],
        ['peer reliable 1xx+', 'answer'],
        ['us PRACK', 'none'],
        ['peer UPDATE+', 'offer'],
        ['us 2xx to UPDATE+', 'answer'],
        ['peer 2xx', 'none'],
        ['us ACK', 'none'],
      ],
    ],
    [
      'early media shown first (RFC 3261 13.2.1)',
      [
        ['us INVITE+', 'offer'],
        ['peer unreliable 1xx+', 'preview'],
        ['peer unreliable 1xx', 'none'],
        ['peer 2xx+', 'answer'],
        ['us ACK', 'none'],
      ],
    ],
    [
      'and a 2xx that leaves it at that',
      [
        ['us INVITE+', 'offer'],
        ['peer unreliable 1xx+', 'preview'],
        ['peer 2xx', 'none'],
        ['us ACK', 'none'],
      ],
    ],
    [
      'an answer said again',
      [
        ['us INVITE+', 'offer'],
        ['peer reliable 1xx+', 'answer'],
        ['us PRACK', 'none'],
        ['peer unreliable 1xx+', 'repeated'],
        ['peer reliable 1xx+', 'repeated'],
        ['us PRACK', 'none'],
        ['peer 2xx+', 'repeated'],
        ['us ACK+', 'ignored'],
      ],
    ],
    [
      'an offer in an unreliable response is none',
      [
        ['us INVITE', 'none'],
        ['peer unreliable 1xx+', 'ignored'],
        ['peer 2xx+', 'offer'],
        ['us ACK+', 'answer'],
      ],
    ],
  ])('%s', (_, steps) => {
    for (const turned of [(text: string) => text, mirror]) {
      const { said, state } = play(steps.map(([text]) => turned(text)));
      expect(said).toEqual(steps.map(([, role]) => role));
      expect(state).toEqual(atRest);
    }
  });
});

describe('what crosses (RFC 3261 14, RFC 3311 5.2)', () => {
  test.each<[string, readonly string[], string, string]>([
    ['INVITE and INVITE', ['us INVITE+'], 'peer INVITE+', '491'],
    ['INVITE and INVITE, neither with an offer', ['us INVITE'], 'peer INVITE', '491'],
    ['two INVITEs of one end', ['peer INVITE+'], 'peer INVITE+', '500'],
    ['INVITE while the 2xx of ours has an offer', ['peer INVITE', 'us 2xx+'], 'peer INVITE+', '491'],
    ['INVITE of the other end then', ['us INVITE', 'peer 2xx+'], 'peer INVITE+', '500'],
    ['UPDATE under an INVITE of ours', ['us INVITE+'], 'peer UPDATE+', '491'],
    ['UPDATE under an INVITE of its own', ['peer INVITE+'], 'peer UPDATE+', '500'],
    ['UPDATE under an INVITE without offer', ['us INVITE'], 'peer UPDATE+', '491'],
    ['UPDATE and UPDATE', ['us UPDATE+'], 'peer UPDATE+', '491'],
    ['two UPDATEs of one end', ['peer UPDATE+'], 'peer UPDATE+', '500'],
    ['INVITE under an UPDATE of ours', ['us UPDATE+'], 'peer INVITE+', '491'],
    [
      'UPDATE while ours has its offer in a PRACK',
      ['us INVITE+', 'peer reliable 1xx+', 'us PRACK+'],
      'peer UPDATE+',
      '491',
    ],
  ])('%s', (_, before, text, status) => {
    for (const turned of [(one: string) => one, mirror]) {
      const { state } = play(before.map(turned));
      const outcome = step(state, passing(turned(text)));
      expect(briefly(outcome)).toBe(status);
      expect(outcome.state).toBe(state);
    }
  });

  test('an UPDATE without offer crosses nothing', () => {
    for (const before of [['us INVITE+'], ['peer UPDATE+'], ['us INVITE']])
      expect(play([...before, 'peer UPDATE', 'us UPDATE']).said.slice(1)).toEqual(['none', 'none']);
  });

  test('an INVITE may follow a 2xx whose ACK is owed, by either end', () => {
    expect(play(['us INVITE+', 'peer 2xx+', 'us INVITE+', 'us ACK', 'peer 2xx+', 'us ACK']).said).toEqual([
      'offer',
      'answer',
      'offer',
      'none',
      'answer',
      'none',
    ]);
    expect(play(['us INVITE+', 'peer 2xx+', 'peer INVITE+', 'us ACK', 'us 2xx+', 'peer ACK']).said).toEqual([
      'offer',
      'answer',
      'offer',
      'none',
      'answer',
      'none',
    ]);
  });
});

describe('an offer that comes to nothing', () => {
  test.each<[string, readonly string[]]>([
    ['INVITE refused', ['us INVITE+', 'peer failure of INVITE']],
    ['INVITE refused after its preview', ['us INVITE+', 'peer unreliable 1xx+', 'peer failure of INVITE']],
    ['INVITE refused whose reliable offer waits', ['us INVITE', 'peer reliable 1xx+', 'peer failure of INVITE']],
    ['UPDATE refused', ['us UPDATE+', 'peer failure of UPDATE']],
    ['PRACK refused', ['us INVITE+', 'peer reliable 1xx+', 'us PRACK+', 'peer failure of PRACK']],
    ['no ACK to a 2xx over a reliable offer', ['us INVITE', 'peer reliable 1xx+', 'peer 2xx', 'us no ACK']],
    ['no ACK with the answer', ['us INVITE', 'peer 2xx+', 'us no ACK']],
  ])('%s', (_, texts) => {
    for (const turned of [(one: string) => one, mirror]) {
      const { said, state } = play(texts.map(turned));
      expect(said.at(-1)).toBe('withdrawn');
      expect(state.offer).toBeUndefined();
    }
  });

  test('a failure of what has no offer changes none', () => {
    const begun = play(['us UPDATE+']).state;
    for (const text of ['peer failure of INVITE', 'peer failure of PRACK', 'us failure of UPDATE', 'peer no ACK'])
      expect(step(begun, passing(text)).state).toEqual(begun);
    // Refused after the answer: the answered offer stands (RFC 6141).
    expect(play(['us INVITE+', 'peer reliable 1xx+', 'peer failure of INVITE']).said.at(-1)).toBe('none');
    // An UPDATE of its own outlives the INVITE that is refused over it.
    const update = play(['us INVITE+', 'peer reliable 1xx+', 'us UPDATE+', 'peer failure of INVITE']);
    expect(update.state.offer?.in).toBe('UPDATE');
  });
});

describe('what no RFC allows', () => {
  test.each<[string, readonly string[], string]>([
    ['a 2xx without the answer', ['us INVITE+', 'peer 2xx'], 'no answer to the offer'],
    ['an ACK without the answer', ['us INVITE', 'peer 2xx+', 'us ACK'], 'no answer to the offer'],
    ['a PRACK without the answer', ['us INVITE', 'peer reliable 1xx+', 'us PRACK'], 'no answer to the offer'],
    [
      'a 2xx to PRACK without the answer',
      ['us INVITE+', 'peer reliable 1xx+', 'us PRACK+', 'peer 2xx to PRACK'],
      'no answer to the offer',
    ],
    ['a 2xx to UPDATE without the answer', ['us UPDATE+', 'peer 2xx to UPDATE'], 'no answer to the offer'],
    ['neither offer nor 2xx with one', ['us INVITE', 'peer 2xx'], 'no offer'],
    [
      'a 2xx over an unanswered reliable offer',
      ['us INVITE', 'peer reliable 1xx+', 'peer 2xx'],
      'an offer waits for its answer',
    ],
    [
      'a second reliable offer over the first',
      ['us INVITE', 'peer reliable 1xx+', 'peer reliable 1xx+'],
      'an offer waits for its answer',
    ],
    ['an offer in PRACK over one in INVITE', ['us INVITE+', 'us PRACK+'], 'an offer waits for its answer'],
    ['an offer in PRACK before any answer', ['us INVITE', 'us PRACK+'], 'no offer was answered'],
    [
      'an ACK over an unanswered reliable offer',
      ['us INVITE', 'peer reliable 1xx+', 'peer 2xx', 'us ACK'],
      'no answer',
    ],
    ['a response to nobody', ['peer 2xx+'], 'no INVITE'],
    ['a response by who asked', ['us INVITE+', 'us reliable 1xx+'], 'no INVITE'],
    ['SDP in a PRACK of nothing', ['us PRACK+'], 'no INVITE'],
  ])('%s', (_, texts, why) => {
    for (const turned of [(one: string) => one, mirror])
      expect(play(texts.map(turned)).said.at(-1)).toContain(`wrong: ${why}`);
  });
});

describe('every state and every message', () => {
  const reached = new Map<string, OfferAnswerState>();
  const queue: OfferAnswerState[] = [atRest];
  for (let state = queue.pop(); state; state = queue.pop()) {
    const name = JSON.stringify(state);
    if (reached.has(name)) continue;
    reached.set(name, state);
    for (const one of every) queue.push(step(state, one).state);
  }
  const states = [...reached.values()];

  test('there are few states, and each of them is decided for each message', () => {
    expect(states.length).toBe(33);
    for (const state of states)
      for (const one of every) expect(['taken', 'crossing', 'wrong']).toContain(step(state, one).kind);
  });

  test('a message without SDP is neither offer nor answer, and one without offer under way answers none', () => {
    for (const state of states) {
      for (const one of every) {
        const outcome = step(state, one);
        if (outcome.kind !== 'taken') continue;
        if (!one.sdp) expect(['none', 'ignored']).toContain(outcome.role);
        if (outcome.role === 'answer') {
          expect(state.offer?.by).toBe(one.by === 'us' ? 'peer' : 'us');
          expect(outcome.state.offer).toBeUndefined();
        }
        if (outcome.role === 'offer') expect([state.offer, outcome.state.offer?.by]).toEqual([undefined, one.by]);
      }
    }
  });

  test('both ends see the same: what it is, and where it leads, turned about', () => {
    const turned = (text: string) =>
      JSON.parse(text.replaceAll('"us"', '"x"').replaceAll('"peer"', '"us"').replaceAll('"x"', '"peer"'));
    for (const state of states)
      for (const one of every) {
        const there = step(turned(JSON.stringify(state)), turned(JSON.stringify(one)));
        expect(there).toEqual(turned(JSON.stringify(step(state, one))));
      }
  });

  test('what crosses or is refused leaves all as it was, and an offer never goes without a word', () => {
    for (const state of states) {
      for (const one of every) {
        const outcome = step(state, one);
        if (outcome.kind === 'crossing') expect(outcome.state).toBe(state);
        if (!state.offer || outcome.state.offer) continue;
        const word =
          outcome.kind === 'wrong' || (outcome.kind === 'taken' && (outcome.withdrawn || outcome.role === 'answer'));
        expect(word || state.offer.previewed, JSON.stringify([state, one])).toBe(true);
      }
    }
  });

  test('from everywhere a way leads to rest', () => {
    const ends: readonly Carrier[] = ['failure of UPDATE', 'failure of PRACK', 'failure of INVITE', 'no ACK'];
    for (const from of states) {
      let state = from;
      for (const what of ends)
        for (const by of ['us', 'peer'] as const) state = step(state, { by, what, sdp: false }).state;
      expect(state, JSON.stringify(from)).toEqual(atRest);
    }
  });
});

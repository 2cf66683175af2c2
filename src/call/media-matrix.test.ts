import { describe, expect, test } from 'vitest';
import { cryptosOf, type SessionDescription } from '#codec/sdp';
import type { SrtpConfiguration, Transport } from '#policy/configuration';
import {
  allocate,
  bridge,
  crypto,
  type Face,
  key,
  keysIn,
  line,
  look,
  read,
  sdp,
  srtp,
} from './media-bridge.testing.ts';
import type { BridgeSide } from './media-bridge.ts';

type Mode = 'off' | 'optional' | 'required';
type Peer = 'plain' | 'secure' | 'crypto' | 'two-lines' | 'capability';
const modes: readonly Mode[] = ['off', 'optional', 'required'];
const transports: readonly Transport[] = ['tls', 'tcp', 'udp'];
const peers: readonly Peer[] = ['plain', 'secure', 'crypto', 'two-lines', 'capability'];

/** How peers of each kind offer. */
const offers: Readonly<Record<Peer, readonly string[]>> = {
  plain: line('RTP/AVP'),
  secure: line('RTP/SAVP', [crypto(1)]),
  crypto: line('RTP/AVP', [crypto(1)]),
  'two-lines': [...line('RTP/SAVP', [crypto(1)]), ...line('RTP/AVP')],
  capability: line('RTP/AVP', ['tcap:1 RTP/SAVP', 'pcfg:1 t=1', crypto(1)]),
};

/** What the peer gets for its offer, by our trunk's mode and transport. */
const answered: Readonly<Record<Transport, Readonly<Record<Mode, Readonly<Record<Peer, string>>>>>> = {
  tls: {
    off: { plain: 'AVP', secure: '488', crypto: 'AVP', 'two-lines': '- | AVP', capability: 'AVP' },
    optional: {
      plain: 'AVP',
      secure: 'SAVP+1',
      crypto: 'AVP+1',
      'two-lines': 'SAVP+1 | -',
      capability: 'SAVP+1 acfg',
    },
    required: {
      plain: '488',
      secure: 'SAVP+1',
      crypto: 'AVP+1',
      'two-lines': 'SAVP+1 | -',
      capability: 'SAVP+1 acfg',
    },
  },
  tcp: {
    off: { plain: 'AVP', secure: '488', crypto: 'AVP', 'two-lines': '- | AVP', capability: 'AVP' },
    optional: { plain: 'AVP', secure: '488', crypto: 'AVP', 'two-lines': '- | AVP', capability: 'AVP' },
    required: { plain: '488', secure: '488', crypto: '488', 'two-lines': '488', capability: '488' },
  },
  udp: {
    off: { plain: 'AVP', secure: '488', crypto: 'AVP', 'two-lines': '- | AVP', capability: 'AVP' },
    optional: { plain: 'AVP', secure: '488', crypto: 'AVP', 'two-lines': '- | AVP', capability: 'AVP' },
    required: { plain: '488', secure: '488', crypto: '488', 'two-lines': '488', capability: '488' },
  },
};

/** What the peer is offered, by our trunk's mode (and form of `optional`) and transport. */
const offered: Readonly<Record<Transport, Readonly<Record<string, string>>>> = {
  tls: {
    off: 'AVP',
    'optional crypto': 'AVP+1,2',
    'optional two-lines': 'SAVP+1,2 | AVP',
    'optional capability': 'AVP+1,2 tcap',
    required: 'SAVP+1,2',
  },
  tcp: {
    off: 'AVP',
    'optional crypto': 'AVP',
    'optional two-lines': 'AVP',
    'optional capability': 'AVP',
    required: '488',
  },
  udp: {
    off: 'AVP',
    'optional crypto': 'AVP',
    'optional two-lines': 'AVP',
    'optional capability': 'AVP',
    required: '488',
  },
};

/** How peers of each kind answer what they are offered ('refuses': with a 488 of their own), and what it is then. */
const answers: Readonly<Record<string, Readonly<Record<Peer, string>>>> = {
  AVP: { plain: 'AVP', secure: 'refuses', crypto: 'AVP', 'two-lines': 'AVP', capability: 'AVP' },
  'AVP+1,2': { plain: 'AVP', secure: 'refuses', crypto: 'AVP+1', 'two-lines': 'AVP', capability: 'AVP' },
  'AVP+1,2 tcap': {
    plain: 'AVP',
    secure: 'refuses',
    crypto: 'AVP+1',
    'two-lines': 'AVP',
    capability: 'SAVP+1 acfg',
  },
  'SAVP+1,2': {
    plain: 'refuses',
    secure: 'SAVP+1',
    crypto: 'SAVP+1',
    'two-lines': 'SAVP+1',
    capability: 'SAVP+1',
  },
  'SAVP+1,2 | AVP': {
    plain: '- | AVP',
    secure: 'SAVP+1 | -',
    crypto: 'SAVP+1 | -',
    'two-lines': 'SAVP+1 | -',
    capability: 'SAVP+1 | -',
  },
};

/** The answer that a word of the table above stands for. */
function answerOf(word: string): SessionDescription {
  const media = word.split(' | ').flatMap((one) => {
    if (one === '-') return line('RTP/AVP', [], 0);
    const [profile = '', acfg] = one.split(' ');
    const lines = [...(profile.includes('+') ? [crypto(1, key(1))] : []), ...(acfg ? ['acfg:1 t=1'] : [])];
    return line(`RTP/${profile.split('+')[0]}`, lines);
  });
  return sdp(media, '192.0.2.2');
}

const faceOf = (mode: string, transport: Transport): Face => {
  const [name, offer = 'crypto'] = mode.split(' ');
  if (name === 'off') return { transport };
  const form = offer as SrtpConfiguration['offer'];
  return { transport, srtp: srtp(name as SrtpConfiguration['mode'], { offer: form }) };
};

const isSecure = (word: string) => word.includes('+');

/** One exchange, `from` offering. Every word that the tables know is checked; what the media process is told, too. */
function exchange(from: BridgeSide, mode: Mode, transport: Transport, peer: Peer): void {
  for (const theirTransport of transports) {
    for (const [theirMode, seen] of Object.entries(offered[theirTransport])) {
      for (const theirPeer of peers) {
        const to = from === 'a' ? 'b' : 'a';
        const mine = faceOf(mode, transport);
        const theirs = faceOf(theirMode, theirTransport);
        const media = from === 'a' ? bridge(mine, theirs) : bridge(theirs, mine);
        const said = sdp(offers[peer]);
        const expected = answered[transport][mode][peer];

        const fault = media.offer(from, said);
        expect(fault === undefined ? 'taken' : '488').toBe(expected === '488' ? '488' : 'taken');
        if (fault !== undefined) return;
        allocate(media);
        const offer = media.translateOffer();
        if (seen === '488') {
          expect(offer).toHaveProperty('fault');
          continue;
        }
        const told = 'body' in offer ? offer.body : '';
        expect(look(read(told))).toBe(seen);
        expect(told).not.toContain(key(0));
        const word = answers[seen]![theirPeer];
        if (word === 'refuses') continue;
        const answer = media.answer(answerOf(word));
        const shown = 'body' in answer ? answer.body : '';
        expect(look(read(shown))).toBe(expected);
        expect(shown).not.toContain(key(1));

        const plan = media.plan(0).streams;
        expect(plan).toHaveLength(1);
        const { [from]: ours, [to]: others } = plan[0]!;
        expect(ours.srtp?.receive?.inline).toBe(isSecure(expected) ? key(0) : undefined);
        expect(ours.srtp?.send.inline).toBe(keysIn(shown).flat()[0]);
        expect(others.srtp?.receive?.inline).toBe(isSecure(word) ? key(1) : undefined);
        const line = answerOf(word).media.findIndex(({ port }) => port !== 0);
        const keyTold = read(told).media[line]!;
        expect(others.srtp?.send.inline).toBe(
          isSecure(word) ? cryptosOf(keyTold.lines).find(({ tag }) => tag === 1)!.keys[0]!.inline : undefined,
        );
        expect(ours.sends && others.sends).toBe(true);
      }
    }
  }
}

describe.each(['a', 'b'] as const)('side %s offers', (from) => {
  describe.each(modes)('its trunk has SRTP %s', (mode) => {
    describe.each(transports)('over %s', (transport) => {
      test.each(peers)('a peer that offers %s, to every kind of other side', (peer) => {
        exchange(from, mode, transport, peer);
      });
    });
  });
});

test('keys may cross signalling in the clear where somebody said so', () => {
  for (const transport of ['udp', 'tcp'] as const) {
    const face: Face = { transport, srtp: srtp('required', { keysInClear: true }) };
    const media = bridge(face, face);
    expect(media.offer('a', sdp(offers.secure))).toBeUndefined();
    allocate(media);
    const offer = media.translateOffer();
    expect('body' in offer && look(read(offer.body))).toBe('SAVP+1,2');
  }
});

test('the tables have no hole', () => {
  for (const transport of transports) {
    expect(Object.keys(answered[transport])).toEqual([...modes]);
    for (const mode of modes) expect(Object.keys(answered[transport][mode])).toEqual([...peers]);
    for (const word of Object.values(offered[transport]))
      if (word !== '488') expect(Object.keys(answers[word]!)).toEqual([...peers]);
  }
});

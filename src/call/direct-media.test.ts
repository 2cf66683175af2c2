import { describe, expect, test } from 'vitest';
import type { SessionDescription } from '#codec/sdp';
import type { Configuration, Trunk } from '#policy/configuration';
import type { FlowTransport } from '#sip/flow';
import { anchoredSince, type DirectEnd } from './direct-media.ts';
import { crypto, line, sdp, srtp } from './media-bridge.testing.ts';

/** Two that are well connected: what is asked here is whether one of them needs us all the same (docs/media-bypass.md). */
const configuration = { media: { mode: 'anchor', bypass: { by: 'always', unmapped: false } } } as Configuration;

type Settings = Pick<Trunk, 'srtp' | 'dtmf' | 'codecs' | 'media' | 'fax' | 'hold' | 'ringback' | 'offer'>;

function end(name: string, settings: Settings, transport: FlowTransport = 'tls'): DirectEnd {
  const trunk = { name, side: 'internal', addresses: [], mediaBypass: true, ...settings } as unknown as Trunk;
  return { trunk, address: '192.0.2.1', transport };
}

const why = (from: DirectEnd, to: DirectEnd, offer: SessionDescription | undefined) =>
  anchoredSince({ configuration }, from, to, offer);
const way = (...question: Parameters<typeof why>) => (why(...question) === undefined ? 'past us' : 'anchored');

type Offered = 'plain' | 'secure' | 'crypto' | 'two-lines' | 'two-lines-plain-first' | 'capability' | 'dtls' | 'none';
const offers: Readonly<Record<Offered, SessionDescription | undefined>> = {
  plain: sdp(line('RTP/AVP')),
  secure: sdp(line('RTP/SAVP', [crypto(1)])),
  crypto: sdp(line('RTP/AVP', [crypto(1)])),
  'two-lines': sdp([...line('RTP/SAVP', [crypto(1)]), ...line('RTP/AVP')]),
  'two-lines-plain-first': sdp([...line('RTP/AVP'), ...line('RTP/SAVP', [crypto(1)])]),
  capability: sdp(line('RTP/AVP', ['tcap:1 RTP/SAVP', 'pcfg:1 t=1', crypto(1)])),
  dtls: sdp(line('UDP/TLS/RTP/SAVPF', ['fingerprint:sha-256 AA:BB'])),
  none: undefined,
};

const modes = ['off', 'optional', 'required'] as const;
type Mode = (typeof modes)[number];
const having = (mode: Mode, keysInClear = false): Settings =>
  mode === 'off' ? {} : { srtp: srtp(mode, { keysInClear }) };

describe('SRTP (BYP-13): by what is offered, what the caller has, and what the called trunk has', () => {
  /** Of a caller that has none, has it if asked, or has to have it: to off, optional, required. */
  const choice = {
    off: 'past us, past us, past us',
    optional: 'past us, past us, past us',
    required: 'anchored, past us, past us',
  };
  const table: Readonly<Record<Offered, Readonly<Record<Mode, string>>>> = {
    secure: {
      off: 'anchored, past us, past us',
      optional: 'anchored, past us, past us',
      required: 'anchored, past us, past us',
    },
    crypto: choice,
    'two-lines': choice,
    'two-lines-plain-first': choice,
    capability: choice,
    plain: {
      off: 'past us, past us, anchored',
      optional: 'past us, past us, anchored',
      required: 'anchored, anchored, anchored',
    },
    dtls: choiceOf('past us'),
    none: {
      off: 'past us, anchored, anchored',
      optional: 'anchored, past us, anchored',
      required: 'anchored, anchored, past us',
    },
  };

  test.each(Object.keys(table) as Offered[])('%s', (offered) => {
    for (const own of modes) {
      const ways = modes.map((theirs) =>
        way(end('phone', having(own)), end('gateway', having(theirs)), offers[offered]),
      );
      expect(`${own}: ${ways.join(', ')}`).toBe(`${own}: ${table[offered][own]}`);
    }
  });

  test.each([
    ['tls', 'tls', false, false, 'past us'],
    ['tcp', 'tls', false, false, 'anchored'],
    ['tls', 'udp', false, false, 'anchored'],
    ['udp', 'tls', true, false, 'past us'],
    ['tls', 'udp', false, true, 'past us'],
    ['udp', 'tcp', true, false, 'anchored'],
    ['udp', 'tcp', true, true, 'past us'],
  ] as const)('keys from %s to %s, where they may be in clear: %s, %s', (here, there, ours, theirs, expected) => {
    const [from, to] = [
      end('phone', having('optional', ours), here),
      end('gateway', having('optional', theirs), there),
    ];
    for (const offered of ['secure', 'crypto', 'two-lines', 'capability'] as const)
      expect([offered, way(from, to, offers[offered])]).toEqual([offered, expected]);
    // Without keys there is nothing to be told.
    expect(way(from, to, offers.plain)).toBe('past us');
    expect(way(from, to, offers.dtls)).toBe('past us');
  });

  test('whoever makes the offer is not known to have keys that could not cross to the other', () => {
    const of = (mode: Mode, transport: FlowTransport) => end(transport, having(mode), transport);
    expect(way(of('required', 'udp'), of('required', 'tls'), undefined)).toBe('anchored');
    expect(way(of('required', 'udp'), of('required', 'udp'), undefined)).toBe('anchored');
    expect(way(of('optional', 'udp'), of('off', 'tls'), undefined)).toBe('past us');
  });

  test('a line that is refused says nothing; each other one counts', () => {
    const [none, all] = [end('phone', {}), end('gateway', having('required'))];
    const audio = line('RTP/SAVP', [crypto(1)]);
    const video = (protocol: string, port: number) => line(protocol, [], port, 'video');
    expect(why(none, all, sdp([...audio, ...video('RTP/AVP', 0)]))).toBeUndefined();
    expect(why(none, all, sdp([...audio, ...video('RTP/AVP', 4002)]))).toBe(
      'trunk gateway requires SRTP, and none is offered',
    );
  });

  test('T.38 can have no keys: where SRTP is required it is ours to refuse', () => {
    const fax = sdp(line('udptl', [], 4000, 'image'));
    expect(why(end('phone', {}), end('gateway', having('required')), fax)).toBe(
      'trunk gateway requires SRTP, and none is offered',
    );
    expect(way(end('phone', having('optional')), end('gateway', having('optional')), fax)).toBe('past us');
  });
});

/** The same whatever either side has. */
function choiceOf(one: string): Readonly<Record<Mode, string>> {
  const all = [one, one, one].join(', ');
  return { off: all, optional: all, required: all };
}

describe('digits', () => {
  const forms = [undefined, 'rtp-event', 'info', 'info-dtmf', 'inband'] as const;
  const events = sdp(['m=audio 4000 RTP/AVP 8 101', 'a=rtpmap:101 telephone-event/8000']);
  const ways = (offer: SessionDescription | undefined) =>
    forms.map((own) => {
      const to = forms.map((theirs) =>
        way(end('phone', own ? { dtmf: own } : {}), end('gateway', theirs ? { dtmf: theirs } : {}), offer),
      );
      return `${own ?? 'as they come'}: ${to.map((one) => (one === 'past us' ? '+' : '-')).join('')}`;
    });

  test('one form on both sides, or events on both: past us', () => {
    expect(ways(events)).toEqual([
      'as they come: ++---',
      'rtp-event: ++---',
      'info: --+--',
      'info-dtmf: ---+-',
      'inband: ----+',
    ]);
  });

  test('where events are wanted and none are offered we are the one to make them', () => {
    expect(ways(offers.plain)).toEqual([
      'as they come: +----',
      'rtp-event: -----',
      'info: --+--',
      'info-dtmf: ---+-',
      'inband: ----+',
    ]);
    const wanting = end('gateway', { dtmf: 'rtp-event' });
    expect(why(wanting, wanting, offers.plain)).toBe('trunk gateway wants telephone-event, and none is offered');
    expect(why(end('phone', {}), wanting, offers.plain)).toBe('digits are told otherwise on trunk gateway');
  });

  test('without an offer: one form on both sides alone', () => {
    expect(ways(undefined)).toEqual([
      'as they come: +----',
      'rtp-event: -+---',
      'info: --+--',
      'info-dtmf: ---+-',
      'inband: ----+',
    ]);
  });

  test('each line with sound has to have events; a picture or a fax needs none', () => {
    const wanting = end('gateway', { dtmf: 'rtp-event' });
    const of = (...media: readonly string[]) => way(end('phone', {}), wanting, sdp(media));
    const [sound, deaf] = [['m=audio 4000 RTP/AVP 8 101', 'a=rtpmap:101 telephone-event/8000'], line('RTP/AVP')];
    expect(of(...sound, ...line('RTP/AVP', [], 4002, 'video'))).toBe('past us');
    expect(of(...sound, ...deaf)).toBe('anchored');
    expect(of(...sound, ...line('RTP/AVP', [], 0))).toBe('past us');
    // A call that becomes a fax goes on as it went.
    expect(of(...line('RTP/AVP', [], 0), ...line('udptl', [], 4000, 'image'))).toBe('past us');
  });
});

describe('fax', () => {
  const [voice, fax] = [line('RTP/AVP'), line('udptl', [], 4000, 'image')];
  const [takes, takesNone] = [end('takes', { fax: 't38' }), end('takes-none', { fax: 'audio' })];
  test.each([
    ['voice alone', sdp(voice), 'past us'],
    ['T.38 alone, as the re-INVITE of a gateway has it', sdp(fax), 'anchored'],
    ['T.38 beside voice', sdp([...voice, ...fax]), 'anchored'],
    ['voice, T.38 refused', sdp([...voice, ...line('udptl', [], 0, 'image')]), 'past us'],
    ['nothing', undefined, 'past us'],
  ] as const)('%s, where one takes no T.38', (_name, offer, expected) => {
    expect(way(takes, takesNone, offer)).toBe(expected);
    expect(way(takesNone, takes, offer)).toBe(expected);
    expect(way(takes, takes, offer)).toBe('past us');
  });
});

describe('what else has a call anchored', () => {
  const plain = end('phone', {});
  const codecs = (more: object = {}) =>
    ({ allow: ['PCMA'], deny: [], order: [], ...more }) as unknown as NonNullable<Trunk['codecs']>;
  const g729 = sdp(['m=audio 4000 RTP/AVP 8 18']);
  const long = sdp(line('RTP/AVP', ['ptime:30']));
  test.each<[string, Settings, SessionDescription | undefined, as: 'caller' | 'called' | 'both']>([
    ['a form of hold of its own', { hold: 'inactive' }, offers.plain, 'both'],
    ['a tone of ours while it rings', { ringback: 'tone' }, offers.plain, 'caller'],
    ['its own offer', { offer: 'delayed' }, offers.plain, 'called'],
    ['an offer where there is none', { offer: 'early' }, undefined, 'called'],
    ['a codec that it does not take', { codecs: codecs() }, g729, 'both'],
    ['some codecs, and who knows which come', { codecs: codecs() }, undefined, 'both'],
    ['other packet times', { codecs: codecs({ ptime: 20 }) }, long, 'both'],
    ['no picture', { media: ['audio'] }, sdp(line('RTP/AVP', [], 4000, 'video')), 'both'],
  ])('%s', (_name, settings, offer, as) => {
    const needing = end('gateway', settings);
    expect(way(needing, plain, offer)).toBe(as === 'called' ? 'past us' : 'anchored');
    expect(way(plain, needing, offer)).toBe(as === 'caller' ? 'past us' : 'anchored');
  });

  test.each<[string, Settings, SessionDescription | undefined]>([
    ['a codec that it takes', { codecs: codecs() }, offers.plain],
    ['the usual packet time', { codecs: codecs({ ptime: 20 }) }, offers.plain],
    ['a picture that is refused', { media: ['audio'] }, sdp([...line('RTP/AVP'), ...line('RTP/AVP', [], 0, 'video')])],
    ['an offer, and there is one', { offer: 'early' }, offers.plain],
    ['the tone of the far side', { ringback: 'phone' }, offers.plain],
  ])('nothing for %s', (_name, settings, offer) => {
    const needing = end('gateway', settings);
    expect([why(needing, plain, offer), why(plain, needing, offer)]).toEqual([undefined, undefined]);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatSdp } from '#codec/sdp';
import {
  answer,
  bridge,
  crypto,
  key,
  line,
  look,
  offer,
  read,
  sdp,
  seen,
  sideOf,
  srtp,
  stream,
  streams,
} from './media-bridge.testing.ts';

/** T.38 as a gateway says it (T.38 D.2.3), with all that two gateways agree on. */
const parameters = [
  'T38FaxVersion:3',
  'T38MaxBitRate:33600',
  'T38FaxFillBitRemoval',
  'T38FaxTranscodingMMR:0',
  'T38FaxRateManagement:transferredTCF',
  'T38FaxMaxBuffer:1800',
  'T38FaxMaxDatagram:400',
  'T38FaxUdpEC:t38UDPRedundancy',
  'T38ModemType:t38G3FaxGateway',
];
const t38 = (port = 4004, protocol = 'udptl', more: readonly string[] = []) =>
  line(protocol, [...parameters, ...more], port, 'image');
const voice = stream('audio 8,13');
const noVoice = stream('audio:0 8');
const called = '192.0.2.2';

/** A call with voice on stream 0 between two trunks. */
function talking(a = {}, b = {}) {
  const media = bridge(a, b);
  offer(media, 'a', sdp(voice));
  answer(media, sdp(voice, called));
  return media;
}

const planOf = (media: ReturnType<typeof bridge>) =>
  media.plan(0).streams.map(({ media, protocol }) => (protocol ? `${media} ${protocol}` : media));

describe('T.38 passes', () => {
  test('in place of voice, on its line, port and stream; what the two agree on as they say it', () => {
    const media = talking();
    const asked = read(offer(media, 'b', sdp(t38(), called)));
    expect(asked.media).toHaveLength(1);
    expect(asked.media[0]).toMatchObject({ media: 'image', port: 20_000, protocol: 'udptl', formats: ['t38'] });
    expect(asked.media[0]!.lines.map(({ value }) => value)).toEqual(parameters);
    const lower = parameters.map((one) => one.replace('Version:3', 'Version:0'));
    const told = read(answer(media, sdp(line('udptl', lower, 4008, 'image'))));
    expect(told.media[0]!.lines.map(({ value }) => value)).toEqual(lower);
    expect(told.media[0]).toMatchObject({ media: 'image', port: 20_002 });
    expect(planOf(media)).toEqual(['image udptl']);
    expect(sideOf(media, 'a').remote?.rtp).toEqual({ host: '192.0.2.1', port: 4008 });
    expect(sideOf(media, 'b').remote?.rtp).toEqual({ host: called, port: 4004 });
  });

  test('and gives way to voice again, under the payload types of before', () => {
    const media = talking();
    const opus = (n: number) => sdp(stream(`audio ${n}=opus/48000/2`), called);
    offer(media, 'b', opus(111));
    answer(media, sdp(stream('audio 111=opus/48000/2')));
    offer(media, 'a', sdp(stream('audio 96=opus/48000/2')));
    answer(media, opus(111));
    expect(sideOf(media, 'a').payloadTypes).toEqual({ 96: 111 });
    offer(media, 'b', sdp(t38(), called));
    answer(media, sdp(t38()));
    expect(sideOf(media, 'a').payloadTypes).toBeUndefined();
    expect(seen(offer(media, 'a', sdp(stream('audio 96=opus/48000/2'))))).toEqual(['audio 111=opus/48000/2']);
    answer(media, opus(111));
    expect(planOf(media)).toEqual(['audio']);
    expect(sideOf(media, 'a').payloadTypes).toEqual({ 96: 111 });
  });

  test('on a line of its own beside voice at port 0, and voice comes back on its own line', () => {
    const media = talking();
    expect(look(read(offer(media, 'a', sdp([...noVoice, ...t38()]))))).toBe('- | udptl');
    expect(look(read(answer(media, sdp([...noVoice, ...t38()], called))))).toBe('- | udptl');
    expect(planOf(media)).toEqual(['audio', 'image udptl']);
    expect(look(read(offer(media, 'b', sdp([...voice, ...t38(0)], called))))).toBe('AVP | -');
    answer(media, sdp([...voice, ...t38(0)]));
    expect(sideOf(media, 'a', 1).remote).toBeUndefined();
    expect(sideOf(media, 'a').remote).toBeDefined();
  });

  test('what has left out its line of T.38 gets it at port 0 (RFC 3264 8: lines are not taken away)', () => {
    const media = talking();
    offer(media, 'a', sdp([...noVoice, ...t38()]));
    answer(media, sdp([...noVoice, ...t38()], called));
    const asked = read(offer(media, 'a', sdp(voice)));
    expect(asked.media[1]).toEqual({ media: 'image', port: 0, protocol: 'udptl', formats: ['t38'], lines: [] });
  });

  test('beside voice in the first offer, taken or not', () => {
    for (const taken of [0, 4004]) {
      const media = bridge({}, {});
      offer(media, 'a', sdp([...voice, ...t38()]));
      const told = look(read(answer(media, sdp([...voice, ...t38(taken)], called))));
      expect(told).toBe(taken === 0 ? 'AVP | -' : 'AVP | udptl');
    }
  });

  test('and nothing but it in the first offer', () => {
    const media = bridge({}, {});
    expect(look(read(offer(media, 'a', sdp(t38()))))).toBe('udptl');
    answer(media, sdp(t38(), called));
    expect(planOf(media)).toEqual(['image udptl']);
  });

  test.each([
    ['udptl', 'UDPTL'],
    ['UDPTL', 'udptl'],
  ])('%s is answered by what it said, also where the other side says %s', (asks, answers) => {
    const media = talking();
    expect(read(offer(media, 'a', sdp(t38(4004, asks)))).media[0]!.protocol).toBe(asks);
    const said = sdp(t38(4004, answers), called);
    const shouted = { ...said, media: said.media.map((one) => ({ ...one, formats: ['T38'] })) };
    expect(read(answer(media, shouted)).media[0]).toMatchObject({ protocol: asks, formats: ['t38'] });
    expect(planOf(media)).toEqual(['image udptl']);
  });

  test('answered at port 0: nobody hears anything until voice comes back, without noise', () => {
    const media = talking();
    offer(media, 'a', sdp(t38()));
    expect(look(read(answer(media, sdp(t38(0), called))))).toBe('-');
    expect(planOf(media)).toEqual(['audio']);
    expect(seen(offer(media, 'a', sdp(voice)))).toEqual(['audio 8']);
  });
});

describe('who takes T.38', () => {
  test.each([
    [{}, true],
    [{ fax: 't38' }, true],
    [{ fax: 'audio' }, false],
    [{ media: ['audio'] }, false],
    [{ media: ['audio', 'image'] }, true],
    [{ media: ['audio'], fax: 't38' }, true],
    [{ media: ['audio', 'image'], fax: 'audio' }, false],
    [{ srtp: srtp('optional') }, true],
    [{ srtp: srtp('required') }, false],
    [{ srtp: srtp('required'), fax: 't38' }, false],
  ] as const)('%o: %s, as the one who offers and as the other', (face, takes) => {
    const secured = 'srtp' in face ? line('RTP/SAVP', [crypto(1, key(0))]) : voice;
    const asking = bridge(face, {});
    offer(asking, 'a', sdp(secured));
    answer(asking, sdp(voice, called));
    expect(asking.offer('a', sdp(t38())) === undefined).toBe(takes);

    const asked = bridge({}, face);
    offer(asked, 'a', sdp(voice));
    answer(asked, sdp(secured, called));
    expect(asked.offer('a', sdp(t38()))).toBeUndefined();
    expect('body' in asked.translateOffer()).toBe(takes);
    // The voice that stands goes on.
    asked.withdraw();
    expect(planOf(asked)).toEqual(['audio']);
    expect(asked.state.a.layout).toEqual([0]);
  });

  test('who does not hears of voice alone, of an offer of both', () => {
    const media = bridge({}, { fax: 'audio' });
    expect(look(read(offer(media, 'a', sdp([...voice, ...t38()]))))).toBe('AVP | -');
    expect(look(read(answer(media, sdp([...voice, ...t38(0)], called))))).toBe('AVP | -');
  });

  test.each(['tcp', 'TCP', 'TCPTL'])('nobody by %s', (protocol) => {
    expect(talking({ fax: 't38' }, {}).offer('a', sdp(t38(4004, protocol)))).toBe('T.38 is taken over UDPTL alone');
  });

  test('another kind of image is no fax', () => {
    const media = bridge({ fax: 'audio' }, {});
    const picture = sdp(['m=image 4004 TCP/MSRP *']);
    expect(media.offer('a', picture)).toBeUndefined();
  });

  test('T.38 that is answered by voice is no agreement, and changes nothing', () => {
    const media = talking();
    offer(media, 'a', sdp(t38()));
    const before = structuredClone(media.state.streams);
    expect(media.answer(sdp(voice, called))).toEqual({ fault: 'image is answered by audio', staysVoice: true });
    expect(media.state.streams).toEqual(before);
  });
});

describe('voice for the tones of a modem', () => {
  const tones = 'silenceSupp:off - - - -';

  test('has no comfort noise, in offer and answer, and says what it is', () => {
    const media = talking();
    expect(seen(offer(media, 'a', sdp(stream(`audio 8,13`).concat(`a=${tones}`))))).toEqual([`audio 8 ${tones}`]);
    expect(seen(answer(media, sdp(voice, called)))).toEqual(['audio 8']);
  });

  test('so has voice-band data by its other name (V.152)', () => {
    const media = talking();
    const asked = sdp([...stream('audio 8,13'), 'a=gpmd:8 vbd=yes;ecan=off']);
    expect(seen(offer(media, 'a', asked))[0]).toMatch(/^audio 8 /);
  });

  test('it is left alone that a pause may be told', () => {
    expect(seen(offer(talking(), 'a', sdp([...voice, 'a=silenceSupp:on - - - -'])))[0]).toMatch(/^audio 8,13 /);
  });

  test('once T.38 was refused voice is for a modem, until there is a fax after all', () => {
    const media = talking();
    offer(media, 'b', sdp(t38(), called));
    media.withdraw();
    expect(seen(offer(media, 'b', sdp(voice, called)))).toEqual(['audio 8']);
    expect(seen(answer(media, sdp(voice)))).toEqual(['audio 8']);
    // A checkpoint keeps it.
    expect(media.state.fax).toBe(true);
    offer(media, 'b', sdp(t38(), called));
    answer(media, sdp(t38()));
    expect(seen(offer(media, 'b', sdp(voice, called)))).toEqual(['audio 8,13']);
    expect(media.state).not.toHaveProperty('fax');
  });

  test('no keys are heard in it', () => {
    const media = talking({ dtmf: 'inband' }, { dtmf: 'info' });
    expect(sideOf(media, 'a').digits).toMatchObject({ as: 'told', tones: true });
    offer(media, 'a', sdp([...voice, `a=${tones}`]));
    answer(media, sdp(voice, called));
    expect(sideOf(media, 'a').digits?.tones).toBeUndefined();
    offer(media, 'a', sdp(voice));
    answer(media, sdp(voice, called));
    expect(sideOf(media, 'a').digits).toMatchObject({ tones: true });
  });

  test('T.38 beside voice says nothing of the kind', () => {
    const media = bridge({}, {});
    expect(seen(offer(media, 'a', streams(['audio 8,13', 'video 34'])))).toEqual(['audio 8,13', 'video 34']);
    media.withdraw();
    const both = look(read(offer(media, 'a', sdp([...voice, ...t38()]))));
    expect([both, media.state.fax]).toEqual(['AVP | udptl', undefined]);
  });
});

describe('whatever two gateways ask for in turn', () => {
  /** What a side that has so many lines says; `on`: the fax on the voice's line, or on the next. */
  const says = (what: 'voice' | 'fax' | 'fax beside', lines: number) => {
    const count = Math.max(lines, what === 'fax beside' ? 2 : 1);
    const first = what === 'voice' ? voice : what === 'fax' ? t38() : noVoice;
    const second = what === 'fax beside' ? t38(4008) : t38(0);
    return Array.from({ length: count }, (_, at) => (at === 0 ? first : at === 1 ? second : t38(0))).flat();
  };
  const step = fc.record({
    from: fc.constantFrom('a', 'b'),
    what: fc.constantFrom('voice', 'fax', 'fax beside'),
    comes: fc.constantFrom('taken', 'taken', 'refused', 'port 0'),
  });

  test('lines stay where they are, a refusal changes nothing, and the relay does what was agreed on', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const media = talking();
        for (const { from, what, comes } of steps) {
          const to = from === 'a' ? 'b' : 'a';
          const [was, plan, layouts] = [
            structuredClone(media.state.streams),
            planOf(media),
            media.state[to].layout.length,
          ];
          const asked = read(offer(media, from, sdp(says(what, media.state[from].layout.length))));
          expect(asked.media.length).toBeGreaterThanOrEqual(layouts);
          const live = asked.media.filter(({ port }) => port !== 0);
          expect(live.map((one) => one.media)).toEqual([what === 'voice' ? 'audio' : 'image']);
          if (comes === 'refused') {
            media.withdraw();
            expect([media.state.streams, planOf(media), media.state[to].layout.length]).toEqual([was, plan, layouts]);
            continue;
          }
          const port = (offered: number) => (offered === 0 || comes === 'port 0' ? 0 : 5000);
          const said = { ...asked, media: asked.media.map((one) => ({ ...one, port: port(one.port) })) };
          const told = read(answer(media, read(formatSdp(said))));
          expect(told.media).toHaveLength(media.state[from].layout.length);
          const runs = media.plan(0).streams.filter(({ a, b }) => a.sends && b.sends);
          expect(runs.map((one) => one.media).join()).toBe(comes === 'port 0' ? '' : live[0]!.media);
          for (const { media: type, protocol } of runs) expect(protocol).toBe(type === 'image' ? 'udptl' : undefined);
        }
      }),
    );
  });
});

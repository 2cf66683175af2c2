import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CodecPolicy } from '#policy/configuration';
import {
  allocate,
  answer,
  attach,
  bridge,
  type Face,
  key,
  offer,
  read,
  sdp,
  secure,
  seen,
  sideOf,
  srtp,
  stream,
  streams,
  versionOf,
} from './media-bridge.testing.ts';
import type { MediaBridge } from './media-bridge.ts';

const allow = (...names: string[]): Pick<Face, 'codecs'> => ({ codecs: { allow: names } });
const opus = (type = 96) => `${type}=opus/48000/2`;
const event = (type = 101) => `${type}=telephone-event/8000`;
const there = (texts: readonly string[]) => streams(texts, '192.0.2.2');

/** What b sees of an offer by a, and what a sees of the answer. */
function through(media: MediaBridge, offered: readonly string[], answered?: readonly string[]) {
  const told = seen(offer(media, 'a', streams(offered)));
  return [told, seen(answer(media, there(answered ?? told)))];
}

describe('codecs', () => {
  test('without a list all pass as they are, octet for octet', () => {
    const media = bridge({}, {});
    const text = [`audio 0,8,${opus()},foo,${event()} fmtp:96_useinbandfec=1 x-odd`.replaceAll('_', ' ')];
    expect(seen(offer(media, 'a', streams(text)))).toEqual(
      seen(text.map((one) => `v=0\r\no=- 1 1 IN IP4 1.1.1.1\r\ns=-\r\nt=0 0\r\n${stream(one).join('\r\n')}\r\n`)[0]!),
    );
  });

  test('static types need no rtpmap, names may be in any case, companions stay with their codec', () => {
    const media = bridge({}, allow('pcmu', 'G729', 'cn', 'Telephone-Event'));
    expect(through(media, [`audio 18,8,0,13,${event()}`])[0]).toEqual([`audio 0,18,13,${event()}`]);
    const fault = bridge({}, allow('PCMU', 'telephone-event'));
    expect(fault.offer('a', streams([`audio 8,${event()}`]))).toBeUndefined();
    allocate(fault);
    expect(fault.translateOffer()).toEqual({ fault: 'there is no codec that is allowed' });
  });

  test('what carries codecs goes with them (RFC 2198)', () => {
    const red = (face: Face) =>
      seen(offer(bridge({}, face), 'a', sdp([...stream('audio 97=red/8000,8,0'), 'a=fmtp:97 8/0'])));
    expect(red(allow('red', 'PCMA', 'PCMU'))).toEqual(['audio 97=red/8000,8,0 fmtp:97 8/0']);
    expect(red(allow('red', 'PCMA'))).toEqual(['audio 8']);
  });

  test('an answer is held to both lists, and comes in the order of whom it goes to', () => {
    const media = bridge(allow('PCMA', 'PCMU'), allow('PCMU', 'PCMA', 'G722'));
    const [told, shown] = through(media, ['audio 9,8,0'], ['audio 0,8,9']);
    expect([told, shown]).toEqual([['audio 0,8'], ['audio 8,0']]);
  });

  test('an answer of nothing that is allowed is of no use, and changes nothing', () => {
    const media = bridge({}, allow('PCMA'));
    through(media, ['audio 8']);
    const before = JSON.stringify([sideOf(media, 'a'), sideOf(media, 'b')]);
    offer(media, 'a', streams(['audio 8,0']));
    expect(media.answer(there(['audio 0']))).toEqual({ fault: 'no codec of the answer is allowed' });
    expect(JSON.stringify([sideOf(media, 'a'), sideOf(media, 'b')])).toBe(before);
  });

  test('of two streams the one that has none is refused by itself; video is not what the list is of', () => {
    const media = bridge(allow('PCMA'), {});
    const two = ['audio 8', 'audio:0 9', 'video 99=VP8/90000'];
    expect(through(media, ['audio 8', 'audio 9', 'video 99=VP8/90000'])).toEqual([two, two]);
  });

  test('bandwidth that was reckoned for more is not told; that of calls is (RFC 8866 5.8)', () => {
    const lines = ['b=CT:1000', 'b=AS:200'];
    const description = sdp([...stream('audio 8,9'), 'b=AS:128', 'b=TIAS:120000', 'b=RS:800'], undefined, lines);
    const all = offer(bridge({}, {}), 'a', description);
    for (const line of [...lines, 'b=AS:128', 'b=TIAS:120000', 'b=RS:800']) expect(all).toContain(`${line}\r\n`);
    const less = offer(bridge({}, allow('PCMA')), 'a', description);
    expect(less.match(/^b=.*(?=\r)/gm)).toEqual(['b=CT:1000', 'b=RS:800']);
  });

  test('packets are as long as the trunk asks, and as the other side can', () => {
    const ptime = (ms: number): Face => ({ codecs: { allow: ['PCMA'], ptime: ms } });
    const shown = (text: string, ms: number) => through(bridge({}, ptime(ms)), [text])[0];
    expect(shown('audio 8 ptime:20 ptime:40', 30)).toEqual(['audio 8 ptime:30']);
    expect(shown('audio 8 maxptime:20', 30)).toEqual(['audio 8 maxptime:20 ptime:20']);
    expect(shown('audio 8 maxptime:x', 30)).toEqual(['audio 8 maxptime:x ptime:30']);
    expect(through(bridge({}, ptime(30)), ['audio 8'], ['audio 8 ptime:10'])[1]).toEqual(['audio 8 ptime:10']);
    expect(through(bridge(ptime(30), {}), ['audio 8'], ['audio 8 ptime:10'])[1]).toEqual(['audio 8 ptime:30']);
  });

  test('media types that a trunk does not take have port 0, both ways', () => {
    const media = bridge({ media: ['audio', 'text'] }, { media: ['audio', 'video'] });
    const [told, shown] = through(media, ['audio 8', 'video 99=H264/90000', 'text 98=t140/1000']);
    expect(told).toEqual(['audio 8', 'video:0 99=H264/90000', 'text:0 98=t140/1000']);
    expect(shown).toEqual(told);
    expect(bridge({ media: ['audio'] }, {}).offer('a', streams(['video 99=H264/90000']))).toBe('video is not taken');
  });
});

describe('payload types', () => {
  test('of one side stay whatever the other makes of its own', () => {
    const media = bridge({}, {});
    through(media, [`audio ${opus(96)},${event(101)}`], [`audio ${opus(120)},${event(101)}`]);
    expect(sideOf(media, 'a').payloadTypes).toEqual({ 96: 120 });
    // What b numbers anew in its offer, a does not see.
    expect(seen(offer(media, 'b', there([`audio ${opus(98)},${event(99)}`])))).toEqual([
      `audio ${opus(96)},${event(101)}`,
    ]);
    expect(seen(answer(media, streams([`audio ${opus(96)},${event(101)}`])))).toEqual([
      `audio ${opus(98)},${event(99)}`,
    ]);
    expect(sideOf(media, 'a').payloadTypes).toEqual({ 96: 98, 101: 99 });
    expect(sideOf(media, 'b').payloadTypes).toEqual({ 98: 96, 99: 101 });
    // And a, who offers once more, is heard at its own numbers.
    expect(seen(offer(media, 'a', streams([`audio ${event(101)},${opus(96)}`])))).toEqual([
      `audio ${event(99)},${opus(98)}`,
    ]);
  });

  test('a static codec under another number, and the other way about', () => {
    const media = bridge({}, {});
    expect(through(media, ['audio 8,0'], ['audio 97=PCMA/8000'])).toEqual([['audio 8,0'], ['audio 8=PCMA/8000']]);
    expect(sideOf(media, 'a').payloadTypes).toEqual({ 8: 97 });
    expect(sideOf(media, 'b').payloadTypes).toEqual({ 97: 8 });
    const other = bridge({}, {});
    expect(through(other, ['audio 96=PCMU/8000/1'])[0]).toEqual(['audio 0=PCMU/8000/1']);
    expect(sideOf(other, 'a').payloadTypes).toEqual({ 96: 0 });
  });

  test('references go with them: redundancy and retransmission', () => {
    const media = bridge({}, {});
    const text = (red: number, t140: number) =>
      sdp([...stream(`text ${red}=red/1000,${t140}=t140/1000`), `a=fmtp:${red} ${t140}/${t140}/${t140}`], '192.0.2.2');
    offer(media, 'b', text(100, 98));
    answer(media, text(100, 98));
    const told = offer(media, 'b', text(121, 120));
    expect(seen(told)).toEqual(['text 100=red/1000,98=t140/1000 fmtp:100 98/98/98']);
    answer(media, text(100, 98));
    expect(sideOf(media, 'a')).toMatchObject({ payloadTypes: { 98: 120, 100: 121 }, redundant: [100] });
    expect(sideOf(media, 'b')).toMatchObject({ payloadTypes: { 120: 98, 121: 100 }, redundant: [121] });
    const video = bridge({}, {});
    const rtx = (one: number, other: number) =>
      sdp([
        ...stream(`video ${one}=VP8/90000,${other}=rtx/90000`),
        `a=fmtp:${other} rtx-time=200;apt=${one}`,
        `a=rtcp-fb:${one} nack`,
        'a=rtcp-fb:* ccm fir',
      ]);
    offer(video, 'a', rtx(96, 97));
    answer(video, rtx(110, 111));
    expect(seen(offer(video, 'b', rtx(110, 111)))).toEqual([
      'video 96=VP8/90000,97=rtx/90000 fmtp:97 rtx-time=200;apt=96 rtcp-fb:96 nack rtcp-fb:* ccm fir',
    ]);
  });

  test('variants of one codec are told apart (RFC 6184)', () => {
    const media = bridge({}, {});
    const video = (one: number, other: number) =>
      sdp([
        ...stream(`video ${one}=H264/90000,${other}=H264/90000`),
        `a=fmtp:${one} profile-level-id=42e01f;packetization-mode=1`,
        `a=fmtp:${other} profile-level-id=42e01f;packetization-mode=0`,
      ]);
    offer(media, 'a', video(97, 98));
    answer(media, video(97, 98));
    offer(media, 'b', video(98, 97));
    answer(media, video(97, 98));
    expect(sideOf(media, 'a').payloadTypes).toEqual({ 97: 98, 98: 97 });
  });

  test('an attempt that failed leaves none behind, and the caller its own', () => {
    const media = bridge({}, {});
    through(media, [`audio ${opus(96)}`], [`audio ${opus(111)}`]);
    media.forget('b');
    expect(seen((media.translateOffer() as { body: string }).body)).toEqual([`audio ${opus(96)}`]);
    answer(media, there([`audio ${opus(96)}`]));
    expect(sideOf(media, 'a')).not.toHaveProperty('payloadTypes');
  });

  test('they outlive the process', () => {
    const media = bridge(allow('opus'), { hold: 'inactive', ...allow('opus') });
    through(media, [`audio ${opus(96)}`], [`audio ${opus(111)}`]);
    const state = JSON.parse(JSON.stringify(media.state));
    const taken = bridge({}, {});
    Object.assign(taken.state, state);
    expect(seen(offer(taken, 'a', streams([`audio 8,${opus(96)} sendonly`])))).toEqual([`audio ${opus(96)} inactive`]);
    expect(sideOf(taken, 'a').payloadTypes).toEqual({ 96: 111 });
  });

  test('a peer that numbers ever new codecs is kept to what there are numbers for', () => {
    const media = bridge({}, {});
    for (let n = 0; n < 500; n++) {
      offer(media, 'a', streams([`audio ${96 + (n % 32)}=codec-${n}/8000`]));
      answer(media, there([`audio ${96 + (n % 32)}=codec-${n}/8000`]));
    }
    const { a, b } = media.state.streams[0]!;
    expect(Object.keys(a.types ?? {}).length).toBeLessThanOrEqual(128);
    expect(Object.keys(b.types ?? {}).length).toBeLessThanOrEqual(128);
    expect(Object.keys(b.heard ?? {}).length).toBeLessThanOrEqual(128);
  });
});

describe('hold', () => {
  const held = (face: Face, text: string, host = '192.0.2.1', reply = 'audio 8') => {
    const media = bridge({}, face);
    through(media, ['audio 8']);
    const told = offer(media, 'a', streams([text], host));
    return { told, shown: answer(media, there([reply])) };
  };
  const addresses = (body: string) => body.match(/(?<=c=IN IP4 )\S+/g);

  test('of RFC 2543, for a trunk that knows directions alone', () => {
    const { told, shown } = held({ hold: 'sendonly' }, 'audio 8', '0.0.0.0', 'audio 8 recvonly');
    expect(seen(told)).toEqual(['audio 8 sendonly']);
    expect(addresses(told)).toEqual(['203.0.113.1']);
    expect(seen(shown)).toEqual(['audio 8']);
  });

  test('by direction, for a trunk of RFC 2543', () => {
    const { told, shown } = held({ hold: 'zero-address' }, 'audio 8 sendonly');
    expect(seen(told)).toEqual(['audio 8']);
    expect(read(told).media.map((one) => one.connection?.address)).toEqual(['0.0.0.0']);
    expect(seen(shown)).toEqual(['audio 8 recvonly']);
    expect(addresses(shown)).toEqual(['198.51.100.1']);
  });

  test('said for all streams at once', () => {
    const media = bridge({}, { hold: 'inactive' });
    const all = sdp(
      [...stream('audio 8'), ...stream('video 99=H264/90000', 4002), ...stream('audio 0 sendrecv', 4004)],
      undefined,
      ['a=sendonly'],
    );
    expect(seen(offer(media, 'a', all))).toEqual([
      'audio 8 inactive',
      'video 99=H264/90000 inactive',
      'audio 0 sendrecv',
    ]);
  });

  test('and SRTP go together', () => {
    const media = bridge({}, { hold: 'zero-address', srtp: srtp('required') });
    offer(media, 'a', streams(['audio 8']));
    answer(media, sdp(secure(1), '192.0.2.2'));
    const told = offer(media, 'a', streams(['audio 8 inactive']));
    expect(told).toMatch(/^c=IN IP4 0\.0\.0\.0\r$/m);
    expect(told).toContain('a=crypto:1 ');
    expect(seen(answer(media, sdp(secure(1), '192.0.2.2')))).toEqual(['audio 8 inactive']);
  });
});

describe('an offer of our own', () => {
  const asked = (a: Face, b: Face) => {
    const media = bridge(a, b);
    const fault = media.ownOffer('b');
    if (fault !== undefined) return { media, fault };
    allocate(media);
    const told = media.translateOffer();
    if ('fault' in told) throw new Error(told.fault);
    return { media, told: told.body };
  };

  test('is of what both trunks allow, and the answer to it asks the caller', () => {
    const { media, told } = asked(allow('G722', 'PCMA', 'telephone-event'), allow('telephone-event', 'PCMU', 'PCMA'));
    expect(seen(told!)).toEqual([`audio ${event()},8=PCMA/8000 fmtp:101 0-15`]);
    expect(read(told!).media[0]!.port).toBe(20_002);
    const shown = offer(media, 'b', there([`audio 8=PCMA/8000,${event(97)}`]));
    expect(seen(shown)).toEqual([`audio 8=PCMA/8000,${event(97)}`]);
    answer(media, streams([`audio 8,${event(97)}`]));
    expect([sideOf(media, 'a').remote?.rtp.port, sideOf(media, 'b').remote?.rtp.port]).toEqual([4000, 4000]);
    expect([sideOf(media, 'a').sends, sideOf(media, 'b').sends]).toEqual([true, true]);
  });

  test('is G.711 where no list says otherwise', () => {
    expect(seen(asked({}, {}).told!)).toEqual([`audio 8=PCMA/8000,0=PCMU/8000,${event()} fmtp:101 0-15`]);
    expect(asked(allow('opus'), allow('PCMA')).fault).toBe('there is no codec that is allowed');
    expect(asked(allow('telephone-event'), {}).fault).toBe('there is no codec that is allowed');
    expect(asked({}, { media: ['video'] }).fault).toBe('there is no codec that is allowed');
  });

  test('with SRTP of the side that it goes to, whatever the other wants', () => {
    const { media, told } = asked({ srtp: srtp('required') }, { srtp: srtp('required') });
    expect(told).toContain('RTP/SAVP');
    const reply = sdp([`m=audio 4000 RTP/SAVP 8`, `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${key(1)}`], '192.0.2.2');
    const shown = offer(media, 'b', reply);
    expect(shown).toContain('RTP/SAVP');
    expect(sideOf(media, 'b').srtp?.receive).toBeUndefined();
    answer(media, sdp([`m=audio 4000 RTP/SAVP 8`, `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${key(2)}`]));
    expect(sideOf(media, 'b').srtp?.receive?.inline).toBe(key(1));
    expect(sideOf(media, 'b').srtp?.send.inline).toBe(told!.match(/inline:(\S+)/)![1]);
  });
});

describe('less of it where a request does not fit', () => {
  const chatty = (media: MediaBridge) =>
    offer(media, 'a', streams([`audio 8=PCMA/8000,${opus()} x-one:1 x-two:2 ptime:20 sendrecv`]));

  test('what nobody knows goes first, then what is meant without a word, then the rest that is optional', () => {
    const trims = (octets: number) => {
      const media = bridge({}, {});
      chatty(media);
      const body = media.trim('b', octets);
      return body && seen(body);
    };
    const [pcma, rest] = ['8=PCMA/8000', `,${opus()}`];
    expect([1, 22].map(trims)).toEqual(Array(2).fill([`audio ${pcma}${rest} ptime:20 sendrecv`]));
    expect([23, 56].map(trims)).toEqual(Array(2).fill([`audio 8${rest} ptime:20`]));
    expect([57, 68].map(trims)).toEqual(Array(2).fill([`audio 8${rest}`]));
    expect(trims(69)).toBeUndefined();
  });

  test('it stays so, and counts as no change', () => {
    const media = bridge({}, {});
    const whole = chatty(media);
    const less = media.trim('b', 10)!;
    expect(less.length).toBeLessThanOrEqual(whole.length - 10);
    expect(versionOf(less)).toBe(versionOf(whole));
    answer(media, there(['audio 8']));
    expect(chatty(media)).toBe(less);
    media.forget('b');
    expect(chatty(media).length).toBeGreaterThan(less.length);
    attach(media, 'b', {});
  });
});

// --- laws of whole calls ---------------------------------------------------------------------------------------------

const names = ['opus/48000/2', 'telephone-event/8000', 'iLBC/8000', 'AMR/8000'];
const direction = fc.constantFrom('', ' sendonly', ' recvonly', ' inactive', ' sendrecv');
/** An audio stream: static codecs, and dynamic ones under numbers of any order. */
const audio = fc
  .record({
    statics: fc.subarray(['0', '8', '9'], { minLength: 1 }),
    dynamics: fc.subarray(names),
    base: fc.integer({ min: 96, max: 120 }),
    direction,
  })
  .map(
    ({ statics, dynamics, base, direction: way }) =>
      `audio ${[...statics, ...dynamics.map((name, i) => `${base + i}=${name}`)].join(',')}${way}`,
  );
const line = fc.oneof(
  { weight: 4, arbitrary: audio },
  fc.constantFrom('video 99=H264/90000', 'text 98=t140/1000', 'audio:0 0'),
);
const policy: fc.Arbitrary<CodecPolicy> = fc.record(
  {
    allow: fc.subarray(['PCMA', 'PCMU', 'G722', 'opus', 'telephone-event', 'H264'], { minLength: 1 }),
    ptime: fc.constantFrom(20, 30),
  },
  { requiredKeys: ['allow'] },
);
const face: fc.Arbitrary<Face> = fc.record(
  {
    codecs: policy,
    hold: fc.constantFrom('sendonly', 'inactive', 'zero-address'),
    media: fc.constant(['audio' as const]),
  },
  { requiredKeys: [] },
);
const turn = fc.record({
  by: fc.constantFrom('a' as const, 'b' as const),
  /** What it says of the streams there are, and of those that it adds. */
  asked: fc.array(line, { minLength: 1, maxLength: 4 }),
  answered: fc.array(line, { maxLength: 5 }),
  host: fc.constantFrom('192.0.2.1', '0.0.0.0'),
});

test('m= lines keep their places and media types, whatever is offered, answered and refused (RFC 3264 8)', () => {
  fc.assert(
    fc.property(face, face, fc.array(turn, { maxLength: 6 }), (a, b, turns) => {
      const media = bridge(a, b);
      /** What each side has been shown: media types by place. */
      const shown = { a: [] as string[], b: [] as string[] };
      for (const { by, asked, answered, host } of turns) {
        const other = by === 'a' ? 'b' : 'a';
        // A peer goes by the rules: what there is stays, refused where it has no more to say of it.
        const typed = (text: string | undefined, type: string) =>
          text?.startsWith(type) === true ? text : `${type}:0 0`;
        const said = [...shown[by].map((type, i) => typed(asked[i], type)), ...asked.slice(shown[by].length)];
        if (media.offer(by, streams(said, host)) !== undefined) {
          media.withdraw();
          continue;
        }
        allocate(media);
        const told = media.translateOffer();
        if ('fault' in told) {
          media.withdraw();
          continue;
        }
        const lines = read(told.body).media.map((one) => one.media);
        expect(lines.slice(0, shown[other].length)).toEqual(shown[other]);
        shown[other] = lines;
        const reply = lines.map((type, i) => typed(answered[i], type));
        const answer = media.answer(there(reply));
        const types = said.map((text) => text.split(/[ :]/)[0]!);
        shown[by] = types;
        if ('fault' in answer) continue;
        expect(read(answer.body).media.map((one) => one.media)).toEqual(types);
        // No stream is run that one of both has refused.
        for (const [i, one] of read(answer.body).media.entries()) if (said[i]!.includes(':0')) expect(one.port).toBe(0);
      }
    }),
    { numRuns: 150 },
  );
});

test('the same in, the same out: octet for octet, in offers and answers', () => {
  fc.assert(
    fc.property(
      face,
      face,
      fc.array(audio, { minLength: 1, maxLength: 3 }),
      fc.array(audio, { minLength: 3, maxLength: 3 }),
      (a, b, asked, answered) => {
        const media = bridge(a, b);
        const once = () => {
          if (media.offer('a', streams(asked)) !== undefined) return 'refused';
          allocate(media);
          const told = media.translateOffer();
          if ('fault' in told) return told.fault;
          const reply = media.answer(there(answered.slice(0, asked.length)));
          return `${told.body}${'body' in reply ? reply.body : reply.fault}`;
        };
        const first = once();
        const second = once();
        // What a side is told of recvonly depends on whether it holds, which its first answer may have said.
        if (a.hold === undefined && b.hold === undefined) expect(second).toBe(first);
        expect(once()).toBe(second);
      },
    ),
    { numRuns: 150 },
  );
});

test('a codec keeps its number on a side through all that the other does, and the relay joins the two', () => {
  const offers = fc.array(
    fc.record({ order: fc.shuffledSubarray(names, { minLength: 1 }), base: fc.integer({ min: 96, max: 123 }) }),
    { minLength: 1, maxLength: 6 },
  );
  fc.assert(
    fc.property(offers, (rounds) => {
      const media = bridge({}, {});
      const own = `audio ${names.map((name, i) => `${100 + i}=${name}`).join(',')}`;
      through(media, [own]);
      for (const { order, base } of rounds) {
        const theirs = order.map((name, i) => [base + i, name] as const);
        const shown = seen(
          offer(media, 'b', there([`audio ${theirs.map(([type, name]) => `${type}=${name}`).join(',')}`])),
        );
        expect(shown).toEqual([`audio ${order.map((name) => `${100 + names.indexOf(name)}=${name}`).join(',')}`]);
        answer(media, streams(shown));
        for (const [type, name] of theirs) {
          const mine = 100 + names.indexOf(name);
          expect(sideOf(media, 'b').payloadTypes?.[type] ?? type).toBe(mine);
          expect(sideOf(media, 'a').payloadTypes?.[mine] ?? mine).toBe(type);
        }
      }
    }),
    { numRuns: 100 },
  );
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seeded } from '#kernel';
import {
  allocate,
  answer,
  attach,
  bridge,
  crypto,
  key,
  keysIn,
  line,
  look,
  offer,
  read,
  sdp,
  srtp,
  suites,
} from './media-bridge.testing.ts';
import { MediaBridge, type MediaBridgeState } from './media-bridge.ts';

const secure = (n: number, more: readonly string[] = []) => line('RTP/SAVP', [crypto(1, key(n)), ...more]);
const plain = line('RTP/AVP');
const versionOf = (body: string) => Number(/^o=\S+ \S+ (\d+)/m.exec(body)![1]);
const withoutOrigin = (body: string) => body.replace(/^o=.*$/m, '');
const sideOf = (media: MediaBridge, side: 'a' | 'b', stream = 0) => media.plan(0).streams[stream]![side];

/** Both sides require SRTP, a called with key 0, b answered with key 1; what b and a saw. */
function secured(a = srtp('required'), b = srtp('required')) {
  const media = bridge({ srtp: a }, { srtp: b });
  const told = offer(media, 'a', sdp(secure(0)));
  const shown = answer(media, sdp(secure(1), '192.0.2.2'));
  return { media, told, shown };
}

describe('keys', () => {
  test('have the size that their suite wants, and are nobody else’s', () => {
    const all = [
      ['AES_CM_128_HMAC_SHA1_80', 30],
      ['AES_CM_128_HMAC_SHA1_32', 30],
      ['AES_256_CM_HMAC_SHA1_80', 46],
      ['AES_256_CM_HMAC_SHA1_32', 46],
      ['AEAD_AES_128_GCM', 28],
      ['AEAD_AES_256_GCM', 44],
    ] as const;
    const wanted = srtp('required', { suites: all.map(([suite]) => suite) });
    const media = bridge({ srtp: wanted }, { srtp: wanted });
    const told = offer(media, 'a', sdp([...secure(0), ...line('RTP/SAVP', [crypto(1, key(1))], 4002, 'video')]));
    const keys = keysIn(told);
    for (const of of keys) expect(of.map((one) => Buffer.from(one, 'base64').length)).toEqual(all.map(([, n]) => n));
    for (const of of keys) for (const one of of) expect(Buffer.from(one, 'base64').toString('base64')).toBe(one);
    const shown = answer(media, sdp([...secure(2), ...line('RTP/SAVP', [crypto(1, key(3))], 4002, 'video')]));
    const everybody = [...keys.flat(), ...keysIn(shown).flat(), key(0), key(1), key(2), key(3)];
    expect(everybody).toHaveLength(12 + 2 + 4);
    expect(new Set(everybody).size).toBe(everybody.length);
  });

  test('of a later attempt are others: the trunk before knows its own', () => {
    const media = bridge({}, { srtp: srtp('required') });
    const first = keysIn(offer(media, 'a', sdp(plain)));
    media.forget('b');
    attach(media, 'b', { srtp: srtp('optional', { offer: 'two-lines' }) });
    const again = media.translateOffer();
    const second = 'body' in again ? again.body : '';
    expect(look(read(second))).toBe('SAVP+1,2 | AVP');
    expect(keysIn(second).flat()).toHaveLength(2);
    expect(keysIn(second).flat()).not.toEqual(expect.arrayContaining([first.flat()[0]]));
    // The trunk without SRTP is not told any.
    media.forget('b');
    attach(media, 'b', {});
    const third = media.translateOffer();
    expect('body' in third && look(read(third.body))).toBe('AVP');
    expect(sideOf(media, 'b').srtp).toBeUndefined();
  });

  test('stay while the stream stands: what does not change comes out as it was, by either side', () => {
    const { media, told, shown } = secured();
    // Refreshed by the caller.
    expect(offer(media, 'a', sdp(secure(0)))).toBe(told);
    expect(answer(media, sdp(secure(1), '192.0.2.2'))).toBe(shown);
    const before = media.plan(0);
    // Refreshed by the callee: the caller sees what it has seen; the callee one suite of those that it was offered.
    expect(offer(media, 'b', sdp(secure(1), '192.0.2.2'))).toBe(shown);
    const narrowed = answer(media, sdp(secure(0)));
    expect(look(read(narrowed))).toBe('SAVP+1');
    expect(keysIn(narrowed)[0]![0]).toBe(keysIn(told)[0]![0]);
    expect(media.plan(0)).toEqual(before);
    // And from then on both stay as they are.
    expect(offer(media, 'b', sdp(secure(1), '192.0.2.2'))).toBe(shown);
    expect(answer(media, sdp(secure(0)))).toBe(narrowed);
    expect(offer(media, 'a', sdp(secure(0)))).toBe(narrowed);
    expect(answer(media, sdp(secure(1), '192.0.2.2'))).toBe(shown);
    expect(media.plan(0)).toEqual(before);
  });

  test.each(['crypto', 'capability'] as const)('best effort by %s is offered again as it was', (form) => {
    const media = bridge({}, { srtp: srtp('optional', { offer: form }) });
    const told = offer(media, 'a', sdp(plain));
    answer(media, sdp(plain, '192.0.2.2'));
    expect(offer(media, 'a', sdp(plain))).toBe(told);
    answer(media, sdp(line('RTP/AVP', [crypto(2, `${'A'.repeat(59)}=`, suites[1])]), '192.0.2.2'));
    expect(offer(media, 'a', sdp(plain))).toBe(told);
  });

  test('stay over hold and resume, and the version counts', () => {
    const { media, told, shown } = secured();
    const hold = offer(media, 'a', sdp(secure(0, ['sendonly'])));
    expect(withoutOrigin(hold).replace('a=sendonly\r\n', '')).toBe(withoutOrigin(told));
    expect(versionOf(hold)).toBe(versionOf(told) + 1);
    const held = answer(media, sdp(secure(1, ['recvonly']), '192.0.2.2'));
    expect(withoutOrigin(held).replace('a=recvonly\r\n', '')).toBe(withoutOrigin(shown));
    const resumed = offer(media, 'a', sdp(secure(0)));
    expect(withoutOrigin(resumed)).toBe(withoutOrigin(told));
    expect(versionOf(resumed)).toBe(versionOf(told) + 2);
    // By the other side, and in the old way.
    answer(media, sdp(secure(1), '192.0.2.2'));
    const old = offer(media, 'b', sdp(secure(1), '0.0.0.0'));
    expect(keysIn(old)).toEqual(keysIn(shown));
    answer(media, sdp(secure(0)));
    offer(media, 'b', sdp(secure(1), '192.0.2.2'));
    expect(keysIn(answer(media, sdp(secure(0))))[0]![0]).toBe(keysIn(told)[0]![0]);
  });

  test('of the peer are taken when they change; ours stand', () => {
    const { media, told, shown } = secured();
    const ours = sideOf(media, 'a').srtp!.send;
    expect(offer(media, 'a', sdp(secure(5)))).toBe(told);
    // Nothing holds before the answer.
    expect(sideOf(media, 'a').srtp!.receive!.inline).toBe(key(0));
    expect(answer(media, sdp(secure(6), '192.0.2.2'))).toBe(shown);
    expect(sideOf(media, 'a').srtp).toEqual({ send: ours, receive: { suite: suites[0], inline: key(5) } });
    expect(sideOf(media, 'b').srtp!.receive).toEqual({ suite: suites[0], inline: key(6) });
  });

  test('of ours are new for a peer that has moved: another device has not counted our packets', () => {
    const { media, shown } = secured();
    offer(media, 'a', sdp(secure(5), '192.0.2.77'));
    const moved = answer(media, sdp(secure(1), '192.0.2.2'));
    expect(keysIn(moved)).not.toEqual(keysIn(shown));
    expect(sideOf(media, 'a').srtp!.send.inline).toBe(keysIn(moved)[0]![0]);
    // It stays there, and so does the key.
    offer(media, 'a', sdp(secure(5), '192.0.2.77'));
    expect(answer(media, sdp(secure(1), '192.0.2.2'))).toBe(moved);
  });

  test('carry the peer’s MKI; its lifetime is the peer’s own affair', () => {
    const media = bridge({ srtp: srtp('required') }, {});
    offer(media, 'a', sdp(line('RTP/SAVP', [`${crypto(7)}|2^31|1:4`])));
    expect(look(read(answer(media, sdp(plain))))).toBe('SAVP+7');
    expect(sideOf(media, 'a').srtp).toEqual({
      send: { suite: suites[0], inline: expect.any(String) },
      receive: { suite: suites[0], inline: key(0), mki: { value: 1, length: 4 } },
    });
  });
});

describe('from RTP to SRTP and back', () => {
  test('a re-offer may switch; a key that was given up is not used again', () => {
    const media = bridge({ srtp: srtp('optional') }, {});
    offer(media, 'a', sdp(secure(0)));
    const first = answer(media, sdp(plain, '192.0.2.2'));
    const told = offer(media, 'a', sdp(plain));
    expect(look(read(told))).toBe('AVP');
    expect(look(read(answer(media, sdp(plain, '192.0.2.2'))))).toBe('AVP');
    expect(sideOf(media, 'a').srtp).toBeUndefined();
    expect(offer(media, 'a', sdp(secure(0)))).toBe(told);
    const second = answer(media, sdp(plain, '192.0.2.2'));
    expect(look(read(second))).toBe('SAVP+1');
    expect(keysIn(second)).not.toEqual(keysIn(first));
  });

  test('nor one of a suite that was given up', () => {
    const media = bridge({ srtp: srtp('required') }, {});
    const other = line('RTP/SAVP', [crypto(2, `${'A'.repeat(59)}=`, suites[1])]);
    const keys = [secure(0), other, secure(0)].map((said) => {
      offer(media, 'a', sdp(said));
      return keysIn(answer(media, sdp(plain)))[0]![0]!;
    });
    expect(new Set(keys).size).toBe(3);
  });

  test('nor one of a stream that was taken away', () => {
    const media = bridge({ srtp: srtp('required') }, {});
    const keys = [4000, 0, 4000].map((port) => {
      offer(media, 'a', sdp(line('RTP/SAVP', [crypto(1)], port)));
      return keysIn(answer(media, sdp(line('RTP/AVP', [], port))))[0]![0];
    });
    expect(keys[1]).toBeUndefined();
    expect(keys[2]).not.toBe(keys[0]);
  });

  test('a re-offer that is refused leaves all as it was', () => {
    const { media, told } = secured();
    const before = structuredClone(media.plan(0));
    // By us: it would be RTP.
    expect(media.offer('b', sdp(plain, '192.0.2.2'))).toBe('SRTP is required');
    expect(media.withdraw()).toBe(false);
    expect(media.plan(0)).toEqual(before);
    // By the other side: with a stream more, and a suite less.
    offer(media, 'a', sdp([...secure(5), ...line('RTP/SAVP', [crypto(1, key(6))], 4002, 'video')]));
    expect(media.withdraw()).toBe(true);
    expect(media.plan(0)).toEqual(before);
    expect(media.withdraw()).toBe(false);
    expect(withoutOrigin(offer(media, 'a', sdp(secure(0))))).toBe(withoutOrigin(told));
  });

  test('what an answer does not fit changes nothing', () => {
    const { media } = secured();
    const before = structuredClone(media.plan(0));
    offer(media, 'a', sdp(secure(0)));
    for (const useless of [
      plain,
      line('RTP/SAVP'),
      line('RTP/SAVP', [crypto(1, 'AAAA')]),
      line('RTP/SAVP', [crypto(1, key(1), 'AES_CM_128_HMAC_SHA1_32')]),
      line('RTP/SAVP', [`${crypto(1)} UNENCRYPTED_SRTP`]),
      line('RTP/SAVP', ['crypto:nonsense']),
      line('UDP/TLS/RTP/SAVP', ['fingerprint:sha-256 00']),
    ]) {
      expect(media.answer(sdp(useless))).toEqual({ fault: 'SRTP is required, and the answer does not fit' });
      expect(media.plan(0)).toEqual(before);
    }
    // A refusal is an answer.
    expect(look(read(answer(media, sdp(line('RTP/AVP', [], 0)))))).toBe('-');
  });

  test('best effort: an answer with a key that was not asked for is not taken for RTP', () => {
    const media = bridge({}, { srtp: srtp('optional') });
    offer(media, 'a', sdp(plain));
    const wrong = line('RTP/AVP', [crypto(1, key(1), 'AES_CM_128_HMAC_SHA1_32')]);
    expect(media.answer(sdp(wrong))).toHaveProperty('fault');
    // Where no key was offered there is none to be answered.
    const off = bridge({}, {});
    offer(off, 'a', sdp(plain));
    expect(look(read(answer(off, sdp(wrong))))).toBe('AVP');
    expect(off.answer(sdp(line('RTP/SAVP', [crypto(1)])))).toHaveProperty('fault');
  });
});

describe('which suite', () => {
  test.each([
    ['the one that we prefer', [crypto(1), crypto(4, `${'A'.repeat(59)}=`, suites[1])], [...suites].reverse(), 4],
    ['the one that we know', [crypto(1, key(0), 'F8_128_HMAC_SHA1_80'), crypto(2)], [...suites], 2],
    ['the first that can be used', [crypto(1, 'AAAA'), `${crypto(2)} KDR=3`, crypto(3), crypto(9)], [...suites], 3],
    ['past malformed ones', ['crypto:', 'crypto:1', 'crypto:x y inline:z', crypto(5)], [...suites], 5],
  ])('%s', (_why, lines, wanted, tag) => {
    const media = bridge({ srtp: srtp('required', { suites: wanted }) }, {});
    offer(media, 'a', sdp(line('RTP/SAVP', lines)));
    expect(look(read(answer(media, sdp(plain))))).toBe(`SAVP+${tag}`);
  });

  test.each([
    ['RTP/SAVP', 'required', 'SRTP is required'],
    ['RTP/SAVP', 'optional', 'SRTP has no suite and key that fit'],
    ['RTP/AVP', 'required', 'SRTP is required'],
  ] as const)('none: %s, %s', (protocol, mode, why) => {
    const media = bridge({ srtp: srtp(mode) }, {});
    expect(media.offer('a', sdp(line(protocol, [crypto(1, key(0), 'NEW_1')])))).toBe(why);
  });

  test('of several keys packets may choose by MKI: that is not ours, RTP is', () => {
    const media = bridge({ srtp: srtp('optional') }, {});
    offer(media, 'a', sdp(line('RTP/AVP', [`${crypto(1)}|1:1;inline:${key(1)}|2:1`])));
    expect(look(read(answer(media, sdp(plain))))).toBe('AVP');
  });
});

describe('lines', () => {
  const both = [...secure(0), ...plain];
  const twice = srtp('optional', { offer: 'two-lines' });

  test('two alternatives of one side are one line for the other, whichever is taken', () => {
    const media = bridge({ srtp: twice }, { srtp: twice });
    expect(look(read(offer(media, 'a', sdp(both))))).toBe('SAVP+1,2 | AVP');
    const taken = [...line('RTP/SAVP', [], 0), ...line('RTP/AVP')];
    expect(look(read(answer(media, sdp(taken, '192.0.2.2'))))).toBe('SAVP+1 | -');
    expect(media.plan(0).streams).toHaveLength(1);
    // The answer stands in re-offers: no line comes or goes.
    const again = offer(media, 'a', sdp(both));
    expect(look(read(again))).toBe('- | AVP');
    expect(read(again).media.map(({ protocol }) => protocol)).toEqual(['RTP/SAVP', 'RTP/AVP']);
    answer(media, sdp(taken, '192.0.2.2'));
    expect(offer(media, 'a', sdp(both))).toBe(again);
    answer(media, sdp(taken, '192.0.2.2'));
    // Its own re-offer is of the line that it took, and the caller sees its own two.
    const back = offer(media, 'b', sdp(taken, '192.0.2.2'));
    expect(look(read(back))).toBe('SAVP+1 | -');
    expect(look(read(answer(media, sdp([...secure(0), ...line('RTP/AVP', [], 0)]))))).toBe('- | AVP');
    expect(media.plan(0).streams).toHaveLength(1);
  });

  test('of several streams each has its own', () => {
    const media = bridge({ srtp: twice }, {});
    const video = line('RTP/AVP', ['mid:v'], 4004, 'video');
    const told = offer(media, 'a', sdp([...both, ...video]));
    expect(read(told).media.map(({ media: name, port }) => [name, port])).toEqual([
      ['audio', 20_002],
      ['video', 20_006],
    ]);
    const shown = answer(media, sdp([...plain, ...line('RTP/AVP', [], 0, 'video')]));
    expect(look(read(shown))).toBe('SAVP+1 | - | -');
    expect(read(shown).media.map(({ media: name }) => name)).toEqual(['audio', 'audio', 'video']);
    // The other way about, the video comes back.
    const back = offer(media, 'b', sdp([...plain, ...line('RTP/AVP', [], 4004, 'video')], '192.0.2.2'));
    expect(look(read(back))).toBe('SAVP+1 | - | SAVP+1,2 | AVP');
    const answered = [...secure(0), ...line('RTP/AVP', [], 0), ...line('RTP/SAVP', [], 0, 'video')];
    const last = answer(media, sdp([...answered, ...line('RTP/AVP', [], 4004, 'video')]));
    expect(look(read(last))).toBe('AVP | AVP');
    expect(sideOf(media, 'a', 1).remote!.rtp.port).toBe(4004);
    expect(sideOf(media, 'a', 1).srtp).toBeUndefined();
  });

  test('a name is not given twice (RFC 5888)', () => {
    const media = bridge({}, { srtp: twice });
    const told = offer(media, 'a', sdp(line('RTP/AVP', ['mid:x', 'ptime:20'])));
    expect(told.split('a=mid:x')).toHaveLength(2);
    expect(told.split('a=ptime:20')).toHaveLength(3);
  });

  test('two lines that are no alternatives are two streams', () => {
    for (const second of [plain, line('RTP/SAVP', [crypto(1)], 0), line('RTP/SAVP', [crypto(1)], 4002, 'video')]) {
      const media = bridge({}, {});
      offer(media, 'a', sdp([...plain, ...second]));
      expect(media.plan(0).streams).toHaveLength(2);
    }
  });

  test('a stream that cannot be had is refused by itself', () => {
    const media = bridge({ srtp: srtp('required') }, {});
    const told = offer(media, 'a', sdp([...secure(0), ...line('RTP/AVP', [], 4004, 'video')]));
    expect(look(read(told))).toBe('AVP | -');
    expect(look(read(answer(media, sdp([...plain, ...line('RTP/AVP', [], 0, 'video')]))))).toBe('SAVP+1 | -');
    // And one that was answered without what it needs.
    const other = bridge({}, { srtp: srtp('required') });
    const two = [...plain, ...line('RTP/AVP', [], 4004, 'video')];
    expect(look(read(offer(other, 'a', sdp(two))))).toBe('SAVP+1,2 | SAVP+1,2');
    const half = answer(other, sdp([...secure(1), ...line('RTP/AVP', [], 4004, 'video')]));
    expect(look(read(half))).toBe('AVP | -');
    expect(sideOf(other, 'b', 1).remote).toBeUndefined();
  });

  test('the feedback profile is passed on, by the side’s own security', () => {
    const media = bridge({ srtp: srtp('required') }, { srtp: srtp('optional', { offer: 'capability' }) });
    const told = offer(media, 'a', sdp(line('RTP/SAVPF', [crypto(1), 'rtcp-fb:* nack'])));
    expect(told).toMatch(/^m=audio 20002 RTP\/AVPF 8\r$/m);
    expect(told).toContain('a=tcap:1 RTP/SAVPF\r\n');
    expect(told).toContain('a=rtcp-fb:* nack\r\n');
    const shown = answer(media, sdp(line('RTP/AVPF', ['rtcp-fb:* nack'])));
    expect(shown).toMatch(/^m=audio 20000 RTP\/SAVPF 8\r$/m);
  });

  test('of anything but RTP pass where nothing is required', () => {
    const fax = line('udptl', ['T38FaxVersion:0'], 4000, 'image');
    for (const mode of [{}, { srtp: srtp('optional') }]) {
      const media = bridge(mode, mode);
      expect(look(read(offer(media, 'a', sdp(fax))))).toBe('udptl');
      expect(look(read(answer(media, sdp(fax))))).toBe('udptl');
      expect(sideOf(media, 'b').remote).toBeDefined();
    }
    expect(bridge({ srtp: srtp('required') }, {}).offer('a', sdp(fax))).toBe('SRTP is required');
    const media = bridge({}, { srtp: srtp('required') });
    expect(media.offer('a', sdp(fax))).toBeUndefined();
    allocate(media);
    expect(media.translateOffer()).toEqual({ fault: 'SRTP is required' });
  });

  test('a voice stream that becomes a fax and voice again has new keys', () => {
    const { media, told } = secured(srtp('optional'), srtp('optional'));
    const fax = line('udptl', [], 4000, 'image');
    offer(media, 'a', sdp(fax));
    answer(media, sdp(fax, '192.0.2.2'));
    expect(sideOf(media, 'a').srtp).toBeUndefined();
    expect(sideOf(media, 'b').srtp).toBeUndefined();
    const again = offer(media, 'a', sdp(secure(0)));
    expect(keysIn(again).flat()).toHaveLength(2);
    expect(keysIn(told).flat()).not.toContain(keysIn(again).flat()[0]);
  });

  test('a peer that leaves lines out, or adds some, is answered as many as it has', () => {
    const media = bridge({}, {});
    offer(media, 'a', sdp([...plain, ...line('RTP/AVP', [], 4004, 'video')]));
    expect(look(read(answer(media, sdp(plain))))).toBe('AVP | -');
    expect(look(read(offer(media, 'a', sdp(plain))))).toBe('AVP | -');
    expect(look(read(answer(media, sdp([...plain, ...plain, ...plain]))))).toBe('AVP');
    expect(look(read(offer(media, 'a', sdp([]))))).toBe('- | -');
  });
});

describe('what goes no further than the side it came from', () => {
  const told = [
    'crypto:1 AES_CM_128_HMAC_SHA1_80 inline:broken',
    'cryptoscale:2 client AES_CM_128_HMAC_SHA1_80 inline:SECRET',
    'encryption:optional',
    'key-mgmt:mikey SECRET',
    'zrtp-hash:1.10 SECRET',
    'acap:1 crypto:1 AES_CM_128_HMAC_SHA1_80 inline:SECRET',
    'acap:2 ptime:30',
    'tcap:1 RTP/SAVP',
    'pcfg:1 t=1 a=1',
    'csup:cap-v0',
    'fingerprint:sha-256 SECRET',
    'setup:actpass',
    'Crypto:1 SECRET',
  ];
  test('offers, answers and what is said of the session', () => {
    const media = bridge({}, {});
    const session = told.map((attribute) => `a=${attribute}`);
    const through = [
      offer(media, 'a', sdp(line('RTP/AVP', ['ptime:20', ...told]), '192.0.2.1', session)),
      answer(media, sdp(line('RTP/AVP', [...told, 'ptime:20', 'acfg:1 t=1']), '192.0.2.2', session)),
    ];
    for (const body of through)
      expect(body.split('\r\n').filter((text) => text.startsWith('a='))).toEqual(['a=ptime:20']);
  });

  test('DTLS passes with the streams that are left to it', () => {
    const media = bridge({}, {});
    const dtls = ['fingerprint:sha-256 AB', 'setup:actpass'];
    const body = offer(media, 'a', sdp(line('UDP/TLS/RTP/SAVPF', dtls), '192.0.2.1', ['a=tls-id:1']));
    for (const kept of ['a=fingerprint:sha-256 AB', 'a=setup:actpass', 'a=tls-id:1']) expect(body).toContain(kept);
  });
});

describe('the plan', () => {
  test('before the answer: what may be encrypted is not taken for RTP', () => {
    const media = bridge({ srtp: srtp('optional') }, { srtp: srtp('optional') });
    const told = offer(media, 'a', sdp(secure(0)));
    media.learnOffer();
    expect(sideOf(media, 'a').srtp!.receive!.inline).toBe(key(0));
    expect(sideOf(media, 'b').srtp).toEqual({ send: { suite: suites[0], inline: keysIn(told)[0]![0] } });
    answer(media, sdp(plain, '192.0.2.2'));
    expect(sideOf(media, 'b').srtp).toBeUndefined();
  });

  test('by the branch that answered last', () => {
    const media = bridge({}, { srtp: srtp('optional', { offer: 'two-lines' }) });
    const told = keysIn(offer(media, 'a', sdp(plain)))[0]!;
    const branches = [
      [...secure(1), ...line('RTP/AVP', [], 0)],
      [...line('RTP/SAVP', [crypto(2, `${'A'.repeat(59)}=`, suites[1])]), ...line('RTP/AVP', [], 0)],
      [...line('RTP/SAVP', [], 0), ...plain],
      [...secure(3), ...line('RTP/AVP', [], 0)],
    ];
    const sent = branches.map((branch) => {
      expect(look(read(answer(media, sdp(branch, '192.0.2.2'))))).toBe('AVP');
      return sideOf(media, 'b').srtp?.send.inline;
    });
    expect(sent).toEqual([told[0], told[1], undefined, told[0]]);
  });

  test('marks what is sent as the trunk of each side has it', () => {
    const media = bridge({ dscp: { signalling: 24, media: 46 } }, {});
    offer(media, 'a', sdp(plain));
    expect(sideOf(media, 'a').dscp).toBe(46);
    expect(sideOf(media, 'b')).not.toHaveProperty('dscp');
    attach(media, 'a', { dscp: { signalling: 24, media: 0 } });
    expect(sideOf(media, 'a').dscp).toBe(0);
  });

  test('follows the trunk to its interface: ports are given anew', () => {
    const media = bridge({}, {});
    offer(media, 'a', sdp(plain));
    expect(media.room()).toBe(false);
    expect(media.attach('b', { side: 'external' }, 'udp')).toBe(false);
    expect(media.attach('b', { side: 'internal' }, 'udp')).toBe(true);
    expect(media.room()).toBe(true);
    expect(sideOf(media, 'b').interface).toBe('internal');
  });
});

describe('a checkpoint', () => {
  test('holds what the call needs to go on, keys among it', () => {
    const { media, told, shown } = secured(srtp('optional', { offer: 'two-lines' }), srtp('required'));
    const kept = JSON.stringify(media.state);
    const restored = new MediaBridge('call', JSON.parse(kept) as MediaBridgeState, seeded(99));
    expect(JSON.stringify(restored.plan(0))).toBe(JSON.stringify(media.plan(0)));
    expect(offer(restored, 'a', sdp(secure(0)))).toBe(told);
    expect(answer(restored, sdp(secure(1), '192.0.2.2'))).toBe(shown);
    expect(restored.offer('b', sdp(plain))).toBe('SRTP is required');
  });

  test('of a version without SRTP is read', () => {
    const side = (host: string) => ({
      interface: 'internal',
      remote: { rtp: { host, port: 4000 }, rtcp: { host, port: 4001 } },
      direction: 'sendrecv',
      revision: 1,
    });
    const ports = {
      stream: 0,
      a: { host: '198.51.100.1', port: 20_000, rtcpPort: 20_001 },
      b: { host: '198.51.100.1', port: 20_002, rtcpPort: 20_003 },
    };
    const state = {
      streams: [{ media: 'audio', a: side('192.0.2.1'), b: side('192.0.2.2'), ports }],
      a: { sessionId: '71', version: 1, last: '' },
      b: { sessionId: '72', version: 1, last: '' },
    };
    const media = new MediaBridge('call', state as unknown as MediaBridgeState, seeded(1));
    const before = media.plan(0);
    const told = offer(media, 'b', sdp(plain, '192.0.2.2'));
    expect(look(read(told))).toBe('AVP');
    expect(told).toContain('m=audio 20000 RTP/AVP 8');
    expect(look(read(answer(media, sdp(plain))))).toBe('AVP');
    expect(media.plan(0)).toEqual(before);
  });
});

describe('whatever peers say', () => {
  const piece = fc.constantFrom(
    ...plain,
    ...secure(0),
    ...line('RTP/AVP', [], 0),
    ...line('RTP/SAVPF', [], 4002, 'video'),
    ...line('udptl', [], 4000, 'image'),
    ...['tcap:1 RTP/SAVP RTP/AVP', 'pcfg:1 t=1', 'pcfg:2 t=2 a=1', `acap:1 ${crypto(1)}`, 'acfg:1', 'crypto:x'].map(
      (attribute) => `a=${attribute}`,
    ),
    `a=${crypto(3, `${'A'.repeat(59)}=`, suites[1])}`,
    'a=sendonly',
    'c=IN IP4 0.0.0.0',
  );
  const face = fc.record({
    srtp: fc.option(
      fc.record({
        mode: fc.constantFrom('required' as const, 'optional' as const),
        offer: fc.constantFrom('crypto' as const, 'two-lines' as const, 'capability' as const),
        suites: fc.constantFrom([suites[0]], [...suites]),
        keysInClear: fc.boolean(),
      }),
      { nil: undefined },
    ),
    transport: fc.constantFrom('tls' as const, 'udp' as const),
  });
  const said = fc.array(piece, { maxLength: 8 });
  const step = fc.record({ from: fc.constantFrom('a' as const, 'b' as const), offer: said, answer: fc.option(said) });

  test('no exchange throws, tells one side’s key to the other, or runs RTP where SRTP is required', () => {
    fc.assert(
      fc.property(face, face, fc.array(step, { maxLength: 6 }), (a, b, steps) => {
        const { srtp: srtpA, srtp: _a, ...restA } = a;
        const { srtp: srtpB, srtp: _b, ...restB } = b;
        const media = bridge(
          { ...restA, ...(srtpA ? { srtp: srtpA } : {}) },
          { ...restB, ...(srtpB ? { srtp: srtpB } : {}) },
        );
        const mine = { a: new Set<string>(), b: new Set<string>() };
        const written = { a: '', b: '' };
        const lines = { a: 0, b: 0 };
        const see = (to: 'a' | 'b', body: string) => {
          const seen = read(body);
          // RFC 3264 8: lines are only ever added, and the same version is the same text.
          if (written[to] !== '' && versionOf(body) === versionOf(written[to])) expect(body).toBe(written[to]);
          written[to] = body;
          lines[to] = Math.max(lines[to], seen.media.length);
          for (const told of keysIn(body).flat()) mine[to].add(told);
        };
        for (const { from, offer: offered, answer: answered } of steps) {
          const to = from === 'a' ? 'b' : 'a';
          if (media.offer(from, sdp(offered)) !== undefined) {
            media.withdraw();
            continue;
          }
          allocate(media);
          const told = media.translateOffer();
          if ('fault' in told || answered === null) {
            media.withdraw();
            continue;
          }
          see(to, told.body);
          expect(read(told.body).media.length).toBeGreaterThanOrEqual(media.state.streams.length);
          const shown = media.answer(sdp(answered));
          if ('fault' in shown) {
            media.withdraw();
            continue;
          }
          see(from, shown.body);
          expect(read(shown.body).media).toHaveLength(sdp(offered).media.length);
          for (const stream of media.plan(0).streams) {
            for (const side of ['a', 'b'] as const) {
              const { srtp: plan, remote } = stream[side];
              const face = side === 'a' ? a : b;
              if (plan?.receive) expect(mine[side]).toContain(plan.send.inline);
              if (face.srtp === undefined || (face.transport === 'udp' && !face.srtp.keysInClear))
                expect(plan).toBeUndefined();
              else if (
                face.srtp.mode === 'required' &&
                remote &&
                stream[side].sends &&
                stream[side === 'a' ? 'b' : 'a'].remote
              )
                expect(plan?.receive).toBeDefined();
            }
          }
        }
        for (const told of mine.a) expect(mine.b).not.toContain(told);
        for (const peers of [key(0), `${'A'.repeat(59)}=`]) expect(written.a + written.b).not.toContain(peers);
        const kept = JSON.parse(JSON.stringify(media.state)) as MediaBridgeState;
        expect(JSON.stringify(new MediaBridge('call', kept, seeded(2)).plan(0))).toBe(JSON.stringify(media.plan(0)));
      }),
      { numRuns: 800 },
    );
  });
});

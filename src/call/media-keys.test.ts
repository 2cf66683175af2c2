import { describe, expect, test } from 'vitest';
import {
  answer,
  attach,
  bridge,
  crypto,
  key,
  keysIn,
  line,
  look,
  offer,
  plain,
  read,
  sdp,
  secure,
  secured,
  sideOf,
  srtp,
  suites,
  versionOf,
  withoutOrigin,
} from './media-bridge.testing.ts';

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

test('other ports of another media process have keys of their own, to both sides and none twice', () => {
  const { media, told, shown } = secured();
  media.leavePorts();
  const again = offer(media, 'a', sdp(secure(0)));
  answer(media, sdp(secure(1), '192.0.2.2'));
  const back = offer(media, 'b', sdp(secure(1), '192.0.2.2'));
  answer(media, sdp(secure(0)));
  const keys = [told, shown, again, back].flatMap((body) => keysIn(body).flat());
  expect(new Set(keys).size).toBe(keys.length);
  expect(sideOf(media, 'b').srtp!.send.inline).toBe(keysIn(again)[0]![0]);
  expect(sideOf(media, 'a').srtp!.send.inline).toBe(keysIn(back)[0]![0]);
});

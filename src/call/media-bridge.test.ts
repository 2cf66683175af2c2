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
  plain,
  read,
  sdp,
  secure,
  secured,
  sideOf,
  srtp,
  suites,
} from './media-bridge.testing.ts';
import { MediaBridge, type MediaBridgeState } from './media-bridge.ts';

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

  test('a stream that is refused again and again is offered as it was', () => {
    const media = bridge({}, { srtp: srtp('required') });
    const two = sdp([...plain, ...line('RTP/AVP', [], 4004, 'video')]);
    const refused = sdp([...secure(1), ...line('RTP/SAVP', [], 0, 'video')]);
    const told = offer(media, 'a', two);
    const shown = answer(media, refused);
    expect(offer(media, 'a', two)).toBe(told);
    expect(answer(media, refused)).toBe(shown);
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
    // And so is what is offered next.
    answer(media, sdp(branches[2]!, '192.0.2.2'));
    expect(look(read(offer(media, 'a', sdp(plain))))).toBe('- | AVP');
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

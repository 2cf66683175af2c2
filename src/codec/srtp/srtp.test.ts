import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseSrtpCiphers } from '#media-process';
import {
  maxSources,
  readSdesKey,
  refusal,
  type SdesKey,
  SrtpReceiver,
  SrtpSender,
  srtpOverhead,
  srtpSuites,
} from './index.ts';

/** Sender and receiver of one key, through every suite; the vectors of the RFCs are in vectors.test.ts. */
const ciphers = chooseSrtpCiphers(undefined);

const keyOf = (suite: string, more: Partial<SdesKey> = {}) => {
  const { keyLength, saltLength } = srtpSuites.find(({ name }) => name === suite)!;
  const inline = Buffer.from(Uint8Array.from({ length: keyLength + saltLength }, (_, i) => 3 * i + 1)).toString(
    'base64',
  );
  return readSdesKey({ suite, inline, ...more })!;
};

/** The header's extension and contributing sources are in clear, so they are in play. */
function rtp(
  index: number,
  { ssrc = 0xcafebabe, payload = 'speech', first = 0x80, head = [] as number[] } = {},
): Uint8Array {
  const packet = new Uint8Array(12 + head.length + payload.length);
  const view = new DataView(packet.buffer);
  view.setUint8(0, first);
  view.setUint16(2, index % 65536);
  view.setUint32(8, ssrc);
  packet.set(head, 12);
  packet.set(Buffer.from(payload), 12 + head.length);
  return packet;
}

function rtcp(ssrc = 0xcafebabe, more: readonly number[] = [1, 2, 3, 4]): Uint8Array {
  const packet = Uint8Array.of(0x80, 201, 0, 1 + more.length / 4, 0, 0, 0, 0, ...more);
  new DataView(packet.buffer).setUint32(4, ssrc);
  return packet;
}

type Kind = 'Rtp' | 'Rtcp';

class Line {
  readonly sender: SrtpSender;
  readonly receiver: SrtpReceiver;
  readonly out = new Uint8Array(2048);

  constructor(suite = 'AES_CM_128_HMAC_SHA1_80', more: Partial<SdesKey> = {}) {
    this.sender = new SrtpSender(ciphers, keyOf(suite, more));
    this.receiver = new SrtpReceiver(ciphers, keyOf(suite, more));
  }

  /** The protected packet, or why not. */
  seal(packet: Uint8Array, kind: Kind = 'Rtp'): Uint8Array | number {
    const length = this.sender[`seal${kind}`](packet, packet.length, this.out);
    return length < 0 ? length : this.out.slice(0, length);
  }

  sealed(packet: Uint8Array, kind: Kind = 'Rtp'): Uint8Array {
    const sealed = this.seal(packet, kind);
    if (typeof sealed === 'number') throw new Error(`refused: ${sealed}`);
    return sealed;
  }

  /** Opened but not accepted. */
  look(sealed: Uint8Array, kind: Kind = 'Rtp'): Uint8Array | number {
    const length = this.receiver[`open${kind}`](sealed, sealed.length, this.out);
    return length < 0 ? length : this.out.slice(0, length);
  }

  open(sealed: Uint8Array, kind: Kind = 'Rtp'): Uint8Array | number {
    const opened = this.look(sealed, kind);
    this.receiver.accept();
    return opened;
  }
}

describe.each(srtpSuites)('$name', ({ name, rtpTag, rtcpTag }) => {
  test('what is sealed is opened again, and is not to be read between', () => {
    const anything = fc.record({
      payload: fc.string({ maxLength: 400 }),
      sources: fc.nat(15),
      extension: fc.option(fc.nat(5), { nil: undefined }),
      ssrc: fc.nat(2 ** 32 - 1),
      sequence: fc.nat(65535),
    });
    fc.assert(
      fc.property(anything, ({ payload, sources, extension, ssrc, sequence }) => {
        const line = new Line(name);
        const head = new Array<number>(4 * sources).fill(9);
        if (extension !== undefined) head.push(0xbe, 0xde, 0, extension, ...new Array<number>(4 * extension).fill(8));
        const first = 0x80 | sources | (extension === undefined ? 0 : 0x10);
        const packet = rtp(sequence, { ssrc, payload, first, head });
        const sealed = line.sealed(packet);
        expect(sealed.length).toBe(packet.length + rtpTag);
        expect(sealed.slice(0, 12 + head.length)).toEqual(packet.slice(0, 12 + head.length));
        if (payload.length > 8) expect(Buffer.from(sealed).includes(Buffer.from(payload))).toBe(false);
        expect(line.open(sealed)).toEqual(packet);
      }),
      { numRuns: 60 },
    );
  });

  test('in place', () => {
    const line = new Line(name);
    const buffer = new Uint8Array(256);
    const packet = rtp(7);
    buffer.set(packet);
    const sealed = line.sender.sealRtp(buffer, packet.length, buffer);
    expect(line.receiver.openRtp(buffer, sealed, buffer)).toBe(packet.length);
    expect(buffer.slice(0, packet.length)).toEqual(packet);
  });

  test('RTCP: index and E behind, counted up from 0, each opened once', () => {
    const line = new Line(name);
    const packets = [0, 1, 2].map((i) => rtcp(0xcafebabe, [i, i, i, i]));
    const sealed = packets.map((packet) => line.sealed(packet, 'Rtcp'));
    for (const [i, one] of sealed.entries()) {
      expect(one.length).toBe(packets[i]!.length + 4 + rtcpTag);
      const at = one.length - 4 - (name.startsWith('AEAD') ? 0 : rtcpTag);
      expect(new DataView(one.buffer).getUint32(at)).toBe(2 ** 31 + i);
    }
    for (const i of [2, 0, 1]) {
      expect(line.open(sealed[i]!, 'Rtcp')).toEqual(packets[i]);
      expect(line.open(sealed[i]!, 'Rtcp')).toBe(refusal.replayed);
    }
  });

  test.each(['Rtp', 'Rtcp'] as const)(
    '%s: no octet can be changed, nothing cut or added; then the true one comes through',
    (kind) => {
      const line = new Line(name, { mki: { value: 5, length: 2 } });
      const packet = kind === 'Rtp' ? rtp(1) : rtcp();
      const sealed = line.sealed(packet, kind);
      for (let at = 0; at < sealed.length; at++) {
        const forged = sealed.slice();
        forged[at]! ^= 0x01;
        expect([refusal.unauthentic, refusal.malformed]).toContain(line.open(forged, kind));
      }
      for (let length = 0; length < sealed.length; length++)
        expect([refusal.unauthentic, refusal.malformed]).toContain(line.open(sealed.slice(0, length), kind));
      expect(line.open(Uint8Array.of(...sealed, 0), kind)).toBe(refusal.unauthentic);
      expect(line.open(sealed, kind)).toEqual(packet);
    },
  );

  test('another key opens nothing', () => {
    const line = new Line(name);
    const other = new SrtpReceiver(ciphers, { ...keyOf(name), key: keyOf(name).key.map((octet) => octet ^ 1) });
    const sealed = line.sealed(rtp(1));
    expect(other.openRtp(sealed, sealed.length, line.out)).toBe(refusal.unauthentic);
  });

  test('with a master key identifier, that and no other is taken', () => {
    const line = new Line(name, { mki: { value: 0x0102, length: 4 } });
    const packet = rtp(9);
    const sealed = line.sealed(packet);
    expect(sealed.length).toBe(packet.length + 4 + rtpTag);
    const at = name.startsWith('AEAD') ? sealed.length - 4 : sealed.length - rtpTag - 4;
    expect(sealed.slice(at, at + 4)).toEqual(Uint8Array.of(0, 0, 1, 2));
    expect(new Line(name).open(sealed)).toBe(refusal.unauthentic);
    expect(new Line(name, { mki: { value: 0x0103, length: 4 } }).open(sealed)).toBe(refusal.unauthentic);
    expect(line.open(sealed)).toEqual(packet);
    const report = rtcp();
    expect(line.open(line.sealed(report, 'Rtcp'), 'Rtcp')).toEqual(report);
  });

  test('five roll-overs, with packets here and there', () => {
    const line = new Line(name);
    let index = 65_000;
    while (index < 65_000 + 5 * 65_536) {
      const packet = rtp(index, { payload: `${index}` });
      expect(line.open(line.sealed(packet))).toEqual(packet);
      const left = 65_533 - (index % 65_536);
      index += left > 0 ? Math.min(1021, left) : 1;
    }
  });
});

test('two hours at 50 packets a second, each of them', () => {
  const line = new Line();
  const { sender, receiver, out } = line;
  const packet = rtp(0);
  const view = new DataView(packet.buffer);
  let good = 0;
  for (let index = 30_000; index < 30_000 + 360_000; index++) {
    view.setUint16(2, index % 65_536);
    view.setUint32(4, index * 160);
    const sealed = sender.sealRtp(packet, packet.length, out);
    const opened = receiver.openRtp(out, sealed, out);
    receiver.accept();
    if (opened === packet.length && out[12] === packet[12]) good++;
  }
  expect(good).toBe(360_000);
});

describe('around the wrap', () => {
  test('packets out of order find their roll-over counter', () => {
    const order = [65530, 65533, 65537, 65534, 65536, 65535, 65531, 65540, 65532];
    const line = new Line();
    const sealed = new Map<number, Uint8Array>();
    for (let index = 65525; index < 65545; index++) sealed.set(index, line.sealed(rtp(index, { payload: `${index}` })));
    for (const index of order) expect(line.open(sealed.get(index)!)).toEqual(rtp(index, { payload: `${index}` }));
    for (const index of order) expect(line.open(sealed.get(index)!)).toBe(refusal.replayed);
  });

  test('any order within the window, at sender and receiver, whatever gets lost: each packet once', () => {
    const indices = fc.record({
      start: fc.integer({ min: 65536 - 160, max: 65534 }),
      order: fc.shuffledSubarray(
        Array.from({ length: 150 }, (_, i) => i),
        { minLength: 2 },
      ),
      later: fc.shuffledSubarray(Array.from({ length: 150 }, (_, i) => i)),
    });
    fc.assert(
      fc.property(indices, fc.boolean(), ({ start, order, later }, gcm) => {
        const line = new Line(gcm ? 'AEAD_AES_128_GCM' : 'AES_CM_128_HMAC_SHA1_32');
        // The first decides what roll-over counter 0 is.
        for (const index of [start, start + 1]) line.open(line.sealed(rtp(index)));
        const sealed = order.map((i) => line.sealed(rtp(start + 2 + i, { payload: `${i}` })));
        for (const [at, i] of order.entries())
          expect(line.open(sealed[at]!)).toEqual(rtp(start + 2 + i, { payload: `${i}` }));
        for (const i of later)
          if (order.includes(i)) expect(line.open(sealed[order.indexOf(i)]!)).toBe(refusal.replayed);
      }),
      { numRuns: 40 },
    );
  });

  test('a forgery with a sequence number far ahead does not move the counter', () => {
    const line = new Line();
    line.open(line.sealed(rtp(40_000)));
    const forged = line.sealed(rtp(40_001));
    new DataView(forged.buffer).setUint16(2, 3);
    expect(line.open(forged)).toBe(refusal.unauthentic);
    expect(line.open(line.sealed(rtp(40_002)))).toEqual(rtp(40_002));
  });

  test('a receiver that begins after the first roll-over cannot read: it takes 0 for the counter', () => {
    const line = new Line();
    line.sealed(rtp(65_000));
    expect(line.open(line.sealed(rtp(65_540)))).toBe(refusal.unauthentic);
  });
});

describe('verify, then commit', () => {
  test('what was not accepted can come again', () => {
    const line = new Line();
    const sealed = line.sealed(rtp(1));
    expect(line.look(sealed)).toEqual(rtp(1));
    expect(line.look(sealed)).toEqual(rtp(1));
    line.receiver.accept();
    expect(line.look(sealed)).toBe(refusal.replayed);
    line.receiver.accept();
    expect(line.open(line.sealed(rtp(2)))).toEqual(rtp(2));
  });

  test('accepting after a refusal accepts nothing', () => {
    const line = new Line();
    const [one, two] = [line.sealed(rtp(1)), line.sealed(rtp(2))];
    line.look(one);
    const forged = two.slice();
    forged[14]! ^= 1;
    line.open(forged);
    expect(line.open(one)).toEqual(rtp(1));
    expect(line.open(two)).toEqual(rtp(2));
  });

  test('whatever comes, in any order among the true ones, costs none of these its place', () => {
    const junk = fc.uint8Array({ maxLength: 80 });
    const step = fc.oneof(fc.constant('true' as const), junk, fc.record({ at: fc.nat(200), bit: fc.nat(7) }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.constantFrom(...srtpSuites), (steps, { name }) => {
        const line = new Line(name);
        let index = 65_500;
        for (const next of steps) {
          const packet = rtp(++index, { payload: `${index}` });
          const sealed = line.sealed(packet);
          if (next instanceof Uint8Array) {
            for (const kind of ['Rtp', 'Rtcp'] as const)
              expect([refusal.unauthentic, refusal.malformed]).toContain(line.open(next, kind));
          } else if (next !== 'true') {
            const forged = sealed.slice();
            forged[next.at % forged.length]! ^= 1 << next.bit;
            // A changed sequence number may be that of a packet that has come.
            expect([refusal.unauthentic, refusal.malformed, refusal.replayed]).toContain(line.open(forged));
          }
          expect(line.open(sealed)).toEqual(packet);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('sources', () => {
  test('each counts for itself: a new SSRC begins at roll-over counter 0', () => {
    const line = new Line();
    for (const index of [40_000, 65_535, 65_536, 65_537]) line.open(line.sealed(rtp(index)));
    const other = rtp(5, { ssrc: 1 });
    const sealed = line.sealed(other);
    expect(new Line().open(sealed)).toEqual(other); // as somebody reads it who knows of no roll-over
    expect(line.open(sealed)).toEqual(other);
    expect(line.open(line.sealed(rtp(65_538)))).toEqual(rtp(65_538)); // and the first goes on where it was
  });

  test('are bounded; one that is known goes on, forgeries take no place', () => {
    const line = new Line();
    for (let ssrc = 1; ssrc <= 2 * maxSources; ssrc++) {
      const forged = new Line().sealed(rtp(1, { ssrc }));
      forged[13]! ^= 1;
      expect(line.open(forged)).toBe(refusal.unauthentic);
    }
    for (let ssrc = 1; ssrc <= maxSources; ssrc++) line.open(line.sealed(rtp(1, { ssrc })));
    const more = rtp(1, { ssrc: maxSources + 1 });
    expect(line.seal(more)).toBe(refusal.sources);
    expect(line.seal(rtcp(maxSources + 1), 'Rtcp')).toBe(refusal.sources);
    expect(line.open(new Line().sealed(more))).toBe(refusal.sources);
    expect(line.open(line.sealed(rtp(2, { ssrc: 1 })))).toEqual(rtp(2, { ssrc: 1 }));
    expect(line.open(line.sealed(rtcp(1), 'Rtcp'), 'Rtcp')).toEqual(rtcp(1));
  });

  test('a sender uses no index twice, nor one that it no longer knows', () => {
    const line = new Line();
    line.sealed(rtp(1000));
    expect(line.seal(rtp(1000, { payload: 'other words' }))).toBe(refusal.replayed);
    line.sealed(rtp(2000));
    expect(line.seal(rtp(1001))).toBe(refusal.replayed);
    line.sealed(rtp(1999));
  });

  test('what has no room is refused, not cut', () => {
    const line = new Line();
    const packet = rtp(1);
    expect(line.sender.sealRtp(packet, packet.length, new Uint8Array(packet.length + 9))).toBe(refusal.malformed);
    expect(line.sealed(packet).length - packet.length).toBeLessThanOrEqual(srtpOverhead);
    const sealed = line.sealed(rtp(2));
    expect(line.receiver.openRtp(sealed, sealed.length, new Uint8Array(20))).toBe(refusal.malformed);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CapturedPacket, capture } from './index.ts';
import { addressOctets } from './ip.ts';

const here = { host: '192.0.2.1', port: 5060 };
const there = { host: '203.0.113.10', port: 5061 };
const packet = (more: Partial<CapturedPacket> = {}): CapturedPacket => ({
  at: 1_700_000_000_000.125,
  from: here,
  to: there,
  transport: 'udp',
  octets: 'OPTIONS sip:a SIP/2.0\r\n\r\n',
  ...more,
});

interface Block {
  readonly type: number;
  readonly body: DataView;
}

/** Read by another hand than it was written. */
function blocksOf(file: Uint8Array): readonly Block[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const blocks: Block[] = [];
  for (let at = 0; at < file.length; ) {
    const length = view.getUint32(at + 4, true);
    expect(length % 4).toBe(0);
    expect(view.getUint32(at + length - 4, true)).toBe(length);
    blocks.push({
      type: view.getUint32(at, true),
      body: new DataView(file.buffer, file.byteOffset + at + 8, length - 12),
    });
    at += length;
  }
  return blocks;
}

/** The IP packets of a file. */
function packetsOf(file: Uint8Array): readonly DataView[] {
  return blocksOf(file)
    .filter(({ type }) => type === 6)
    .map(({ body }) => new DataView(body.buffer, body.byteOffset + 20, body.getUint32(12, true)));
}

const sumOf = (view: DataView, from: number, to: number): number => {
  let sum = 0;
  for (let at = from; at < to; at += 2) sum += at + 1 < to ? view.getUint16(at) : view.getUint8(at) << 8;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum;
};

describe('a capture', () => {
  test('is a section, an interface of raw IP, and a block for each packet with its time', () => {
    const [section, description, first] = blocksOf(
      capture([packet()], { application: 'Tandem', comment: 'call 7f3a' }),
    );
    expect([section!.type, description!.type, first!.type]).toEqual([0x0a0d0d0a, 1, 6]);
    expect(section!.body.getUint32(0, true)).toBe(0x1a2b3c4d);
    expect(description!.body.getUint16(0, true)).toBe(101);
    const time = (BigInt(first!.body.getUint32(4, true)) << 32n) | BigInt(first!.body.getUint32(8, true));
    expect(time).toBe(1_700_000_000_000_125n);
  });

  test('has right checksums and the octets as they went, IPv4 and IPv6, UDP and TCP', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)), maxLength: 300 }),
        fc.constantFrom<'udp' | 'tcp'>('udp', 'tcp'),
        fc.constantFrom(true, false),
        (octets, transport, six) => {
          const ends = six ? { from: { host: '2001:db8::1', port: 5060 }, to: { host: '2001:db8::2:3', port: 5 } } : {};
          const [ip] = packetsOf(capture([packet({ octets, transport, ...ends })], { application: 'x' }));
          const header = six ? 40 : 20;
          expect(ip!.getUint8(0) >> 4).toBe(six ? 6 : 4);
          if (!six) expect(sumOf(ip!, 0, 20)).toBe(0xffff);
          const data = header + (transport === 'udp' ? 8 : 20);
          let text = '';
          for (let at = data; at < ip!.byteLength; at++) text += String.fromCharCode(ip!.getUint8(at));
          expect(text).toBe(octets);
          const protocol = transport === 'udp' ? 17 : 6;
          const length = ip!.byteLength - header;
          const pseudo = sumOf(ip!, six ? 8 : 12, header) + protocol + length;
          expect((sumOf(ip!, header, ip!.byteLength) + pseudo) % 0xffff).toBe(0);
        },
      ),
    );
  });

  test('what went by a stream follows on in each direction', () => {
    const back = { from: there, to: here, transport: 'tcp' as const, octets: 'x'.repeat(70_000) };
    const numbers = packetsOf(
      capture([packet({ transport: 'tcp', octets: 'abc' }), packet(back), packet({ transport: 'tcp' })], {
        application: 'x',
      }),
    ).map((ip) => [ip.getUint32(24), ip.getUint32(28), ip.byteLength - 40]);
    expect(numbers).toEqual([
      [1, 1, 3],
      [1, 4, 65_000],
      [65_001, 4, 5_000],
      [4, 70_001, 25],
    ]);
  });

  test('an address that is none is nowhere', () => {
    const [ip] = packetsOf(capture([packet({ from: { host: 'pbx', port: 1 } })], { application: 'x' }));
    expect([ip!.getUint32(12), ip!.getUint32(16)]).toEqual([0, 0xcb00710a]);
  });
});

test.each([
  ['10.0.0.1', '0a000001'],
  ['::', '0'.repeat(32)],
  ['[2001:db8::1]', `20010db8${'0'.repeat(23)}1`],
  ['fe80::1%eth0', `fe80${'0'.repeat(27)}1`],
  ['::ffff:10.0.0.1', `${'0'.repeat(20)}ffff0a000001`],
  ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
  ['10.0.0', undefined],
  ['10.0.0.256', undefined],
  ['1:2:3', undefined],
  ['1::2::3', undefined],
  ['pbx.example', undefined],
])('the octets of %s', (text, expected) => {
  const octets = addressOctets(text);
  expect(octets?.map((octet) => octet.toString(16).padStart(2, '0')).join('')).toBe(expected);
});

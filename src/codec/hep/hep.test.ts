import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeHep, type HepPacket, mostPayload } from './index.ts';

/** Reads a packet as the HEP3 document has it, by another hand: Buffer, from the front. */
function decode(packet: Uint8Array) {
  const buffer = Buffer.from(packet);
  expect(buffer.toString('latin1', 0, 4)).toBe('HEP3');
  expect(buffer.readUInt16BE(4)).toBe(buffer.length);
  const chunks = new Map<number, Buffer>();
  let at = 6;
  while (at < buffer.length) {
    expect(buffer.readUInt16BE(at)).toBe(0);
    const length = buffer.readUInt16BE(at + 4);
    expect(length).toBeGreaterThanOrEqual(6);
    chunks.set(buffer.readUInt16BE(at + 2), buffer.subarray(at + 6, at + length));
    at += length;
  }
  expect(at).toBe(buffer.length);
  return chunks;
}

const packet: HepPacket = {
  at: 1_700_000_000_123.456,
  from: { host: '192.0.2.1', port: 5060 },
  to: { host: '203.0.113.10', port: 5061 },
  transport: 'udp',
  agent: 2001,
  correlation: '7f3a',
  payload: 'OPTIONS sip:a SIP/2.0\r\n\r\n',
};

test('a packet octet by octet', () => {
  const { correlation: _, ...plain } = packet;
  const hex = Buffer.from(encodeHep({ ...plain, payload: 'A' })).toString('hex');
  expect(hex).toBe(
    [
      '48455033 0064',
      '0000 0001 0007 02',
      '0000 0002 0007 11',
      '0000 0003 000a c0000201',
      '0000 0004 000a cb00710a',
      '0000 0007 0008 13c4',
      '0000 0008 0008 13c5',
      '0000 0009 000a 6553f100',
      '0000 000a 000a 0001e240',
      '0000 000b 0007 01',
      '0000 000c 000a 000007d1',
      '0000 000f 0007 41',
    ]
      .join('')
      .replaceAll(' ', ''),
  );
});

test('IPv6, TCP, a password', () => {
  const chunks = decode(
    encodeHep({
      ...packet,
      from: { host: '2001:db8::1', port: 1 },
      to: { host: '2001:db8::2', port: 65_535 },
      transport: 'tcp',
      password: 's3cret',
    }),
  );
  expect(chunks.get(1)![0]).toBe(10);
  expect(chunks.get(2)![0]).toBe(6);
  expect(chunks.get(5)!.toString('hex')).toBe('20010db8000000000000000000000001');
  expect(chunks.get(6)!.toString('hex')).toBe('20010db8000000000000000000000002');
  expect(chunks.has(3)).toBe(false);
  expect(chunks.get(0x0e)!.toString()).toBe('s3cret');
  expect(chunks.get(0x11)!.toString()).toBe('7f3a');
});

test('whatever is sent is read as it was', () => {
  const octets = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) });
  fc.assert(
    fc.property(
      octets,
      fc.option(octets, { nil: undefined }),
      fc.nat(65_535),
      fc.double({ min: 0, max: 4e12, noNaN: true }),
      (payload, password, port, at) => {
        const from = { host: '10.0.0.1', port };
        const chunks = decode(encodeHep({ ...packet, at, from, payload, ...(password !== undefined && { password }) }));
        expect(chunks.get(0x0f)!.toString('latin1')).toBe(payload);
        expect(chunks.get(0x0e)?.toString('latin1')).toBe(password);
        expect(chunks.get(7)!.readUInt16BE()).toBe(port);
        const ms = chunks.get(9)!.readUInt32BE() * 1000 + chunks.get(10)!.readUInt32BE() / 1000;
        expect(Math.abs(ms - at)).toBeLessThan(0.01);
      },
    ),
  );
});

test('what has no address, or is too long, goes all the same', () => {
  const chunks = decode(encodeHep({ ...packet, from: { host: 'nowhere', port: 1 }, payload: 'x'.repeat(100_000) }));
  expect(chunks.get(3)!.toString('hex')).toBe('00000000');
  expect(chunks.get(0x0f)).toHaveLength(mostPayload);
  const mixed = decode(encodeHep({ ...packet, to: { host: '2001:db8::2', port: 1 } }));
  expect([mixed.get(3)!.length, mixed.get(4)!.length]).toEqual([4, 4]);
});

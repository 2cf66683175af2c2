import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  capture,
  captureBeginning,
  packetBlocks,
  udpBlockLength,
  udpDataAt,
  type WireAddress,
  writeUdpBlock,
} from './index.ts';

const mapped = (a: number, b: number, c: number, d: number, port: number): WireAddress => ({
  a: 0,
  b: 0,
  c: 0xffff,
  d: (a << 24) | (b << 16) | (c << 8) | d,
  port,
});
const ends = {
  four: {
    wire: [mapped(192, 0, 2, 1, 20000), mapped(203, 0, 113, 250, 65535)],
    from: { host: '192.0.2.1', port: 20000 },
    to: { host: '203.0.113.250', port: 65535 },
  },
  six: {
    wire: [
      { a: 0x20010db8, b: 0, c: 0, d: 1, port: 20000 },
      { a: 0x20010db8, b: 0xfe00_0001 | 0, c: 2, d: -1, port: 1 },
    ],
    from: { host: '2001:db8::1', port: 20000 },
    to: { host: '2001:db8:fe00:1:0:2:ffff:ffff', port: 1 },
  },
} as const;
const facts = { application: 'x' };
const at = 1_700_000_000_000.125;

function written(which: 'four' | 'six', data: Uint8Array, begin = 0): Uint8Array {
  const [from, to] = ends[which].wire;
  const block = new Uint8Array(begin + udpBlockLength(from, data.length)).fill(0xee);
  block.set(data, begin + udpDataAt(from));
  writeUdpBlock(new DataView(block.buffer), begin, at, from, to, data.length);
  return block.subarray(begin);
}

describe('the block of a datagram that is copied', () => {
  test('is the one that a capture makes of the same packet', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom<'four' | 'six'>('four', 'six'), (data, which) => {
        const { from, to } = ends[which];
        const octets = String.fromCharCode(...data);
        const [made] = packetBlocks(capture([{ at, from, to, transport: 'udp', octets }], facts));
        const copied = written(which, data, 8);
        // A checksum of 0 is written as its other form (RFC 768), which only the copy minds.
        expect(Buffer.from(copied)).toEqual(Buffer.from(made!.block));
      }),
    );
  });
});

describe('the packets of a file', () => {
  const file = () => {
    const blocks = [written('four', Uint8Array.of(1)), written('six', Uint8Array.of(2, 3))];
    return Buffer.concat([captureBeginning(facts), ...blocks]);
  };

  test('with their times', () => {
    expect(packetBlocks(file()).map((one) => [one.at, one.block.length])).toEqual([
      [at, 64],
      [at, 84],
    ]);
  });

  test('as far as it has been written, whatever it is', () => {
    const whole = file();
    for (let length = 0; length < whole.length; length++) {
      const found = packetBlocks(whole.subarray(0, length)).length;
      expect(found).toBe(length >= whole.length - 84 ? 1 : 0);
    }
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => void packetBlocks(noise)));
  });

  test('stand between the messages of a capture, in the order of time', () => {
    const message = (ms: number) => ({ at: ms, ...ends.four, transport: 'udp' as const, octets: `${ms}` });
    const other = (ms: number) => ({ at: ms, block: packetBlocks(capture([message(ms)], facts))[0]!.block });
    const merged = capture([message(10), message(20), message(30)], facts, [5, 15, 16, 35].map(other));
    expect(packetBlocks(merged).map((one) => one.at)).toEqual([5, 10, 15, 16, 20, 30, 35]);
  });
});

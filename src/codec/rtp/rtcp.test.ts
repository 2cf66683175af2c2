import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readRtcp } from './index.ts';

const bytes = (...hex: string[]) => Uint8Array.from(Buffer.from(hex.join('').replaceAll(' ', ''), 'hex'));
// RFC 3550 6.4.1: fraction 64/256, 5 lost, jitter 160, LSR and DLSR.
const block = '11111111 40000005 00010064 000000a0 12345678 00010000';
const senderReport = `81c8000c 22222222 e1234567 89abcdef 00000000 00000001 000000a0 ${block}`;
// RFC 3611 4.7, 36 octets of the block: loss 10, discard 0, R 90, MOS-LQ 4.2, MOS-CQ not measured.
const voip = '80cf000a 22222222 07000008 11111111 0a000000 00000000 003c0014 00000010 5a7f2a7f 00000000 00000000';

describe('a compound packet', () => {
  test('a sender report with a block', () => {
    expect(readRtcp(bytes(senderReport), 52)).toEqual({
      senderReport: 0x456789ab,
      block: { fractionLost: 0.25, lost: 5, jitter: 160, lastSenderReport: 0x12345678, delay: 65_536 },
    });
  });

  test('a receiver report, and behind it metrics of a device', () => {
    const packet = bytes(`81c90007 22222222 ${block}`, voip);
    const { block: found, voip: metrics, senderReport: none } = readRtcp(packet, packet.length);
    expect(none).toBeUndefined();
    expect(found!.lost).toBe(5);
    expect(metrics).toEqual({
      lossRate: 10 / 256,
      discardRate: 0,
      burstDensity: 0,
      burstMs: 0,
      gapDensity: 0,
      gapMs: 0,
      roundTripMs: 60,
      endSystemMs: 20,
      rFactor: 90,
      mosListening: 4.2,
    });
  });

  test('fewer than none are lost where copies came', () => {
    const packet = bytes(`81c90007 22222222 11111111 00fffffe 00010064 000000a0 00000000 00000000`);
    expect(readRtcp(packet, packet.length).block!.lost).toBe(-2);
  });

  test('whatever comes is read to its end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (packet) => {
        readRtcp(packet, packet.length);
      }),
    );
    const whole = bytes(senderReport, voip);
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(whole.length - 1), fc.nat(255), (length, at, value) => {
        const changed = whole.slice();
        changed[at] = value;
        readRtcp(changed, length);
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMessage, type SipRequest, type SipResponse } from '#codec/sip-message';
import { Deadlines, type Instant } from '#kernel';
import type { Sleeper } from '#sip/transaction';
import {
  acknowledgedBy,
  formatAcknowledged,
  lists,
  maxWaiting,
  ProvisionalOrder,
  ReliableResponses,
  sequenceOf,
} from './index.ts';

const at = (mono: number): Instant => ({ mono, wall: mono });
const common = 'Via: SIP/2.0/UDP a;branch=z9hG4bK1\r\nFrom: <sip:a@a>;tag=1\r\nTo: <sip:b@b>;tag=2\r\nCall-ID: c\r\n';

function response(status: number, fields: string): SipResponse {
  return parseMessage(`SIP/2.0 ${status} X\r\n${common}CSeq: 1 INVITE\r\n${fields}\r\n`) as SipResponse;
}

function prack(rack: string): SipRequest {
  return parseMessage(`PRACK sip:b SIP/2.0\r\n${common}CSeq: 2 PRACK\r\nRAck: ${rack}\r\n\r\n`) as SipRequest;
}

describe('the fields (RFC 3262 7)', () => {
  test.each([
    [183, 'Require: 100rel\r\nRSeq: 813520\r\n', 813520],
    [180, 'Require: x, 100REL\r\nRSeq: 1\r\n', 1],
    [183, 'RSeq: 1\r\n', undefined],
    [183, 'Require: 100rel\r\n', undefined],
    [183, 'Require: 100rel\r\nRSeq: 0\r\n', undefined],
    [183, 'Require: 100rel\r\nRSeq: 1x\r\n', undefined],
    [183, 'Require: 100rel\r\nRSeq: 99999999999\r\n', undefined],
    // 3: 100 is never sent reliably, nor is a final response.
    [100, 'Require: 100rel\r\nRSeq: 1\r\n', undefined],
    [200, 'Require: 100rel\r\nRSeq: 1\r\n', undefined],
  ])('%i with %j is number %o', (status, fields, rseq) => {
    expect(sequenceOf(response(status, fields))).toBe(rseq);
  });

  test.each([
    ['776656 1 INVITE', { rseq: 776656, cseq: 1, method: 'INVITE' }],
    ['776656  1  INVITE', { rseq: 776656, cseq: 1, method: 'INVITE' }],
    ['776656 INVITE', undefined],
    ['x 1 INVITE', undefined],
    ['1 1x INVITE', undefined],
    ['1 1 INVITE more', undefined],
  ])('RAck: %s', (rack, read) => {
    expect(acknowledgedBy(prack(rack))).toEqual(read);
    if (read) expect(acknowledgedBy(prack(formatAcknowledged(read)))).toEqual(read);
  });

  test('option tags have no case, and stand in any of several fields', () => {
    const message = response(183, 'Supported: timer, 100Rel\r\nSupported: 199\r\n');
    expect(lists(message, 'supported', '100rel')).toBe(true);
    expect(lists(message, 'supported', '199')).toBe(true);
    expect(lists(message, 'require', '100rel')).toBe(false);
  });
});

describe('those that come (RFC 3262 4)', () => {
  test('the first may have any number; then one after the other, each once', () => {
    const order = new ProvisionalOrder();
    expect([7, 9, 7, 8, 8, 9, 6].map((rseq) => order.place(rseq))).toEqual([
      'next',
      'ahead',
      'again',
      'next',
      'again',
      'next',
      'again',
    ]);
  });

  test('however they are lost, doubled and reordered, each is taken once and in order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 }), fc.array(fc.nat(6), { maxLength: 60 }), (first, arrivals) => {
        const order = new ProvisionalOrder();
        expect(order.place(first)).toBe('next');
        const taken = arrivals.filter((one) => order.place(first + one) === 'next');
        expect(taken).toEqual(taken.map((_, i) => i + 1));
      }),
    );
  });
});

/** One machine with its clock; what it sent as "name RSeq". */
class Desk implements Sleeper {
  readonly deadlines = new Deadlines<Sleeper>();
  readonly timers = { t1: 500, t2: 4000, t4: 5000 };
  readonly sleeper = this;
  readonly sent: string[] = [];
  readonly times: number[] = [];
  gone = 0;
  now = 0;
  readonly machine = new ReliableResponses<string>(this, 10, 1);

  send(response: string, rseq: number): string {
    this.times.push(this.now);
    this.sent.push(`${response} ${rseq}`);
    return this.sent.at(-1)!;
  }
  sendAgain(octets: string): void {
    this.times.push(this.now);
    this.sent.push(octets);
  }
  gaveUp(): void {
    this.gone++;
  }
  wake(_name: string, now: Instant): void {
    this.machine.wake(now);
  }
  pass(ms: number): void {
    const until = this.now + ms;
    for (let next = this.deadlines.next(); next !== undefined && next <= until; next = this.deadlines.next()) {
      this.now = next;
      this.deadlines.due(next)!.owner.wake('', at(next));
    }
    this.now = until;
  }
  acknowledge(rseq: number, cseq = 1, method = 'INVITE'): string | undefined {
    const taken = this.machine.acknowledge({ rseq, cseq, method });
    this.machine.next(at(this.now));
    return taken;
  }
}

describe('those that are sent (RFC 3262 3)', () => {
  test('again at T1, doubling without T2, given up after 64*T1', () => {
    const desk = new Desk();
    desk.machine.send('183', at(0));
    desk.pass(60_000);
    expect(desk.times).toEqual([0, 500, 1500, 3500, 7500, 15_500, 31_500]);
    expect(new Set(desk.sent)).toEqual(new Set(['183 10']));
    expect(desk.gone).toBe(1);
    expect(desk.deadlines.size).toBe(0);
  });

  test('its PRACK ends that, and lets the next one out', () => {
    const desk = new Desk();
    desk.machine.send('183', at(0));
    desk.machine.send('180', at(0));
    expect(desk.sent).toEqual(['183 10']);
    expect(desk.machine.unacknowledged).toEqual(['183', '180']);
    expect(desk.acknowledge(10)).toBe('183');
    expect(desk.sent).toEqual(['183 10', '180 11']);
    expect(desk.acknowledge(11)).toBe('180');
    desk.pass(60_000);
    expect(desk.sent).toHaveLength(2);
    expect(desk.gone).toBe(0);
  });

  test.each([
    [11, 1, 'INVITE'],
    [9, 1, 'INVITE'],
    [10, 2, 'INVITE'],
    [10, 1, 'UPDATE'],
  ])('RAck %i %i %s acknowledges nothing', (rseq, cseq, method) => {
    const desk = new Desk();
    desk.machine.send('183', at(0));
    expect(desk.acknowledge(rseq, cseq, method)).toBeUndefined();
    expect(desk.acknowledge(10)).toBe('183');
    expect(desk.acknowledge(10)).toBeUndefined();
  });

  test('after a final response nothing is sent again, and the PRACK under way is still known', () => {
    const desk = new Desk();
    desk.machine.send('180', at(0));
    desk.machine.send('182', at(0));
    desk.machine.stop();
    desk.pass(60_000);
    expect(desk.sent).toEqual(['180 10']);
    expect(desk.gone).toBe(0);
    expect(desk.acknowledge(10)).toBe('180');
    expect(desk.sent).toEqual(['180 10']);
  });

  test('a peer that makes no PRACK makes no heap', () => {
    const desk = new Desk();
    for (let i = 0; i < 1000; i++) desk.machine.send('180', at(0));
    expect(desk.machine.unacknowledged).toHaveLength(1 + maxWaiting);
  });
});

import { describe, expect, test } from 'vitest';
import { widthOf } from '../output/width.ts';
import type { Message } from './ladder.ts';
import { Printed } from './printed.ts';
import { traceLine } from './trace-line.ts';

process.env.TZ = 'UTC';
const at = Date.UTC(2026, 10, 23, 8, 5, 9);
const plain = (_format: unknown, text: string) => text;

function message(ms: number, sent: boolean, leg: string, firstLine: string): Message {
  return {
    at: new Date(at + ms).toISOString(),
    atMs: at + ms,
    sent,
    transport: 'udp',
    local: '192.0.2.1:5060',
    remote: '203.0.113.9:5060',
    leg,
    callId: `${leg}@x`,
    firstLine,
    text: `${firstLine}\r\nCSeq: 1 INVITE\r\n\r\n`,
  };
}

describe('what was printed of a call is not printed again', () => {
  const came = message(0, false, 'pbx', 'INVITE sip:1@x SIP/2.0');
  const trying = message(1, true, 'pbx', 'SIP/2.0 100 Trying');
  const rings = message(9, true, 'pbx', 'SIP/2.0 180 Ringing');
  const goes = message(2, true, 'itsp', 'INVITE sip:1@y SIP/2.0');

  test('also when a leg becomes known whose messages are older', () => {
    const printed = new Printed();
    expect(printed.news('1', [came, trying, rings])).toEqual([came, trying, rings]);
    expect(printed.news('1', [came, trying, goes, rings])).toEqual([goes]);
    expect(printed.news('1', [came, trying, goes, rings])).toEqual([]);
    expect(printed.news('2', [came])).toEqual([came]);
  });

  test('also when old ones have gone', () => {
    const printed = new Printed();
    printed.news('1', [came, trying, goes]);
    expect(printed.news('1', [came, goes, rings])).toEqual([rings]);
  });
});

describe('a line of a trace', () => {
  const one = message(7, true, 'itsp-a', 'SIP/2.0 200 OK');
  const call = '01a2097d25edf00d';

  test('has the beginning of the id, which other commands take', () => {
    expect(traceLine(call, one, 120, plain)).toBe(
      '08:05:09.007 01a2097d25ed -> itsp-a 203.0.113.9:5060         200 OK',
    );
  });

  test('has no addresses where there is no room, and never is wider than the terminal', () => {
    expect(traceLine(call, one, 60, plain)).toBe('08:05:09.007 01a2097d25ed -> itsp-a        200 OK');
    const long = message(7, false, '台北總部的中繼線路-a-long-name', `SIP/2.0 500 ${'台'.repeat(80)}\u001b[2J`);
    for (const width of [48, 60, 79, 80, 100, 200]) {
      const line = traceLine(call, long, width, plain);
      expect(widthOf(line), `${width}: ${line}`).toBeLessThanOrEqual(width);
      expect(line).not.toMatch(/[\x00-\x1f]/);
    }
    const far = { ...one, remote: '[2001:db8:1234:5678:9abc:def0:1234:5678]:5060' };
    expect(traceLine(call, far, Number.POSITIVE_INFINITY, plain)).toContain(`${far.remote} 200 OK`);
  });
});

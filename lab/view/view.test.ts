import { describe, expect, test } from 'vitest';
import { LabCall } from '../lab-call.ts';
import { planCall } from '../plan.ts';
import { Summary } from '../summary.ts';
import { endedCall } from './record-text.ts';
import { cut, Screen } from './screen.ts';
import { summaryText } from './summary-text.ts';
import { liveTable } from './table.ts';
import { clock, count, harmless } from './text.ts';

const plain = (_style: unknown, text: string) => text;

test('texts', () => {
  expect([clock(0), clock(61_999)]).toEqual(['0:00', '1:01']);
  expect([count(1, 'call'), count(1_200, 'call')]).toEqual(['1 call', '1,200 calls']);
  expect(harmless('a\u001b[2Jb\n')).toBe('a\ufffd[2Jb\ufffd');
});

test('a running call in the table: → is what the callee hears', () => {
  const call = new LabCall(planCall(2, 6_000), 0);
  const counters = {
    sent: 0,
    lost: 0,
    jitterMs: 0.25,
    heardMs: 0,
    troubles: [],
    law: 'PCMA',
    answeredAt: 1_000,
  } as const;
  call.heard({ number: 2, role: 'caller', state: 'talking', received: 150, heard: false, ...counters }, 0);
  call.heard({ number: 2, role: 'callee', state: 'held', received: 151, heard: true, ...counters, lost: 3 }, 0);
  expect(liveTable([call], 4_000, 140, plain)).toEqual([
    '   #  caller              called              state         codec    packets   lost  jitter ms    heard',
    '                                                                      →    ←   →  ←     →    ←    →   ←',
    '   2  ITSP +12125550174   PBX  +493023125102  on hold 0:03  PCMA    151  150   3  0   0.3  0.3  yes  no',
  ]);
  for (const width of [120, 100, 80]) {
    const [, , row = ''] = liveTable([call], 4_000, width, plain);
    expect(row.length).toBeLessThan(width);
    expect(row, 'what matters most stays').toMatch(/151 {2}150.* yes {2}no$/);
  }
});

test('a call of which nothing is known', () => {
  const call = new LabCall(planCall(1, 6_000), 0);
  expect(call.isOver(26_000)).toBe(false);
  expect(call.mustEnd(17_000)).toBe(true);
  expect(call.mustEnd(17_000), 'once').toBe(false);
  expect(call.isKnown(27_000)).toBe(false);
  expect(call.isKnown(33_000)).toBe(true);
  call.judge();
  const lines = endedCall(call, plain);
  expect(lines[0]).toMatch(/^✗ {2}#1 .*, nobody heard anything$/);
  expect(lines.slice(1).map((line) => line.trim())).toEqual([
    'the caller knows nothing of it',
    'the callee knows nothing of it',
    'there is no record of it',
  ]);
  const summary = new Summary();
  summary.add(call);
  expect(summaryText(summary, 1_000, plain)[1]).toBe(
    '1 call in 1.0 s: 0 answered, 0 heard both ways, 0 recorded, 1 with faults',
  );
});

describe('the screen', () => {
  const terminal = (isTTY: boolean) => {
    let written = '';
    const write = (text: string) => {
      written += text.replaceAll('\x1b', '^');
    };
    const screen = new Screen({
      isTTY,
      columns: 20,
      rows: 4,
      write,
      on: () => undefined,
    } as unknown as NodeJS.WriteStream);
    const text = () => {
      const since = written;
      written = '';
      return since;
    };
    return { screen, text };
  };

  test('the live part is drawn over itself, what stays is put above it, and nothing is wider or longer than fits', () => {
    const { screen, text } = terminal(true);
    text();
    screen.draw(['one', 'two']);
    expect(text()).toBe('\r^[Jone\ntwo\n');
    screen.print(['stays']);
    expect(text()).toBe('^[2A\r^[Jstays\none\ntwo\n');
    screen.draw(['a'.repeat(30), 'b', 'c', 'd']);
    expect(text()).toBe(`^[2A\r^[J${'a'.repeat(19)}\nb\nc\n`);
    screen.close();
    expect(text()).toBe('^[3A\r^[J^[?25h');
    screen.close();
    expect(text(), 'once').toBe('');
  });

  test('without a terminal only what stays is printed, and no control character', () => {
    const { screen, text } = terminal(false);
    screen.draw(['live']);
    screen.print(['stays']);
    screen.close();
    expect(text()).toBe('stays\n');
  });

  test('colours do not count for the width', () => {
    expect(cut('\x1b[32mabcdef\x1b[39m', 3)).toBe('\x1b[32mabc\x1b[39m');
  });
});

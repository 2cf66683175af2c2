import { describe, expect, test } from 'vitest';
import { widthOf } from '../output/width.ts';
import { bar, onceLines, pressed, type Seen, screen, type View } from './screen.ts';

process.env.TZ = 'UTC';
const at = Date.UTC(2026, 10, 23, 8, 5, 9);
const plain = (_format: unknown, text: string) => text;
const view: View = { sort: '-started', from: 0, paused: false };
const figures = { calls: 40, answered: 30, asr: 0.75, ner: 0.975, reasons: {} };

const trunk = (name: string, state: 'up' | 'down', active: number) => ({
  ...{
    name,
    kind: 'itsp',
    side: 'external',
    transport: 'tls',
    state,
    because: state === 'up' ? 'OPTIONS 200' : 'no answer',
  },
  ...{ targets: [], active, limit: 30, hour: { to: figures, from: figures } },
});
const call = (n: number) => ({
  ...{
    call: `c${n}`,
    phase: 'answered' as const,
    caller: `台北\u001b[2J${n}`,
    called: '+4930',
    from: { trunk: 'pbx' },
    to: { trunk: 'acme' },
  },
  ...{ startedAt: new Date(at - 60_000).toISOString(), answeredAt: new Date(at - 50_000).toISOString() },
});
const seen: Seen = {
  ...{ at, where: 'the program on /data', standing: 300, trunks: [trunk('acme', 'up', 9), trunk('beta', 'down', 0)] },
  calls: Array.from({ length: 200 }, (_, n) => call(n)),
  troubles: [{ id: 'x', severity: 'critical', what: 'Trunk beta is down: no answer.', todo: '' }],
};

describe('the screen', () => {
  test.each([
    [80, 24],
    [200, 60],
    [40, 10],
    [20, 5],
  ])('of %i columns and %i rows is filled, and nothing goes over its edge', (columns, rows) => {
    const lines = screen(seen, view, { columns, rows }, plain);
    expect(lines).toHaveLength(rows);
    for (const line of lines) {
      expect(widthOf(line)).toBeLessThanOrEqual(columns);
      expect(line).not.toMatch(/[\x00-\x1f]/);
    }
  });

  test('one look ends with what there is to tell: no keys, and nothing is cut', () => {
    const few = { ...seen, calls: seen.calls.slice(0, 2), standing: 2 };
    const lines = onceLines(few, view, { columns: Number.POSITIVE_INFINITY, rows: 40 }, plain);
    expect(lines.at(-1)).toMatch(/^c1 .*talks 50\.0 s$/);
    expect(lines.join('\n')).not.toMatch(/q quit|…/);
    expect(onceLines(seen, view, { columns: 80, rows: 24 }, plain)).toHaveLength(24);
  });

  test('says first what is wrong, then trunks with what fails above, then calls', () => {
    const text = screen(seen, view, { columns: 120, rows: 24 }, plain).join('\n');
    expect(text).toMatch(
      /^08:05:09 {2}300 calls, 80 ended in the hour, 75 % answered, the program on \/data\n!! Trunk beta is down/,
    );
    expect(text).toMatch(/\nTRUNK +STATE .*\nbeta +down .*\nacme +up +9\/30 +███░░░░░░░ +80 +75 % +98 %/);
    expect(text).toMatch(/\nc0 +08:04:09 +pbx +台北\\x1b\[2J0 +acme +\+4930 .*talks 50\.0 s/);
    expect(screen({ ...seen, troubles: [] }, view, { columns: 80, rows: 24 }, plain)[1]).toBe('Nothing is wrong.');
  });

  test('says when nobody is heard, or it is held still', () => {
    expect(screen({ ...seen, lost: 'no program runs on /data.' }, view, { columns: 80, rows: 24 }, plain)[0]).toMatch(
      /^NOT HEARD: no program/,
    );
    expect(screen(seen, { ...view, paused: true }, { columns: 80, rows: 24 }, plain)[0]).toMatch(/^PAUSED/);
  });

  test.each([0, 10, 10_000])('of %i calls says what can be reached', (standing) => {
    const calls = Array.from({ length: Math.min(1000, standing) }, (_, n) => call(n));
    const many = { ...seen, standing, calls };
    for (const [columns, rows] of [[20, 3] as const, [40, 10] as const, [200, 60] as const])
      for (const from of [0, 999]) {
        const lines = screen(many, { ...view, from }, { columns, rows }, plain);
        expect(lines).toHaveLength(rows);
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
      }
    const end = pressed('\x1b[6~', view, many, 20_000)!;
    expect(end.from).toBe(Math.max(0, Math.min(1000, standing) - 1));
    const text = screen(many, end, { columns: 120, rows: 24 }, plain).join('\n');
    if (standing > 0) expect(text).toContain(`\nc${end.from} `);
    expect(text.includes('1000 in reach')).toBe(standing > 1000);
  });

  test('shows its keys, and goes on at any of them', () => {
    const asked = pressed('?', view, seen, 10)!;
    const lines = screen(seen, asked, { columns: 40, rows: 12 }, plain);
    expect(lines).toHaveLength(12);
    expect(lines.join('\n')).toContain('space          hold');
    expect(pressed('x', asked, seen, 10)).toEqual({ ...view, help: false });
    expect(pressed('q', asked, seen, 10)).toBeUndefined();
  });

  test('scrolls', () => {
    const lines = screen(seen, { ...view, from: 7 }, { columns: 120, rows: 24 }, plain);
    expect(lines.find((line) => line.startsWith('c'))).toMatch(/^c7 /);
    expect(lines.at(-1)).toContain('from the 8th of 300');
  });
});

test('a bar is as full as the limit; without one there is none', () => {
  expect([bar(0, 10), bar(1, 100), bar(10, 10), bar(12, 10), bar(3, undefined)]).toEqual([
    '░'.repeat(10),
    `█${'░'.repeat(9)}`,
    '█'.repeat(10),
    '█'.repeat(10),
    '',
  ]);
});

test('keys', () => {
  const by = (key: string, from: View = view) => pressed(key, from, seen, 10);
  for (const key of ['q', '\x03', '\x1b']) expect(by(key)).toBeUndefined();
  expect(by('s')).toMatchObject({ sort: 'started', from: 0 });
  expect(by('s', { ...view, sort: 'phase', from: 9 })).toMatchObject({ sort: '-started', from: 0 });
  expect(by(' ')).toMatchObject({ paused: true });
  expect(by('\x1b[B')).toMatchObject({ from: 1 });
  expect(by('\x1b[A')).toMatchObject({ from: 0 });
  expect(by('\x1b[6~', { ...view, from: 295 })).toMatchObject({ from: 299 });
  expect(by('g', { ...view, from: 295 })).toMatchObject({ from: 0 });
  expect(by('x')).toEqual(view);
});

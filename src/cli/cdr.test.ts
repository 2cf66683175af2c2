import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CallRecord } from '#engine/ports';
import { RecordStore } from '#shell/store';
import { csvColumns, csvLines, jsonArray, pour, recordJson } from './cdr-export.ts';
import { lossPercent, recordText } from './cdr-show.ts';
import { recordTable } from './cdr-table.ts';

/** An answered call with one attempt; `n` makes it and its time different from the others. */
function sampleRecord(n: number, change: Partial<CallRecord> = {}): CallRecord {
  const startedAt = 1_700_000_000_000 + n * 1000;
  const times = { startedAt, ringingAt: startedAt + 150, answeredAt: startedAt + 2150, endedAt: startedAt + 62_150 };
  const end = { by: 'caller', reason: 'hangup' } as const;
  const leg = (trunk: string, remote: string, callId: string) => ({
    trunk,
    remote,
    callId,
    localTag: `${trunk}-lt${n}`,
    remoteTag: `${trunk}-rt${n}`,
  });
  const itsp = leg('itsp', 'udp 198.51.100.1:5060', `b-${n}`);
  return {
    call: `c${String(n).padStart(6, '0')}`,
    leg: leg('pbx', 'udp 192.0.2.1:5060', `a-${n}@192.0.2.1`),
    caller: '200',
    called: '+4930123456',
    route: 'out',
    decisions: [{ rule: 'out', outcome: 'matched: trunks itsp' }],
    ...times,
    talkMs: 60_000,
    end,
    attempts: [{ leg: itsp, caller: '+4930555200', called: '+4930123456', ...times, end }],
    ...change,
  };
}

async function write(directory: string, records: readonly CallRecord[]): Promise<RecordStore> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let missing = records.length;
  const store = RecordStore.open({
    path: directory,
    onDurable: (calls) => {
      missing -= calls.length;
      if (missing === 0) resolve();
    },
    onTrouble: (problem) => reject(new Error(JSON.stringify(problem))),
  });
  for (const record of records) store.write(record);
  await promise;
  return store;
}

const folder = mkdtempSync(join(tmpdir(), 'tandem-cdr-'));
const data = join(folder, 'data');
const side = { packets: 2991, bytes: 478_560, lost: 9, jitterMs: 1.25, payloadType: 8, rtcpPackets: 12, dropped: 0 };
const records: readonly CallRecord[] = [
  sampleRecord(1),
  sampleRecord(2, {
    media: [
      {
        stream: 0,
        media: 'audio',
        a: { ...side, source: { host: '2001:db8::7', port: 20_000 } },
        b: { packets: 0, bytes: 0, lost: 0, payloadType: -1, rtcpPackets: 0, dropped: 4 },
      },
      {
        stream: 0,
        media: 'image',
        a: { packets: 900, bytes: 41_000, lost: 0, payloadType: -1, rtcpPackets: 0, dropped: 0 },
        b: { packets: 30, bytes: 210, lost: 0, payloadType: -1, rtcpPackets: 0, dropped: 0 },
      },
    ],
  }),
  sampleRecord(3, {
    caller: '\x1b[31mevil',
    called: '=cmd',
    talkMs: 0,
    end: { by: 'callee', reason: 'busy', sip: { status: 486, phrase: 'Busy\x9bHere' }, q850: { cause: 17 } },
  }),
  sampleRecord(4, {
    end: { by: 'tandem', reason: 'unreachable' },
    attempts: [...sampleRecord(4).attempts, ...sampleRecord(5).attempts],
  }),
];

/** Open all the time: the commands read while the program writes. */
let store: RecordStore;
beforeAll(async () => {
  store = await write(data, records);
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const root = join(import.meta.dirname, '../..');
const bin = join(root, 'bin/tandem');

function cdr(args: readonly string[], env: Record<string, string> = {}) {
  const run = spawnSync(process.execPath, [bin, 'cdr', ...args], {
    encoding: 'utf8',
    cwd: folder,
    env: {
      ...process.env,
      FORCE_COLOR: undefined,
      NO_COLOR: undefined,
      TANDEM_DATA: undefined,
      ...env,
    } as NodeJS.ProcessEnv,
  });
  return { status: run.status, stdout: run.stdout, stderr: run.stderr };
}

describe('tandem cdr list', () => {
  test('prints the newest first, from ./data, while the writer has the file open', () => {
    const { status, stdout, stderr } = cdr(['list']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^STARTED +CALL +FROM +CALLER +TO +CALLED +RANG +TALKED +END$/);
    expect(lines.slice(1).map((line) => line.split(/ {2,}/)[1])).toEqual(['c000004', 'c000003', 'c000002', 'c000001']);
    expect(lines[1]).toMatch(/itsp \(2nd try\) .* 2\.0 s +1 min 00 s +unreachable$/);
    expect(lines[2]).toContain('\\x1b[31mevil');
    expect(lines[3]).toMatch(/pbx +200 +itsp +\+4930123456 +2\.0 s +1 min 00 s +hangup by caller$/);
  });

  test('filters, limits, and says when nothing is left', () => {
    const calls = (...args: string[]) =>
      (JSON.parse(cdr(['list', '-o', 'json', ...args]).stdout) as CallRecord[]).map((record) => record.call);
    expect(calls('--limit', '1')).toEqual(['c000004']);
    expect(calls('--failed')).toEqual(['c000004']);
    expect(calls('--reason', 'busy')).toEqual(['c000003']);
    expect(calls('--number', '*cmd')).toEqual(['c000003']);
    expect(calls('--until', new Date(records[1]!.startedAt).toISOString())).toEqual(['c000001']);
    expect(calls('--since', '1h')).toEqual([]);
    expect(cdr(['list', '--trunk', 'nobody'])).toEqual({ status: 0, stdout: '', stderr: 'No call matches.\n' });
  });

  test('colours only when it may', () => {
    expect(cdr(['list'], { FORCE_COLOR: '1' }).stdout).toContain('\x1b[');
    expect(cdr(['list']).stdout).not.toContain('\x1b');
    expect(cdr(['list'], { NO_COLOR: '1' }).stdout).not.toContain('\x1b');
  });

  test('a wrong word on the command line is told with what would be right', () => {
    for (const [args, cure] of [
      [['--since', 'yesterday'], '1h'],
      [['--reason', 'bsy'], 'busy'],
      [['--limit', '0'], 'whole number'],
      [['-o', 'xml'], 'ndjson'],
      [['--data', 'x', '--config', 'y'], 'cannot be used with'],
    ] as const) {
      const { status, stdout, stderr } = cdr(['list', ...args]);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr).toContain(cure);
    }
  });

  test('where no records are, it names the path and the cure', () => {
    const { status, stdout, stderr } = cdr(['list', '--data', 'elsewhere']);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain(`no records at ${join(folder, 'elsewhere/records.sqlite')}`);
    expect(stderr).toContain('--data DIR');
    expect(stderr).not.toContain('    at ');
  });

  test('takes the place from the environment or the configuration', () => {
    expect(cdr(['list', '--limit', '1'], { TANDEM_DATA: '/nowhere' }).stderr).toContain('/nowhere/records.sqlite');
    const example = join(root, 'examples/pbx-itsp.yaml');
    expect(cdr(['list', '--config', example], { TANDEM_DATA: data })).toMatchObject({ status: 0, stderr: '' });
    const broken = join(folder, 'broken.yaml');
    writeFileSync(broken, 'listeners: 7\n');
    expect(cdr(['list', '--config', broken])).toMatchObject({ status: 1, stderr: expect.stringContaining('TDM-') });
  });
});

describe('tandem cdr show', () => {
  test('takes as much of the id as no other call has', () => {
    expect(cdr(['show', 'c000002']).stdout).toBe(recordText(records[1]!));
    expect(JSON.parse(cdr(['show', 'c000002', '-o', 'json']).stdout)).toEqual(asTold(records[1]!));
    expect(cdr(['show', 'c0'])).toMatchObject({
      status: 1,
      stdout: '',
      stderr: 'tandem: 4 calls begin with c0: c000001, c000002, c000003, c000004. Give more of the id.\n',
    });
    expect(cdr(['show', 'x'])).toMatchObject({ status: 1, stderr: expect.stringContaining('no record of a call x') });
  });

  test('tells all of it', () => {
    const text = recordText(records[1]!);
    for (const part of [
      'Call c000002\n  The caller hung up.\n',
      '200 on trunk pbx',
      '+4930123456 on trunk itsp',
      'a-2@192.0.2.1',
      'ours pbx-lt2, theirs pbx-rt2',
      'out  matched: trunks itsp',
      '1. trunk itsp: The caller hung up.',
      '+4930555200 to +4930123456',
      'udp 198.51.100.1:5060',
      'rang after 150 ms',
      '2991 packets, 478.6 kB, 9 packets lost (0.3 %), jitter 1.3 ms, PCMA (payload type 8), 12 RTCP packets, source [2001:db8::7]:20000',
      'from the called one: nothing came, 4 packets refused',
      'image 0, from the caller:     900 packets, 41.0 kB, 0 packets lost (0.0 %)\n',
    ])
      expect(text).toContain(part);
    expect(recordText(records[2]!)).toContain('SIP 486 Busy\\x9bHere; Q.850 cause 17.');
    expect(recordText(records[2]!)).toContain('not measured');
    const capture = { name: 'x-1', by: 'ann', reason: 'echo', startedAt: 0, why: 'closed', packets: 7 } as const;
    expect(recordText({ ...records[2]!, captures: [{ ...capture, continues: 'w-1' }] })).toMatch(
      /copied for ann at .*: echo \(x-1, 7 packets, goes on from w-1\)/,
    );
  });

  test('nothing that a peer wrote reaches the terminal raw', () => {
    const evil = '\x1b[2J\r\n\x9b\u202e';
    const leg = { trunk: evil, remote: evil, callId: evil, localTag: evil, remoteTag: evil };
    const end = {
      by: 'callee',
      reason: 'rejected',
      sip: { status: 400, phrase: evil },
      q850: { cause: 1, text: evil },
      reasonHeader: evil,
    } as const;
    const record = sampleRecord(9, {
      call: evil,
      leg,
      caller: evil,
      called: evil,
      route: evil,
      end,
      decisions: [{ rule: evil, outcome: evil }],
      attempts: [{ ...sampleRecord(9).attempts[0]!, leg, caller: evil, called: evil, end }],
      media: [{ stream: 0, media: evil, a: side, b: side }],
    });
    for (const text of [recordText(record), recordTable([record], 500, (_, plain) => plain)])
      expect(text.replaceAll('\n', '')).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202e]/);
  });

  test('loss is of what was expected', () => {
    expect(lossPercent({ packets: 90, lost: 10 })).toBe('10.0 %');
    expect(lossPercent({ packets: 99_999, lost: 1 })).toBe('0.001 %');
    expect(lossPercent({ packets: 100, lost: -3 })).toBe('0.0 %');
    expect(lossPercent({ packets: 0, lost: 0 })).toBe('0.0 %');
  });
});

/** As JSON has it: what has no value is absent. */
const asTold = (record: CallRecord): unknown => JSON.parse(JSON.stringify(recordJson(record)));

describe('tandem cdr export', () => {
  test('what programs read has the times of the API, and says of each end whether it failed', () => {
    const record = records[2]!;
    const capture = { name: 'x-1', by: 'ann', reason: 'echo', startedAt: 0, packets: 7 } as const;
    const told = asTold({ ...record, captures: [capture] } as unknown as CallRecord);
    expect(told).toMatchObject({
      startedAt: new Date(record.startedAt).toISOString(),
      endedAt: new Date(record.endedAt).toISOString(),
      talkMs: record.talkMs,
      end: { ...record.end, text: expect.stringContaining('.'), failure: expect.any(Boolean) },
      attempts: record.attempts.map(({ startedAt, end }) => ({
        startedAt: new Date(startedAt).toISOString(),
        end: { reason: end.reason, text: expect.any(String) },
      })),
      captures: [{ name: 'x-1', startedAt: '1970-01-01T00:00:00.000Z' }],
    });
    expect(JSON.stringify(told)).not.toMatch(/At":\d/);
  });

  test('JSON lines, oldest first, are the records', () => {
    const { stdout } = cdr(['export']);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(records.map(asTold));
  });

  test('CSV has a cell for each column in each line', () => {
    const lines = cdr(['export', '-o', 'csv', '--reason', 'busy']).stdout.split('\r\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]!.split(',')).toEqual(Object.keys(csvColumns));
    const cells = lines[1]!.split(',');
    expect(cells).toHaveLength(Object.keys(csvColumns).length);
    const row = Object.fromEntries(lines[0]!.split(',').map((name, i) => [name, cells[i]]));
    expect(row).toMatchObject({
      call: 'c000003',
      started_at: new Date(records[2]!.startedAt).toISOString(),
      caller: '\\x1b[31mevil',
      called: "'=cmd",
      end_status: '486',
      attempts: '1',
      out_caller: '+4930555200',
      caller_packets: '',
    });
    expect([...csvLines([records[1]!])][1]).toContain(',2991,9,1.25,0,0,\r\n');
  });

  test('docs/records.md names the columns of the CSV, in order', () => {
    const section = readFileSync(join(root, 'docs/records.md'), 'utf8')
      .split('\n## ')
      .find((part) => part.startsWith('CSV'))!;
    const names = [...section.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1]);
    expect(names).toEqual(Object.keys(csvColumns));
  });

  test('a reader that goes away early ends it in peace', async () => {
    const many = join(folder, 'many');
    const filled = await write(
      many,
      Array.from({ length: 3000 }, (_, n) => sampleRecord(n)),
    );
    await filled.close();
    const child = spawn(process.execPath, [bin, 'cdr', 'export', '--data', many], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (text) => {
      errors += text;
    });
    child.stdout.once('data', () => child.stdout.destroy());
    const [status] = await once(child, 'exit');
    expect({ status, errors }).toEqual({ status: 0, errors: '' });
  });

  test('waits for a reader that is slow, so that memory does not grow with the range', async () => {
    let given = 0;
    let taken = 0;
    let most = 0;
    const listeners = new Set<() => void>();
    const sink = {
      write(text: string) {
        taken += text.length;
        most = Math.max(most, given - taken + text.length);
        queueMicrotask(() => {
          for (const listener of [...listeners]) listener();
        });
        return false;
      },
      once: (event: string, listener: () => void) => event === 'drain' && listeners.add(listener),
      off: (_: string, listener: () => void) => listeners.delete(listener),
    };
    function* parts() {
      for (let n = 0; n < 5000; n++) {
        given += 1000;
        yield 'x'.repeat(1000);
      }
    }
    await pour(parts(), sink);
    expect(taken).toBe(5_000_000);
    expect(most).toBeLessThan(70_000);
    expect(listeners.size).toBe(0);
  });

  test('an empty range is an empty array', () => {
    expect([...jsonArray([])].join('')).toBe('[]\n');
  });
});

describe('the table', () => {
  const plain = (_: unknown, text: string) => text;

  test('fits the terminal: the widest columns are cut, times and durations are not; then the least important are left out', () => {
    const wide = sampleRecord(1, { call: 'c'.repeat(40), caller: 'sip-user-with-a-long-name'.repeat(3) });
    for (const width of [200, 120, 100]) {
      const lines = recordTable([wide, sampleRecord(2)], width, plain)
        .trimEnd()
        .split('\n');
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
      expect(lines[1]).toContain('1 min 00 s');
      expect(lines[1]).toContain('hangup');
    }
    expect(recordTable([wide], 120, plain)).toContain('…');
    // Narrower still: what matters least is left out, and named.
    const narrow = recordTable([wide], 60, plain);
    expect(narrow).toMatch(/^STARTED .*CALLER +CALLED +END$/m);
    expect(narrow).toContain('Wider terminals show RANG, TALKED, FROM, TO');
    for (const width of [60, 40, 20])
      for (const line of recordTable([wide], width, plain).trimEnd().split('\n'))
        expect(line.length).toBeLessThanOrEqual(width);
  });
});

import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { MediaRequest, MediaStats } from '#codec/media-control';
import type { Configuration, Flow, Input } from '#engine/ports';
import { statusQueries } from '../../src/app/status-queries.ts';
import { StatusServer } from '../../src/app/status-server.ts';

const configuration = {
  trunks: [{ name: 'acme' }, { name: 'registers', registration: {} }],
  listeners: [{ id: 'lan/udp' }],
} as unknown as Configuration;

let directory: string;
let server: StatusServer;
let posted: Input[];
let path: string;
let followed: number;
let asked: MediaRequest[];
let hasMedia: boolean;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tandem-status-'));
  path = join(directory, 'tandem.sock');
  posted = [];
  followed = 0;
  asked = [];
  hasMedia = false;
  server = new StatusServer({
    path,
    inspect: () => ({ calls: [] }),
    ask: (request) => {
      asked.push(request);
      return hasMedia;
    },
    metrics: () => ({ calls: 1 }),
    follow: (socket) => {
      if (followed >= 1) return false;
      followed++;
      return socket.write('{"kind":"begin"}\n');
    },
    queries: statusQueries({
      readCertificates: () => [],
      configuration: () => configuration,
      trunks: () => ({ trunks: [{ trunk: 'acme' }] }),
      users: (page) => ({ users: [], total: 0, more: false, page }),
      traces: (start) =>
        ['7f3a', '7f3b'].filter((call) => call.startsWith(start)).map((call) => ({ call, decisions: [] })),
      bans: () => [],
      messages: (callIds) => callIds.map((octets) => ({ at: 1, sent: false, flow: {} as Flow, octets })),
      stands: (call) => call === '7f3a',
      post: (input) => void posted.push(input),
      wall: () => 1_700_000_000_000,
    }),
  });
  await server.listen();
});

afterEach(() => {
  server.close();
  rmSync(directory, { recursive: true, force: true });
});

/** The answers to these lines, in order. */
async function ask(...lines: readonly string[]): Promise<readonly Record<string, unknown>[]> {
  const socket = connect(path);
  const answers: Record<string, unknown>[] = [];
  socket.write(lines.map((line) => `${line}\n`).join(''));
  for await (const line of createInterface({ input: socket })) {
    answers.push(JSON.parse(line));
    if (answers.length === lines.length) break;
  }
  socket.destroy();
  return answers;
}

const at = 1_700_000_000_000;

describe('the status socket', () => {
  test('is its owner’s alone', () => {
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('answers several questions on one connection', async () => {
    expect(await ask('{"query":"inspect"}', '{"query":"trunks"}')).toEqual([
      { calls: [] },
      { at, trunks: [{ trunk: 'acme' }] },
    ]);
  });

  test('tells of users page by page, and of no page that is none', async () => {
    expect(await ask('{"query":"users"}', '{"query":"users","after":"ann","text":"b","limit":5}')).toMatchObject([
      { at, total: 0, page: { limit: 1_000 } },
      { page: { limit: 5, after: 'ann', text: 'b' } },
    ]);
    expect(await ask('{"query":"users","limit":1001}', '{"query":"users","after":7}')).toEqual([
      { error: '"limit" is a number from 1 to 1000' },
      { error: '"text" is a part of a name, "after" a name' },
    ]);
  });

  test('gives the connection of one who follows away, and says when too many do', async () => {
    expect(await ask('{"query":"follow"}')).toEqual([{ kind: 'begin' }]);
    expect(await ask('{"query":"follow"}')).toEqual([{ error: 'too many follow already' }]);
  });

  test('counts with what the media process counts, where one takes part and answers', async () => {
    expect(await ask('{"query":"metrics"}')).toEqual([{ calls: 1 }]);
    hasMedia = true;
    const answer = ask('{"query":"metrics"}');
    while (asked.length < 2) await new Promise(setImmediate);
    const stats = { sessions: 2 } as MediaStats;
    server.answered({ id: asked[1]!.id, kind: 'stats', stats });
    expect(await answer).toEqual([{ calls: 1, media: { sessions: 2 } }]);
  });

  test('a call is ended in somebody’s name', async () => {
    expect(
      await ask(
        '{"query":"end","call":"7f3a","by":"ann"}',
        '{"query":"end","call":"7f3a"}',
        '{"query":"end","call":"7f3b","by":"ann"}',
      ),
    ).toEqual([{ at }, { error: '"by" is who ends it: for its record' }, { error: 'there is no call "7f3b"' }]);
    expect(posted).toEqual([{ kind: 'end', call: '7f3a', by: 'ann' }]);
  });

  test('tells of calls whose ids begin so, and of few', async () => {
    expect(await ask('{"query":"call","call":"7f3b"}', '{"query":"call","call":"7"}', '{"query":"call"}')).toEqual([
      { at, calls: [{ call: '7f3b', decisions: [] }] },
      {
        at,
        calls: [
          { call: '7f3a', decisions: [] },
          { call: '7f3b', decisions: [] },
        ],
      },
      { error: '"call" is the id of a call, or how it begins' },
    ]);
  });

  test.each<[object, Input]>([
    [
      { query: 'probe', trunk: 'acme' },
      { kind: 'probe', trunk: 'acme' },
    ],
    [
      { query: 'register', trunk: 'registers' },
      { kind: 'register', trunk: 'registers' },
    ],
    [
      { query: 'unban', source: '192.0.2.9' },
      { kind: 'unban', source: '192.0.2.9' },
    ],
    [
      { query: 'unban', source: '2001:db8:1:2::/64' },
      { kind: 'unban', source: '2001:db8:1:2::/64' },
    ],
    [
      { query: 'pass', trunk: 'acme', source: { host: '127.0.0.1', port: 40_000, more: 1 }, listener: 'lan/udp' },
      { kind: 'pass', trunk: 'acme', source: { host: '127.0.0.1', port: 40_000 }, listener: 'lan/udp' },
    ],
  ])('passes on %j', async (query, input) => {
    expect(await ask(JSON.stringify(query))).toEqual([{ at }]);
    expect(posted).toEqual([input]);
  });

  test.each([
    ['{"query":"probe","trunk":"acm"}', 'there is no trunk "acm"'],
    ['{"query":"probe"}', 'there is no trunk nothing'],
    ['{"query":"register","trunk":"acme"}', 'trunk acme does not register'],
    ['{"query":"unban","source":"everybody"}', '"source" is the address that is banned'],
    ['{"query":"unban"}', '"source" is the address that is banned'],
    [
      '{"query":"pass","trunk":"acme","listener":"wan/udp","source":{"host":"127.0.0.1","port":1}}',
      'there is no listener "wan/udp"',
    ],
    ['{"query":"pass","trunk":"acme","listener":"lan/udp","source":"127.0.0.1:1"}', '"source" is {"host"'],
    [
      '{"query":"pass","trunk":"acme","listener":"lan/udp","source":{"host":"localhost","port":1}}',
      '"source" is {"host"',
    ],
    [
      '{"query":"pass","trunk":"acme","listener":"lan/udp","source":{"host":"127.0.0.1","port":65536}}',
      '"source" is {"host"',
    ],
    [
      '{"query":"constructor"}',
      'unknown query "constructor": known are inspect, metrics, trunks, call, users, bans, messages, probe',
    ],
    ['{}', 'unknown query undefined'],
    ['null', 'unknown query'],
    ['[', 'not a JSON object on one line'],
  ])('refuses %s', async (line, error) => {
    expect(await ask(line)).toEqual([{ error: expect.stringContaining(error) }]);
    expect(posted).toEqual([]);
  });

  test('a line without end closes the connection', async () => {
    const socket = connect(path);
    socket.on('error', () => {});
    socket.write('x'.repeat(70_000));
    await once(socket, 'close');
  });
});

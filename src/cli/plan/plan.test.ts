import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { CallRecord } from '#engine/ports';
import { RecordStore } from '#shell/store';
import { Failure } from '../failure.ts';
import type { PlanOptions } from './options.ts';
import { printPlan } from './run.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-plan-'));
afterAll(() => rmSync(folder, { recursive: true }));

const organisation = `listeners:
  - { name: lan, side: internal, bind: 127.0.0.1:5060 }
  - { name: wan, side: external, bind: 127.0.0.1:5080 }
sites:
  - { name: redmond, country: US }
  - { name: dublin, country: IE }
trunks:
  - { name: pbx, kind: ip-pbx, addresses: 127.0.0.20, site: redmond }
  - { name: itsp-a, kind: itsp, addresses: 127.0.0.30, site: redmond, capacity: { calls: 30 } }
routes:
  - { name: out, from: pbx, to: itsp-a }
  - { name: in, from: itsp-a, to: pbx }
records: { path: ${folder}/none }
planning:
  growth: 10%
  currency: "<b>"
  sites:
    - { site: redmond, users: 2400 }
    - { site: dublin, users: 15, profile: light }
  queues: { name: "support & <sales>", calls-per-hour: 200, handling: 3m }
`;

/** One that began that many seconds after the first, and held its line for 62.15 s. */
function outgoing(second: number): CallRecord {
  const startedAt = 1_700_000_000_000 + second * 1000;
  const leg = (trunk: string) => ({ trunk, remote: '', callId: '', localTag: '', remoteTag: '' });
  const of = {
    caller: '200',
    called: '+14255550100',
    startedAt,
    answeredAt: startedAt + 2150,
    endedAt: startedAt + 62_150,
  };
  const end = { by: 'caller', reason: 'hangup' } as const;
  return {
    ...{ ...of, call: `c${second}`, leg: leg('pbx'), decisions: [], talkMs: 60_000, end },
    attempts: [{ ...of, leg: leg('itsp-a'), end }],
  };
}

function run(options: Partial<PlanOptions> = {}, text?: string) {
  const file = text === undefined ? undefined : join(folder, 'tandem.yaml');
  if (file !== undefined) writeFileSync(file, text!);
  const out: string[] = [];
  printPlan(file, { output: 'table', ...options }, { write: (part) => out.push(part) }, { write: () => {} });
  return out.join('');
}

describe('docs/planning.md', () => {
  const doc = readFileSync(new URL('../../../docs/planning.md', import.meta.url), 'utf8');
  const block = (language: string) => new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'm').exec(doc)![1]!;

  test('shows what is said', () => {
    const [, ...lines] = block('console').split('\n');
    expect(run({ users: 100, profile: 'moderate' })).toContain(lines.join('\n'));
  });

  test('has a file that plans what it tells', () => {
    const file = `listeners: [{ name: lan, side: internal, bind: 127.0.0.1:5060 }, { name: wan, side: external, bind: 127.0.0.1:5080 }]
routes: [{ name: out, from: pbx, to: itsp-a }, { name: in, from: itsp-a, to: pbx }]
${block('yaml')}`;
    expect(run({}, file)).toContain(block('text'));
  });
});

describe('tandem plan', () => {
  test('by users alone', () => {
    const text = run({ users: 100 });
    expect(text).toMatch(
      /^ {2}Ports by the rule of thumb +10 +100 users \/ 10 users a port \(moderate\), rounded up$/m,
    );
    expect(text).toMatch(/^ {2}Lines by Erlang B +18 .*B\(10 E, 18\) = 0.71 %$/m);
    expect(text).toMatch(/^ {2}As it is sold +1,296 kbit\/s +18 calls x \(64 kbit\/s \+ 20 octets x 8 \/ 20 ms\)$/m);
    expect(run({ users: 47_000, profile: 'heavy' })).toMatch(/^ {2}Ports by the rule of thumb +9,400 /m);
  });

  test('by what the file says of sites', () => {
    const text = run({}, organisation);
    expect(text).toMatch(/^ {2}Users +2,400 +as planned, and 10 % more to come: 2,640$/m);
    expect(text).toMatch(/^ {2}Agents by Erlang C +15 /m);
    expect(text).toContain('no trunk ends in IE');
    expect(run({ growth: 0 }, organisation)).toMatch(/^ {2}Users +2,400 +as planned$/m);
  });

  test('for programs', () => {
    const made = JSON.parse(run({ output: 'json', tunnel: 'wireguard' }, organisation));
    expect(made.sites.map(({ name, ports }: { name: string; ports: number }) => [name, ports])).toEqual([
      ['redmond', 287],
      ['dublin', 4],
    ]);
    expect(made.planning.tunnel).toBe('wireguard');
  });

  test('as a page that needs nothing else, and takes no text for markup', () => {
    const page = join(folder, 'plan.html');
    run({ output: 'html', file: page }, organisation);
    const html = readFileSync(page, 'utf8');
    expect(html).toContain('support &amp; &lt;sales&gt;');
    expect(html).not.toMatch(/<b>[^<]* a month|<sales>|<script|https?:|url\(|NaN|undefined|Infinity/);
    expect(html.match(/<svg/g)?.length).toBe(3);
  });

  test('by the records, in that time', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const store = RecordStore.open({
      path: join(folder, 'data'),
      onDurable: (calls) => calls.includes('c29') && resolve(),
      onTrouble: () => {},
    });
    for (let call = 0; call < 30; call++) store.write(outgoing(call));
    await promise;
    await store.close();
    const text = organisation.replace('/none', '/data');
    const told = run({ records: true }, text);
    // Thirty calls of 62.15 s each, a second after one another.
    expect(told).toMatch(/^By 30 calls from /);
    expect(told).toMatch(/^ {2}Most at once +30 /m);
    expect(told).toMatch(/^ {2}Minutes +31\.0\d min +30 calls x 1.04 min$/m);
    const html = run({ records: true, output: 'html' }, text);
    expect(html).toContain('Traffic by the hour of the day');
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
    expect(() => run({ records: true, until: 1 }, text)).toThrow('no record of a call in that time');
  });

  test('says what it lacks', () => {
    expect(() => run()).toThrow(Failure);
    expect(() => run({ records: true, users: 5 })).toThrow('say which configuration');
    expect(() => run({ users: 5 }, organisation)).toThrow('`planning.sites`');
    expect(() => run({ users: 5, blocking: 0 })).toThrow('without end');
    expect(() => run({ records: true }, organisation)).toThrow('no records at');
    expect(() => run({}, organisation.replace('site: dublin', 'site: dubln'))).toThrow('dubln');
  });
});

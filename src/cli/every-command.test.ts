import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { everyCommand, linesOf, PretendedApi, ran } from './every-command.testing.ts';
import { widthOf } from './output/width.ts';

const example = new URL('../../examples/topologies/central.yaml', import.meta.url).pathname;
const invite = `INVITE sip:+49301234567@192.0.2.1 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.2;branch=z9hG4bK1\nFrom: <sip:1@a>;tag=1\nTo: <sip:2@b>\nCall-ID: c\nCSeq: 1 INVITE\n\n`;
const help = `listeners: [{ name: lan, side: both, bind: 10.0.0.5 }]
trunks:
  - { name: pbx, kind: ip-pbx, addresses: 10.0.0.20, site: hq }
  - { name: carrier-with-a-name-that-is-long-enough, kind: itsp, addresses: 203.0.113.11, emergency: elin }
routes: [{ name: out, from: pbx, to: carrier-with-a-name-that-is-long-enough }]
sites: [{ name: hq, location: hq }]
emergency:
  numbers: ['911']
  to: carrier-with-a-name-that-is-long-enough
  locations: [{ name: hq, civic: { country: US, RD: Main }, elins: '+12175559001' }]
  notify: [sip:desk@10.0.0.20]
`;

let folder: string;
let api: PretendedApi;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-every-'));
  writeFileSync(join(folder, 'invite'), invite);
  writeFileSync(join(folder, 'help.yaml'), help);
  api = new PretendedApi();
  await api.listen(folder);
});
afterAll(async () => {
  await api.close();
  rmSync(folder, { recursive: true });
});
/** A call is found by its whole id. */
const noneEnded = { '/api/v1/records': { items: [], total: 0 } };
beforeEach(() => api.forget(noneEnded));

/** By what each command is tried; `DIR` stands for the directory of records, `FILE` for a configuration. */
const asking: Readonly<Record<string, string>> = {
  'config show --effective': '',
  'config diff': '',
  'config set': 'trunks.itsp-a.capacity.calls 60',
  'config unset': 'routes.night',
  'config move': 'routes.night',
  'config commit': '-m why',
  'config renew': '',
  'config rollback': '1 -m why',
  'config history': '',
  'config import': 'FILE',
  'config reload': '',
  'trunk list': '',
  'trunk show': 'itsp-a',
  'trunk register': 'itsp-a',
  'trunk probe': 'itsp-a',
  status: '',
  'call list': '',
  'call show': 'k1',
  'explain CALL': 'k1',
  ladder: 'k1',
  'trace --no-follow': 'k1',
  'trace --kept': '',
  'trace --media': '',
  'user list': '',
  'account list': '',
  'account invite': 'ann --role viewer',
  'account set': 'ann --role viewer',
  'token list': '',
  'token create': 'prometheus --role viewer',
  'audit list': '',
  'audit verify': '',
  'webhook list': '',
  'webhook events': '',
  'webhook create': 'crm https://crm.example/ --event call.ended',
  'webhook set': 'itsp-a --disable',
  'webhook rotate': 'itsp-a',
  'webhook test': 'itsp-a',
  'webhook deliveries': 'itsp-a',
  'webhook deliveries one': 'itsp-a 12',
  'certificate list': '',
  'certificate requests': '',
};

/** Made of several answers. */
const composed = new Set(['status', 'trunk show', 'config diff', 'ladder', 'trace --no-follow']);

/** That go on. */
const followed: Readonly<Record<string, string>> = {
  'trunk list --follow': '',
  'call list --follow': '',
  events: '',
  trace: '',
};

/** Of a file alone. */
const still: Readonly<Record<string, string>> = {
  check: 'FILE',
  explain: 'TDM-1104',
  'trunk sheet': 'itsp FILE',
  'route test': 'FILE --from itsp --to +4930123456',
  'route test --samples': 'FILE',
  plan: '--users 400',
  'plan FILE': 'FILE',
  'emergency test': 'DIR/help.yaml',
  'emergency test --from': 'hq DIR/help.yaml',
};

const lineOf = (name: string, rest: string): string[] => {
  const words = name.replace(/ (one|FILE|CALL)$/, '').split(' ');
  return [...words, ...rest.split(' ').filter(Boolean)].map((word) =>
    word.replace('FILE', example).replace('DIR', folder),
  );
};
const remote = (name: string, rest: string, ...more: string[]) => [...lineOf(name, rest), '--data', folder, ...more];

/** Files and messages, which people copy: lines stay whole. */
const verbatim: Readonly<Record<string, string>> = {
  'config show': '',
  'config export': '',
  'config diff --text': '',
  'ladder --messages': 'k1',
  firewall: 'FILE',
  'message preview': 'DIR/invite --trunk itsp --direction in --config FILE',
  schema: '',
  'completion bash': '',
  'audit export': '',
};

/** What stands elsewhere, or is no more than a sentence: why it is not tried here. */
const elsewhere: Readonly<Record<string, string>> = {
  run: 'test/contract has it',
  init: 'asks',
  top: 'top/screen.test.ts',
  doctor: 'looks at the machine: doctor/doctor.test.ts',
  'trunk test': 'calls: test/interop',
  'trunk import': 'writes into a file: imported-trunk.test.ts',
  'trunk unban': 'a sentence',
  'call end': 'a sentence',
  'config edit': 'opens an editor',
  'config discard': 'a sentence',
  'account reset-totp': 'a sentence',
  'account remove': 'a sentence',
  'token revoke': 'a sentence',
  'webhook resend': 'a sentence',
  'webhook remove': 'a sentence',
  'certificate show': 'certificate/certificate.test.ts',
  'certificate request': 'certificate/certificate.test.ts',
  'certificate install': 'certificate/certificate.test.ts',
  'certificate rollback': 'certificate/certificate.test.ts',
  'certificate discard': 'a sentence',
  'cdr list': 'cdr.test.ts',
  'cdr show': 'cdr.test.ts',
  'cdr export': 'cdr.test.ts',
  backup: 'a sentence',
  restore: 'a sentence',
};

test('every command is tried, or said to be tried elsewhere', async () => {
  const tried = Object.keys({ ...asking, ...still, ...verbatim, ...followed, ...elsewhere });
  const missing = [...(await everyCommand()).keys()].filter(
    (command) => !tried.some((one) => one === command || one.startsWith(`${command} `)),
  );
  expect(missing).toEqual([]);
});

const widths = [40, 60, 80, 120, 200];
const tooWide = (text: string, columns: number) => linesOf(text).filter((line) => widthOf(line) > columns);
/** Of strangers: what clears the screen, and a C1 control. */
const steers = /\u009b|\u001b\[2J/;

describe.each(widths)('on a terminal of %i columns nothing is wider than that', (columns) => {
  test.each(Object.entries(asking))('%s', async (name, rest) => {
    const { out, err, status } = await ran(remote(name, rest), columns);
    expect({ err, wide: tooWide(`${out}${err}`, columns) }).toEqual({ err, wide: [] });
    expect(err).not.toContain('a fault of our own');
    expect([0, 1]).toContain(status);
    expect(`${out}${err}`).not.toMatch(steers);
  });

  test.each(Object.entries(still))('%s', async (name, rest) => {
    const { out, err } = await ran(lineOf(name, rest), columns);
    expect({ err, wide: tooWide(`${out}${err}`, columns) }).toEqual({ err, wide: [] });
    expect(out).not.toBe('');
  });

  test.each(Object.entries(followed))('%s', async (name, rest) => {
    const { out, err, status } = await ran(remote(name, rest), columns, /not known any more/);
    expect({ status, wide: tooWide(`${out}${err}`, columns) }).toEqual({ status: 0, wide: [] });
    expect(`${out}${err}`).not.toMatch(steers);
  });

  test('help', async () => {
    for (const command of ['', ...(await everyCommand()).keys()]) {
      const { out } = await ran([...command.split(' ').filter(Boolean), '--help'], columns);
      expect({ command, wide: tooWide(out, columns) }).toEqual({ command, wide: [] });
    }
  });
});

test('into a pipe nothing is cut, folded or coloured', async () => {
  const { out } = await ran(remote('trunk list', ''), undefined);
  expect(out.split('\n')[0]).toMatch(/^TRUNK .*KIND .*TRANSPORT .*REGISTRATION .*CERTIFICATE$/);
  expect(out).not.toMatch(/…|\u001b|Wider terminals/);
});

describe('for programs', () => {
  const json = (text: string) => JSON.parse(text) as unknown;
  /** Those that have no `-o`, since what they print is a file of its own form. */
  const withOutput = Object.entries({ ...asking, ...still, ...verbatim }).filter(
    ([name]) =>
      !/^(?:schema|completion|firewall|audit export|config export|config diff --text|ladder --messages|trace --no-follow)/.test(
        name,
      ),
  );

  test.each(withOutput)('%s says the same in JSON, YAML and NDJSON, by the names of the API', async (name, rest) => {
    const isStill = name in still || name.startsWith('message');
    const said = async (format: string) => {
      api.forget(noneEnded);
      const { out, err } = await ran([...(isStill ? lineOf(name, rest) : remote(name, rest)), '-o', format], undefined);
      expect(err).not.toContain('a fault of our own');
      expect(out).not.toMatch(steers);
      return out;
    };
    const told = json(await said('json'));
    if (!isStill && !composed.has(name))
      expect(api.answers.flatMap((one) => [one, (one as { items?: unknown }).items])).toContainEqual(told);
    const lines = (await said('ndjson')).trimEnd().split('\n');
    expect(Array.isArray(told) ? lines.map(json) : json(lines[0]!)).toEqual(told);
    expect(parse(await said('yaml'), { maxAliasCount: -1 })).toEqual(told);
  });

  test.each(Object.entries(followed))('%s tells each thing that happens', async (name, rest) => {
    const { out } = await ran(remote(name, rest, '-o', 'ndjson'), undefined, /"reset"|not known any more/);
    for (const line of out.split('\n').filter(Boolean)) expect(json(line)).toEqual(expect.anything());
    const { out: yaml } = await ran(remote(name, rest, '-o', 'yaml'), undefined, /reset|not known any more/);
    for (const document of parseAllDocuments(yaml)) expect(document.errors).toEqual([]);
  });
});

describe('the exit status is as the manual has it', () => {
  test.each([
    ['done', 0, 'trunk list', undefined],
    ['nothing is found', 1, 'trunk show nobody', 404],
    ['no such command', 2, 'trunk lsit', undefined],
    ['no such option', 2, 'trunk list --folow', undefined],
    ['no such value', 2, 'trunk list -o xml', undefined],
    ['a file that is not there', 1, 'check /nowhere/tandem.yaml', undefined],
    ['who asks may not', 4, 'trunk list', 403],
    ['nobody knows who asks', 4, 'trunk list', 401],
    ['somebody else was there first', 5, 'config commit', 412],
    ['something is to be acknowledged', 5, 'config commit', 409],
    ['it does not answer', 3, 'trunk list', 503],
  ] as const)('%s: %i', async (_what, expected, line, refusal) => {
    if (refusal !== undefined) api.refuse(refusal);
    const isRemote = !line.startsWith('check') && !line.includes('lsit');
    const { status, out, err } = await ran([...line.split(' '), ...(isRemote ? ['--data', folder] : [])], undefined);
    expect({ status, err }).toEqual({ status: expected, err });
    if (expected !== 0) expect(out).toBe('');
    if (expected !== 0) expect(err).not.toBe('');
  });

  test('nobody is there: 3, and what to do', async () => {
    const { status, err } = await ran(['status', '--data', join(folder, 'none')], undefined);
    expect(status).toBe(3);
    expect(err).toContain('Start it by `tandem run FILE`');
  });

  test('what is misspelt gets a suggestion', async () => {
    const { err } = await ran(['trunk', 'lsit'], undefined);
    expect(err).toContain('Did you mean list?');
    expect(err).toContain('Try `tandem trunk --help`.');
    expect((await ran(['trunk', 'list', '--folow'], undefined)).err).toContain('Did you mean --follow?');
  });
});

test('a program that is started again is heard again, and both are said', { timeout: 20_000 }, async () => {
  const restarting = ran(remote('events', ''), undefined, /not known any more.*Not heard any more.*not known any more/);
  while (!api.asked.includes('GET /api/v1/events')) await new Promise((resolve) => setTimeout(resolve, 20));
  await api.close();
  api = new PretendedApi();
  await api.listen(folder);
  const { status, out, err } = await restarting;
  expect({ status, lost: err.match(/Not heard any more \(.*\); trying again\./g)?.length }).toEqual({
    status: 0,
    lost: 1,
  });
  expect(out.match(/limits changed/g)).toHaveLength(2);
});

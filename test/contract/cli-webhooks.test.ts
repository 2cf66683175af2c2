import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Access } from '#api';
import type { Configuration } from '#engine/ports';
import { ManagementStore, Passwords } from '#shell/management-store';
import type { Posted } from '#shell/webhook';
import { apiOf } from '../../src/api/api.testing.ts';
import type { Api } from '../../src/api/api.ts';
import { senderOf } from '../../src/api/webhooks/webhooks.testing.ts';
import { commandLine } from '../../src/cli/command-line.ts';
import { exitCodes } from '../../src/cli/failure.ts';
import { Authority } from '../support/certificates.ts';

/** `tandem webhook`, as who runs the program uses it. */
let data: string;
let app: Api;
let store: ManagementStore;
let said: { out: string; err: string };
let outcome: Posted;

beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'tandem-webhook-'));
  store = ManagementStore.open(data);
  const access = new Access({
    store,
    configuration: () => undefined,
    wall: Date.now,
    passwords: new Passwords({ memory: 8, passes: 1, parallelism: 1 }),
  });
  outcome = { status: 204 };
  const webhooks = senderOf(store, { wall: Date.now, post: async () => outcome });
  const configuration = () => ({ trunks: [{ name: 'itsp' }] }) as unknown as Configuration;
  ({ app } = await apiOf({ access, webhooks, configuration, wall: Date.now }));
  await app.listen({ path: join(data, 'api.sock') });
  const keep = (where: 'out' | 'err') => (text: unknown) => {
    said[where] += String(text);
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(keep('out'));
  vi.spyOn(process.stderr, 'write').mockImplementation(keep('err'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
  await app.close();
  store.close();
  rmSync(data, { recursive: true });
});

/** What it says. */
async function tandem(...words: string[]): Promise<string> {
  said = { out: '', err: '' };
  const program = await commandLine(words[0]);
  await program.parseAsync([...words, '--data', data], { from: 'user' });
  return said.out + said.err;
}
const url = 'https://hooks.example.com/in';
const create = (name: string, ...more: string[]) => tandem('webhook', 'create', name, url, ...more);

test('one is made: the secret alone goes into a file; it is listed, changed and removed', async () => {
  expect(await tandem('webhook', 'list')).toContain('Nobody is told: `tandem webhook create NAME URL --event EVENT`.');
  await create('chat', '--event', 'trunk.down', 'trunk.up', '--trunk', 'itsp');
  expect(said.out).toMatch(/^whsec_\S{44}\n$/);
  expect(said.err).toContain('shown never again');
  expect(await tandem('webhook', 'list')).toMatch(/chat +new +0 +- +https:\/\/hooks\S* +trunk\.down, trunk\.up +itsp/);
  const [hook] = store.webhooks.list();
  expect(said.out).not.toContain(hook!.secret.reveal());
  const root = join(data, 'root.pem');
  writeFileSync(root, (await Authority.root('Ours')).pem);
  expect(
    await tandem('webhook', 'set', 'CHAT', '--rename', 'ops', '--event', 'call.ended', '--all', '--ca-file', root),
  ).toBe('ops: new, told of call.ended\n');
  expect(store.webhooks.list()).toMatchObject([
    { name: 'ops', trunks: undefined, ca: expect.stringContaining('BEGIN') },
  ]);
  await tandem('webhook', 'set', 'ops', '--disable', '--usual-authorities');
  expect(store.webhooks.list()).toMatchObject([{ enabled: false, ca: undefined }]);
  const was = store.webhooks.list()[0]!.secret.reveal();
  await tandem('webhook', 'rotate', 'ops', '--hours', '0');
  expect(said).toMatchObject({ out: expect.stringMatching(/^whsec_/), err: 'The old one is worth nothing now.\n' });
  expect(store.webhooks.list()[0]!.secret.reveal()).not.toBe(was);
  await tandem('webhook', 'remove', 'ops');
  expect(store.webhooks.list()).toEqual([]);
});

test('a test says what came of it, by its status too; what was sent is looked at, and sent again', async () => {
  await create('chat', '--event', 'trunk.down');
  expect(await tandem('webhook', 'test', 'chat')).toMatch(/taken \(204\) in \d+ ms\n/);
  expect(process.exitCode).toBe(exitCodes.ok);
  outcome = { status: 500, error: 'it answers 500', answer: 'no \x1b[31mroom' };
  expect(await tandem('webhook', 'test', 'chat')).toContain('not taken: it answers 500');
  expect(process.exitCode).toBe(exitCodes.failed);
  expect(await tandem('webhook', 'deliveries', 'chat', '--state', 'failed')).toMatch(
    /2 .* webhook\.test +failed +1 +500 +\d+ +it answers 500/,
  );
  const one = await tandem('webhook', 'deliveries', 'chat', '2');
  expect(one).toContain('"type":"webhook.test"');
  // What others answer does nothing to a terminal.
  expect(one).toMatch(/1 .* 500 .*it answers 500: no .*room/);
  expect(one).not.toContain('\x1b');
  outcome = { status: 204 };
  expect(await tandem('webhook', 'resend', 'chat', '2')).toContain('It is being sent');
  await expect.poll(() => tandem('webhook', 'deliveries', 'chat', '--state', 'taken')).toMatch(/^2 /m);
  expect(JSON.parse(await tandem('webhook', 'deliveries', 'chat', '-o', 'json'))).toHaveLength(2);
});

test('what is meant has to be said', async () => {
  await create('chat', '--event', 'trunk.down');
  for (const words of [
    ['webhook', 'create', 'b', url],
    ['webhook', 'set', 'chat'],
    ['webhook', 'set', 'chat', '--all', '--trunk', 'itsp'],
    ['webhook', 'set', 'nobody', '--disable'],
    ['webhook', 'deliveries', 'chat', 'x'],
    ['webhook', 'set', 'chat', '--ca-file', '/nowhere.pem'],
  ])
    await expect(tandem(...words), words.join(' ')).rejects.toMatchObject({ exitCode: exitCodes.usage });
  expect(await tandem('webhook', 'events')).toContain('call.emergency');
});

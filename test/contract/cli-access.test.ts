import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Access } from '#api';
import { ManagementStore, Passwords } from '#shell/management-store';
import { apiOf } from '../../src/api/api.testing.ts';
import type { Api } from '../../src/api/api.ts';
import { commandLine } from '../../src/cli/command-line.ts';
import { exitCodes } from '../../src/cli/failure.ts';

/** `tandem account`, `token` and `audit`, as who runs the program uses them. */
let data: string;
let app: Api;
let store: ManagementStore;
let said: string;

beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'tandem-access-'));
  store = ManagementStore.open(data);
  const access = new Access({
    store,
    configuration: () => ({
      listen: { host: '127.0.0.1', port: 8080 },
      sessions: { idle: 1, lifetime: 1 },
      tokens: { lifetime: 1e12 },
    }),
    wall: Date.now,
    passwords: new Passwords({ memory: 8, passes: 1, parallelism: 1 }),
  });
  ({ app } = await apiOf({ access, wall: Date.now }));
  await app.listen({ path: join(data, 'api.sock') });
  said = '';
  const keep = (text: unknown) => {
    said += String(text);
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(keep);
  vi.spyOn(process.stderr, 'write').mockImplementation(keep);
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
  said = '';
  const program = await commandLine(words[0]);
  await program.parseAsync([...words, '--data', data], { from: 'user' });
  return said;
}

test('somebody is invited, changed and removed', async () => {
  expect(await tandem('account', 'list')).toBe('Nobody can sign in: `tandem account invite NAME`.\n');
  expect(await tandem('account', 'invite', 'otto', '--role', 'operator')).toMatch(
    /^otto chooses a password at this link, once and until .*:\n {2}http:\/\/127\.0\.0\.1:8080\/invitation#[\w-]{43}\n$/,
  );
  expect(await tandem('account', 'set', 'otto', '--role', 'viewer', '--disable')).toBe(
    'otto: viewer, all sites, disabled\n',
  );
  expect(await tandem('account', 'list')).toMatch(/otto +viewer +all +disabled/);
  // Another link leaves him what he is.
  expect(await tandem('account', 'invite', 'otto')).toContain('/invitation#');
  expect(store.accounts.byName('otto')).toMatchObject({ role: 'viewer' });
  await tandem('account', 'remove', 'otto');
  expect(store.accounts.list()).toEqual([]);
});

test('what is meant has to be said', async () => {
  for (const words of [
    ['account', 'invite', 'nobody'],
    ['account', 'set', 'nobody'],
    ['account', 'invite', 'nobody', '--site', 'berlin'],
  ])
    await expect(tandem(...words)).rejects.toMatchObject({ exitCode: exitCodes.usage });
});

test('of a token the secret alone is printed, for a file; it can be revoked', async () => {
  const made = JSON.parse(
    await tandem('token', 'create', 'prom', '--hours', '2', '-o', 'ndjson').then((text) => text.split('\n')[0]!),
  );
  expect(store.tokens.find(made.secret)).toMatchObject({ name: 'prom', role: 'viewer' });
  expect(await tandem('token', 'create', 'other')).toMatch(/^tdm_[\w-]{43}\n/);
  expect(await tandem('token', 'list')).toMatch(/prom +local +viewer/);
  await tandem('token', 'revoke', made.token.id);
  expect(store.tokens.find(made.secret)).toBeUndefined();
});

test('the audit log is kept elsewhere, and verified there', async () => {
  for (let n = 0; n < 3; n++) await tandem('account', 'invite', `ann${n}`, '--role', 'viewer');
  const text = await tandem('audit', 'export');
  const rows = text.trim().split('\n');
  expect(rows.map((row) => JSON.parse(row).id)).toEqual([1, 2, 3]);
  const file = join(data, 'audit.ndjson');
  const verified = (lines: readonly string[]) => {
    writeFileSync(file, `${lines.join('\n')}\n`);
    return tandem('audit', 'verify', file);
  };
  expect(await verified(rows)).toMatch(/^Rows 1 to 3 are as they were written\. .*[0-9a-f]{64}\n$/);
  expect(await verified(rows.slice(1))).toMatch(/^Rows 2 to 3 are/);
  expect(await verified([rows[0]!, rows[2]!])).toContain('Row 3 is not as it was written');
  expect(await verified([rows[0]!.replace('ann0', 'eve0'), ...rows.slice(1)])).toContain('Row 1 is not');
  expect(await verified([rows[0]!, rows[1]!.replace('local', 'eve'), rows[2]!])).toContain('Row 2 is not');
});

test('the audit log is read, and it is told when somebody changed it', async () => {
  await tandem('account', 'invite', 'otto', '--role', 'operator');
  await tandem('account', 'remove', 'otto');
  expect(await tandem('audit', 'list', '--contains', 'otto')).toMatch(/local +socket +204 +DELETE \/accounts\/otto/);
  expect(await tandem('audit', 'verify')).toMatch(/^All 2 rows are as they were written\. .*[0-9a-f]{64}\n$/);
  expect(process.exitCode ?? 0).toBe(0);
  const database = new DatabaseSync(join(data, 'management.sqlite'));
  database.exec("DROP TRIGGER audit_stays; UPDATE audit SET who = 'eve' WHERE id = 1");
  database.close();
  expect(await tandem('audit', 'list')).toMatch(/changed since.*not as it was written/s);
  expect(await tandem('audit', 'verify')).toContain('Row 1 is not as it was written');
  expect(process.exitCode).toBe(1);
});

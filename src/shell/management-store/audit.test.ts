import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ManagementStore } from './management-store.ts';

let directory: string;
let store: ManagementStore;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tandem-audit-'));
  store = ManagementStore.open(directory);
  for (let n = 1; n <= 5; n++) store.audit.append(entry(n));
});
afterEach(() => {
  store.close();
  rmSync(directory, { recursive: true });
});

const entry = (n: number) => ({
  at: n * 1_000,
  who: 'ann',
  via: 'session',
  source: '192.0.2.1',
  what: 'POST /x',
  object: `/x/${n}`,
  status: 200,
  detail: '{}',
});

/** As somebody does who has the file. */
function tamper(...statements: string[]): void {
  const database = new DatabaseSync(join(directory, 'management.sqlite'));
  database.exec(
    'DROP TRIGGER audit_stays; DROP TRIGGER audit_is_kept; DROP TRIGGER audit_cuts_stay; DROP TRIGGER audit_cuts_are_kept',
  );
  for (const statement of statements) database.exec(statement);
  database.close();
}
const brokenAt = async () => (await store.audit.verify()).brokenAt;
const unverified = () => store.audit.list({}, 10).flatMap(({ id, verified }) => (verified ? [] : [id]));

test('the file is its owner’s alone', () => {
  expect(statSync(join(directory, 'management.sqlite')).mode & 0o077).toBe(0);
});

test('rows are not changed, nor removed', () => {
  const database = new DatabaseSync(join(directory, 'management.sqlite'));
  for (const statement of ["UPDATE audit SET who = 'eve'", 'DELETE FROM audit', 'DELETE FROM audit WHERE id = 5'])
    expect(() => database.exec(statement)).toThrow('the audit log is only written to');
  database.close();
});

test('rows that are as they were written verify, when the store was opened again too', async () => {
  expect(await brokenAt()).toBeUndefined();
  store.close();
  store = ManagementStore.open(directory);
  store.audit.append(entry(6));
  expect(await store.audit.verify()).toMatchObject({ rows: 6, brokenAt: undefined });
  expect(unverified()).toEqual([]);
});

test.each(['at', 'who', 'via', 'source', 'what', 'object', 'status', 'detail'])(
  'a row whose %s was changed is found',
  async (column) => {
    tamper(`UPDATE audit SET ${column} = ${column === 'at' || column === 'status' ? 1 : "'eve'"} WHERE id = 3`);
    expect(await brokenAt()).toBe(3);
    expect(unverified()).toEqual([3]);
  },
);

test('a row that was removed is found, in the middle, at the beginning and at the end', async () => {
  tamper('DELETE FROM audit WHERE id = 3');
  expect(await brokenAt()).toBe(3);
  expect(unverified()).toEqual([4]);
});

test('one that was removed at the beginning', async () => {
  tamper('DELETE FROM audit WHERE id = 1');
  expect(await brokenAt()).toBe(1);
});

test('those that were removed at the end, also when others were written since', async () => {
  tamper('DELETE FROM audit WHERE id >= 4');
  expect(await brokenAt()).toBe(4);
  store.close();
  store = ManagementStore.open(directory);
  expect(await brokenAt()).toBe(4);
  store.audit.append(entry(6));
  expect(await brokenAt()).toBe(4);
  expect(unverified()).toEqual([6]);
});

test('one that was put in its place, with a hash of its own', async () => {
  const other = ManagementStore.open();
  other.audit.append(entry(9));
  const { hash } = other.audit.list({}, 1)[0]!;
  tamper(`UPDATE audit SET object = '/x/9', at = 9000, hash = x'${hash}' WHERE id = 1`);
  // It is a sound first row, and the second does not stand behind it.
  expect(await brokenAt()).toBe(2);
});

test('long ones are looked at in turns', async () => {
  const { audit } = ManagementStore.open();
  for (let n = 1; n <= 4_500; n++) audit.append(entry(n));
  let turns = 0;
  const counting = setInterval(() => turns++, 0);
  expect(await audit.verify()).toMatchObject({ rows: 4_500, brokenAt: undefined });
  clearInterval(counting);
  expect(turns).toBeGreaterThan(0);
});

describe('rows that are let go', () => {
  const all = { keep: 0, rows: 1_000 };

  test('are those that are too old or too many; what stays verifies, opened again and cut again too', async () => {
    expect(await store.audit.cut(all, 9_000)).toBe(0);
    expect(await store.audit.cut({ ...all, keep: 6_500 }, 9_000)).toBe(2);
    expect(await store.audit.verify()).toMatchObject({ rows: 6, cut: 2, brokenAt: undefined });
    expect(store.audit.list({}, 10).map(({ id, what, verified }) => [id, what, verified])).toEqual([
      [6, 'cut', true],
      ...[5, 4, 3].map((id) => [id, 'POST /x', true]),
    ]);
    store.close();
    store = ManagementStore.open(directory);
    store.audit.append(entry(10));
    // The one that says so is a row as well.
    expect(await store.audit.cut({ ...all, rows: 2 }, 11_000)).toBe(3);
    expect(await store.audit.verify()).toMatchObject({ rows: 8, cut: 5, brokenAt: undefined });
    expect(store.audit.list({ after: 0 }, 10).map(({ id }) => id)).toEqual([6, 7, 8]);
    expect(await store.audit.cut({ keep: 1, rows: 1 }, 20_000)).toBe(3);
    expect(await store.audit.verify()).toMatchObject({ rows: 9, cut: 8, brokenAt: undefined });
    expect(unverified()).toEqual([]);
  });

  test('are not too old by a clock that is years ahead, before it has gone on like that for a day', async () => {
    const [day, year] = [86_400_000, 31_536_000_000];
    const limits = { keep: 30 * day, rows: 1_000 };
    // After a start nothing was written in the week before.
    expect(await store.audit.cut(limits, year, 0)).toBe(0);
    expect(await store.audit.cut(limits, year + day - 1, day - 1)).toBe(0);
    expect(await store.audit.cut({ ...limits, rows: 4 }, year + day - 1, day - 1)).toBe(1);
    expect(await store.audit.cut(limits, year + day, day)).toBe(4);
    // While it runs.
    store.audit.append({ ...entry(7), at: year + 2 * day });
    expect(await store.audit.cut(limits, 9 * year, 3 * day)).toBe(0);
    expect(await store.audit.cut(limits, 9 * year + day - 1, 4 * day - 1)).toBe(0);
    expect(await store.audit.cut(limits, 9 * year + day, 4 * day)).toBeGreaterThan(0);
    expect(await store.audit.verify()).toMatchObject({ brokenAt: undefined });
  });

  test('are none that have to be kept, whatever is tried by the tables', async () => {
    await store.audit.cut({ ...all, rows: 3 }, 9_000);
    const database = new DatabaseSync(join(directory, 'management.sqlite'));
    for (const statement of [
      'DELETE FROM audit WHERE id = 4',
      'DELETE FROM audit_cuts',
      'UPDATE audit_cuts SET id = 5',
    ])
      expect(() => database.exec(statement)).toThrow('the audit log is only written to');
    database.close();
  });

  test('are not let go while something is wrong with them', async () => {
    tamper("UPDATE audit SET who = 'eve' WHERE id = 1");
    expect(await store.audit.cut({ ...all, rows: 1 }, 9_000)).toBe(0);
    expect(store.audit.list({}, 10)).toHaveLength(5);
  });

  test('by somebody else are found: the chain does not tell of it', async () => {
    const { hash } = store.audit.list({}, 10).find(({ id }) => id === 3)!;
    tamper(`INSERT INTO audit_cuts (id, hash) VALUES (3, x'${hash}')`, 'DELETE FROM audit WHERE id <= 3');
    store.close();
    store = ManagementStore.open(directory);
    expect(await store.audit.verify()).toMatchObject({ cut: 3, brokenAt: 4 });
  });

  test('and changed behind what was let go is found', async () => {
    await store.audit.cut({ ...all, rows: 3 }, 9_000);
    tamper("UPDATE audit SET who = 'eve' WHERE id = 4");
    expect(await brokenAt()).toBe(4);
    expect(unverified()).toEqual([4]);
  });
});

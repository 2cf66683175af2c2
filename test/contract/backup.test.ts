import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { apiSocket } from '../../src/app/socket-path.ts';
import { Programs, until } from '../support/running-program.ts';

/** `tandem backup` and `tandem restore`, as docs/backup.md has them. */
let programs: Programs;

beforeEach(() => {
  programs = new Programs();
});
afterEach(() => programs.end());

function tandem(...args: readonly string[]): Promise<{ status: number; text: string }> {
  const command = join(import.meta.dirname, '../../bin/tandem');
  return new Promise((resolve) =>
    execFile(command, args, (error, stdout, stderr) =>
      resolve({ status: error === null ? 0 : Number(error.code), text: stdout + stderr }),
    ),
  );
}

describe.runIf(process.platform === 'linux')('a backup', () => {
  test('is taken while calls go on, refused where a program runs, and has the records again', async () => {
    const { program, itsp, request, call } = await programs.withParties();
    const { data } = program;
    const records = async (directory: string) =>
      JSON.parse((await tandem('cdr', 'list', '--data', directory, '-o', 'json')).text) as { call: string }[];
    const to = await call('first');
    request('BYE', 'first', 2, to);
    await itsp.hears('BYE');
    await expect.poll(async () => (await records(data)).length, { timeout: 10_000 }).toBe(1);
    await call('standing');
    // Management begins after calls, and has files of its own.
    await until(() => existsSync(apiSocket(data)));

    const copy = join(programs.directory, 'copy');
    const taken = await tandem('backup', copy, '--data', data, '--config', programs.file);
    expect(taken).toMatchObject({ status: 0 });
    expect(taken.text).toMatch(/configurations\.sqlite \d+ kB, management\.sqlite .*records\.sqlite .*tandem\.yaml/);
    expect(readFileSync(join(copy, 'tandem.yaml'), 'utf8')).toBe(readFileSync(programs.file, 'utf8'));
    const before = await records(data);

    const refused = await tandem('restore', copy, '--data', data);
    expect(refused).toMatchObject({ status: 1, text: expect.stringContaining(`is in use by process `) });

    const elsewhere = join(programs.directory, 'elsewhere');
    expect(await tandem('restore', copy, '--data', elsewhere)).toMatchObject({ status: 0 });
    expect(await records(elsewhere)).toEqual(before);
    // A program runs on what was restored, and the one that was copied never noticed.
    const other = await programs.run(program.port + 1, elsewhere, { TANDEM_MEDIA: 'bypass' }).ready();
    expect(other.text).not.toMatch(/taken up|is not as it was/);
    expect(program.readies).toBe(1);
    expect(program.child.exitCode).toBeNull();
    // Six commands, each a process of its own.
  }, 60_000);
});

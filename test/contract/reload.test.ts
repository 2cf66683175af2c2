import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RecordReader } from '../../src/shell/store/index.ts';
import { toRows } from '../../src/shell/store/rows.ts';
import { sampleRecord } from '../../src/shell/store/sample-record.testing.ts';
import { Writer } from '../../src/shell/store/writer.ts';
import { inspect, type Program, Programs, sdp, until } from '../support/running-program.ts';

/** SIGHUP: the running program takes another configuration, or says why it does not; calls go on in either case. */
let programs: Programs;

beforeEach(() => {
  programs = new Programs();
});
afterEach(() => programs.end());

/** Writes the file over and has it read again; what is said of it. */
async function reload(program: Program, change: (text: string) => string): Promise<string> {
  const said = program.text.length;
  writeFileSync(programs.file, change(readFileSync(programs.file, 'utf8')));
  program.child.kill('SIGHUP');
  await until(() => /configuration (is not taken|was read again)/.test(program.text.slice(said)));
  return program.text.slice(said);
}

describe.runIf(process.platform === 'linux')('SIGHUP', () => {
  test('a trunk moves while a call stands: the call ends where it began, the next goes to the new address', async () => {
    const { program, pbx, itsp, request, call } = await programs.withParties();
    const to = await call('standing');
    const other = await programs.party();
    const said = await reload(program, (text) => text.replace(/\$\{TANDEM_ITSP[^}]*\}/, `127.0.0.1:${other.port}`));
    expect(said).toContain('tandem: the configuration was read again: 1 difference\n');
    expect(said).toContain('  trunks itsp addresses (at once): ');
    request('INVITE', 'next', 1, undefined, sdp);
    expect(await other.hears('INVITE')).toContain(`sip:123@127.0.0.1:${other.port}`);
    expect(itsp.got.filter((text) => text.startsWith('INVITE'))).toHaveLength(1);
    request('BYE', 'standing', 2, to);
    await itsp.hears('BYE');
    expect(pbx.got.filter((text) => text.startsWith('BYE'))).toEqual([]);
  });

  test('what was taken holds in a process that is started again', async () => {
    const { program, request, call } = await programs.withParties();
    await call('standing');
    const other = await programs.party();
    await reload(program, (text) => text.replace(/\$\{TANDEM_ITSP[^}]*\}/, `127.0.0.1:${other.port}`));
    process.kill(program.part('signalling')!, 'SIGKILL');
    await program.ready(2);
    expect(program.text).toContain('1 call taken up');
    request('INVITE', 'next', 1, undefined, sdp);
    await other.hears('INVITE');
  });

  test('a file with faults changes nothing, and a sound one after it is taken', async () => {
    const { program, itsp, call } = await programs.withParties();
    const broken = await reload(program, (text) => text.replace('kind: itsp', 'kind: itps'));
    expect(broken).toContain(`${programs.file}:`);
    expect(broken).toContain('tandem: the configuration is not taken; the one that runs goes on unchanged');
    await call('one');
    await itsp.hears('INVITE');
    expect(await reload(program, (text) => text.replace('kind: itps', 'kind: itsp'))).toContain(': no difference\n');
    const limited = await reload(program, (text) =>
      text.replace('kind: itsp\n', 'kind: itsp\n    capacity: { calls: 7 }\n'),
    );
    expect(limited).toContain('1 difference\n');
    expect(program.readies).toBe(1);
    expect(await inspect(program.data)).toMatchObject({ calls: [{}] });
  });

  test('a file that is watched is read when it changes, be it behind a link that is swapped', async () => {
    const program = await programs.start({}, ['--watch']);
    const said = program.text.length;
    const next = `${programs.file}.next`;
    writeFileSync(
      next,
      readFileSync(programs.file, 'utf8').replace('kind: itsp\n', 'kind: itsp\n    capacity: { calls: 7 }\n'),
    );
    renameSync(next, programs.file);
    await until(() => program.text.slice(said).includes('was read again: 1 difference'));
  });

  test('records are kept for as long as the file says from then on', async () => {
    const program = await programs.start();
    const writer = new Writer(program.data);
    const now = Date.now();
    const days = (n: number) => ({ startedAt: now - n * 86_400_000, endedAt: now - n * 86_400_000 + 1 });
    writer.write(JSON.stringify([sampleRecord(1, days(9)), sampleRecord(2, days(2))].map(toRows)));
    writer.close();
    const kept = () => {
      const reader = RecordReader.open(program.data);
      const calls = reader.list({}, 9).map(({ call }) => call);
      reader.close();
      return calls;
    };
    expect(kept()).toEqual(['c000002', 'c000001']);
    const said = await reload(program, (text) => text.replace(/^records:\n/m, 'records:\n  keep: 168h\n'));
    expect(said).toContain('  records keep (at once): ');
    await until(() => kept().length === 1);
    expect(kept()).toEqual(['c000002']);
  });

  test('what needs a restart is named, and nothing else of the file is taken either', async () => {
    const { program, call, itsp } = await programs.withParties();
    const said = await reload(program, (text) =>
      text.replace('transports: [udp, tcp]', 'transports: [udp]').replace('    to: itsp', '    to: pbx'),
    );
    expect(said).toContain('this part of it holds only after a restart, and nothing else was changed\n  listeners ');
    expect(said).not.toContain('routes');
    await call('one');
    await itsp.hears('INVITE');
  });
});

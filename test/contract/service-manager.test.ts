import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ServiceManager } from '#shell/service-manager';
import { Programs, until } from '../support/running-program.ts';
import { NotifySocket } from '../support/service-manager.ts';

/** sd_notify(3), as systemd sees it. */
let programs: Programs;
let manager: NotifySocket;

describe.runIf(process.platform === 'linux')('a service manager', () => {
  beforeEach(() => {
    programs = new Programs();
    manager = new NotifySocket(join(programs.directory, 'notify'));
  });
  afterEach(async () => {
    await programs.end();
    manager.close();
  });

  const environment = (more: object = {}) => ({ NOTIFY_SOCKET: manager.path, ...more });
  const said: string[] = [];
  const say = (line: string) => said.push(line);

  test('is told by a path, and by a name in the abstract namespace', async () => {
    const abstract = new NotifySocket(`@tandem-test-${process.pid}`);
    for (const socket of [manager, abstract]) {
      const service = await ServiceManager.open({ NOTIFY_SOCKET: socket.path }, say);
      service.ready('all\nwell');
      expect(socket.read()).toEqual([['READY=1', 'STATUS=all well']]);
      service.close();
    }
    abstract.close();
    expect(said).toEqual([]);
  });

  test('that does not read keeps nobody waiting, and misses nothing but beats', async () => {
    const service = await ServiceManager.open(environment({ WATCHDOG_USEC: '2000' }), say);
    // Its queue holds some ten (net.unix.max_dgram_qlen).
    for (let n = 0; n < 25; n++) service.status(`${n}`);
    const heard: string[] = [];
    await until(() => heard.push(...manager.read().flat()) > 0 && heard.includes('STATUS=24'));
    expect(heard.filter((line) => line !== 'WATCHDOG=1')).toEqual(Array.from({ length: 25 }, (_, n) => `STATUS=${n}`));
    await until(() => manager.read().flat().includes('WATCHDOG=1'));
    service.close();
  });

  test('what is ours is not passed on to processes that we start', async () => {
    const variables: NodeJS.ProcessEnv = environment({ WATCHDOG_USEC: '60000000', WATCHDOG_PID: '1', HOME: '/' });
    (await ServiceManager.open(variables, say)).close();
    expect(variables).toEqual({ HOME: '/' });
  });

  test('a watchdog that waits for another process is not fed', async () => {
    const service = await ServiceManager.open(environment({ WATCHDOG_USEC: '2000', WATCHDOG_PID: '1' }), say);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(manager.read()).toEqual([]);
    service.close();
  });

  test('who cannot be told is named once', async () => {
    const service = await ServiceManager.open({ NOTIFY_SOCKET: '/nonexistent/notify' }, say);
    service.ready('');
    service.ready('');
    service.close();
    (await ServiceManager.open({ NOTIFY_SOCKET: 'vsock:2:1234' }, say)).close();
    expect(said.splice(0)).toEqual([
      'tandem: the service manager was not told (errno 2)',
      'tandem: the service manager cannot be told anything at vsock:2:1234',
    ]);
  });

  test('hears of the start, of each reading of the configuration, that the program lives, and of its end', async () => {
    const heard: string[][] = [];
    const hears = (line: string) =>
      until(() => {
        heard.push(...manager.read());
        return heard.flat().some((one) => one.startsWith(line));
      });
    const program = await programs.start(environment({ WATCHDOG_USEC: '100000', TANDEM_DRAIN_SECONDS: '3' }));
    await hears('READY=1');
    expect(heard.flat()).toContainEqual(expect.stringMatching(/^STATUS=tandem .* ready: listening /));
    await hears('WATCHDOG=1');

    const before = process.hrtime.bigint() / 1_000n;
    writeFileSync(programs.file, readFileSync(programs.file, 'utf8').replace('trunks:', 'nonsense: 1\ntrunks:'));
    program.child.kill('SIGHUP');
    await hears('STATUS=the configuration is not taken');
    const reloading = heard.find(([first]) => first === 'RELOADING=1')!;
    const at = BigInt(reloading.find((line) => line.startsWith('MONOTONIC_USEC='))!.slice('MONOTONIC_USEC='.length));
    expect(at >= before && at <= process.hrtime.bigint() / 1_000n).toBe(true);
    const order = heard.flat().filter((line) => line === 'READY=1' || line === 'RELOADING=1');
    expect(order).toEqual(['READY=1', 'RELOADING=1', 'READY=1']);

    program.child.kill('SIGTERM');
    await hears('STOPPING=1');
    // 3 s for calls, and what the end itself may take.
    expect(heard.flat()).toContain('EXTEND_TIMEOUT_USEC=15000000');
    expect(await program.exited).toBe(0);
    heard.push(...manager.read());
    expect(heard.flat().at(-1)).not.toBe('READY=1');
  });
});

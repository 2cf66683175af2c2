import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { endWithUs } from './children.ts';
import type { Subject, SubjectAddresses } from './subject.ts';

/** UDP workers. One: it has one core, and with two a 180 may leave after the 200 that followed it. */
const children = 1;

/** Kamailio as a record-routing, dialog-keeping proxy between the PBX and the ITSP, on one core. */
export async function startKamailio(addresses: SubjectAddresses, core: number, directory: string): Promise<Subject> {
  const { sip, pbx, itsp } = addresses;
  mkdirSync(directory, { recursive: true });
  const defines = {
    PBX: `"${pbx.host}:${pbx.port}"`,
    PBX_HOST: pbx.host,
    PBX_PORT: String(pbx.port),
    ITSP: `"${itsp.host}:${itsp.port}"`,
    ITSP_HOST: itsp.host,
    ITSP_PORT: String(itsp.port),
  };
  const child = spawn(
    'taskset',
    [
      ...['-c', String(core), 'kamailio', '-DD', '-E', '-f', join(import.meta.dirname, 'kamailio.cfg')],
      ...['-n', String(children), '-m', '512', '-M', '32', '-Y', directory, '-w', directory],
      ...['-l', `udp:${sip.host}:${sip.port}`],
      ...Object.entries(defines).flatMap(([name, value]) => ['-A', `${name}=${value}`]),
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  endWithUs(child);
  let log = '';
  child.stderr.on('data', (chunk) => {
    log = (log + chunk).slice(-4_000);
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    name: 'kamailio',
    pid: child.pid!,
    log: () => log,
    alive: () => child.exitCode === null && child.signalCode === null,
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

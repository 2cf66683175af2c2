import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endWithUs } from '../perf/children.ts';
import { processTree } from '../perf/process-tree.ts';
import type { Endpoint } from '../perf/sipp.ts';
import { type Lab, must, type Peer } from './harness.ts';

export interface NsdOptions {
  readonly place: Endpoint;
  readonly zone: string;
  /** Lines of its zone file beside SOA and NS. */
  readonly records: readonly string[];
}

/** NSD as the name server of one zone. */
export class Nsd implements Peer {
  readonly name = 'nsd';
  readonly #child: ChildProcess;
  #said = '';

  static async start(lab: Lab, { place, zone, records }: NsdOptions): Promise<Nsd> {
    const directory = join(lab.directory, 'nsd');
    mkdirSync(directory, { recursive: true });
    const soa = `@ 60 IN SOA ns hostmaster 1 3600 600 86400 60`;
    const file = join(directory, 'zone');
    writeFileSync(
      file,
      [`$ORIGIN ${zone}.`, '$TTL 60', soa, '@ IN NS ns', `ns IN A ${place.host}`, ...records, ''].join('\n'),
    );
    const configuration = join(directory, 'nsd.conf');
    writeFileSync(
      configuration,
      `server:
  ip-address: ${place.host}@${place.port}
  server-count: 1
  username: ""
  database: ""
  pidfile: ""
  zonesdir: "${directory}"
  xfrdfile: "${join(directory, 'xfrd.state')}"
  zonelistfile: "${join(directory, 'zone.list')}"
  xfrdir: "${directory}"
  verbosity: 1
remote-control:
  control-enable: no
zone:
  name: "${zone}"
  zonefile: "${file}"
`,
    );
    const nsd = lab.use(new Nsd(configuration));
    for (let i = 0; i < 200 && !nsd.#said.includes('nsd started'); i++) await sleep(25);
    must(nsd.#said.includes('nsd started'), () => `nsd did not start: ${nsd.#said}`);
    return nsd;
  }

  private constructor(configuration: string) {
    this.#child = spawn('/usr/sbin/nsd', ['-d', '-c', configuration], { stdio: ['ignore', 'pipe', 'pipe'] });
    endWithUs(this.#child);
    for (const stream of [this.#child.stdout!, this.#child.stderr!])
      stream.on('data', (chunk: Buffer) => {
        this.#said = (this.#said + chunk.toString('latin1')).slice(-20_000);
      });
  }

  said(): string {
    return this.#said;
  }

  /** It takes questions and says nothing, until it `goesOn`. */
  falls(): void {
    for (const pid of processTree(this.#child.pid!)) process.kill(pid, 'SIGSTOP');
  }

  goesOn(): void {
    for (const pid of processTree(this.#child.pid!)) process.kill(pid, 'SIGCONT');
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.goesOn();
    this.#child.kill('SIGTERM');
    await once(this.#child, 'exit');
  }
}

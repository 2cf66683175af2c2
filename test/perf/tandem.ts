import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { statusSocket } from '../../src/app/socket-path.ts';
import { endWithUs } from './children.ts';
import type { Subject, SubjectAddresses } from './subject.ts';

const root = join(import.meta.dirname, '../..');

interface TandemOptions {
  readonly addresses: SubjectAddresses;
  readonly media: 'anchor' | 'bypass';
  /** Where records go; made when missing. */
  readonly data: string;
  /** `examples/pbx-itsp.yaml` when absent. */
  readonly configuration?: string;
  /** As which of the nodes of its file. */
  readonly node?: string;
  /** The processor to pin all its processes to. */
  readonly core?: number;
  /** Run what `npm run build` made, instead of the sources. */
  readonly built?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
}

/** `tandem run` with all its processes. */
export function startTandem(options: TandemOptions): Subject {
  const { addresses, data } = options;
  mkdirSync(data, { recursive: true });
  const pinned = options.core === undefined ? [] : ['taskset', '-c', String(options.core)];
  const configuration = options.configuration ?? join(root, 'examples/pbx-itsp.yaml');
  const [command, ...rest] = [...pinned, join(root, 'bin/tandem'), 'run', configuration];
  if (options.node !== undefined) rest.push('--node', options.node);
  const child = spawn(command!, rest, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      TANDEM_SIP: endpoint(addresses.sip),
      TANDEM_PBX: endpoint(addresses.pbx),
      TANDEM_ITSP: endpoint(addresses.itsp),
      TANDEM_DATA: data,
      TANDEM_MEDIA: options.media,
      ...(options.built ? { TANDEM_DIST: '1' } : {}),
      ...options.environment,
    },
  });
  endWithUs(child);
  let log = '';
  const keep = (chunk: Buffer): void => {
    log = (log + chunk.toString()).slice(-16_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    name: 'tandem',
    pid: child.pid!,
    log: () => log,
    alive: () => child.exitCode === null && child.signalCode === null,
    async stop() {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGTERM'), 2_000); // the second one ends what still stands
      const lost = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await exited;
      clearTimeout(late);
      clearTimeout(lost);
    },
  };
}

/** What a running one says of itself; `data`: where its records go. */
export function askStatus(data: string): Promise<Readonly<Record<string, unknown>>> {
  return new Promise((resolve, reject) => {
    const socket = connect(statusSocket(data), () => socket.write('{"query":"inspect"}\n'));
    let text = '';
    socket.setEncoding('utf8');
    socket.once('error', reject);
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (!text.endsWith('\n')) return;
      socket.destroy();
      resolve(JSON.parse(text));
    });
  });
}

const endpoint = (at: { host: string; port: number }): string => `${at.host}:${at.port}`;

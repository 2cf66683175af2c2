import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readlinkSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Configuration } from '#engine/ports';
import { phoneHost } from './addresses.ts';

/** Set in a process that has a network of its own. */
const mark = 'TANDEM_EXAMPLE_NETWORK';

/** Its addresses are not those of this machine: it wants a network of its own. */
export function wantsNetwork({ listeners, nodes = [] }: Configuration): boolean {
  return nodes.length > 0 && listeners.some(({ bind }) => !bind.host.startsWith('127.'));
}

export const isInNetwork = (): boolean => process.env[mark] !== undefined;

/**
 * Runs this program again, with these arguments, in a network namespace of its own, which is gone when it ends; its exit status.
 * Who is not root is root there (user namespaces), where the system lets him.
 */
export function enter(args: readonly string[]): Promise<number> {
  const asRoot = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  const command = [...asRoot, '--net', process.execPath, ...process.execArgv, ...args];
  const child = spawn('unshare', command, { stdio: 'inherit', env: { ...process.env, [mark]: '1' } });
  return new Promise((resolve) => {
    child.on('error', () => {
      process.stderr.write(
        'It needs network namespaces: Linux, with `unshare` and `nsenter` (util-linux) and `ip` (iproute2).\n',
      );
      resolve(1);
    });
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/**
 * The network of an example: each node has a namespace of its own, and ours is the world between them. Peers and phones are
 * with us, so that every node reaches its own whatever becomes of the links to the others: those lead through us as a router,
 * and when they are cut nobody is told.
 */
export class Network {
  /** By name of the node: the file of its namespace. */
  readonly nodes = new Map<string, string>();
  readonly #holders: ChildProcess[] = [];

  static async of(configuration: Configuration): Promise<Network> {
    const network = new Network();
    try {
      await network.#build(configuration);
      return network;
    } catch (error) {
      network.close();
      throw error;
    }
  }

  async #build(configuration: Configuration): Promise<void> {
    const { nodes = [], listeners, trunks, users = [] } = configuration;
    ip('link', 'set', 'lo', 'up');
    const outside = [
      ...trunks.flatMap(({ addresses }) => addresses.map(({ host }) => host)),
      ...users.flatMap((user) => phoneHost(configuration, user) ?? []),
    ];
    for (const host of new Set(outside)) ip('addr', 'add', `${host}/32`, 'dev', 'lo');
    for (const [at, node] of nodes.entries()) {
      const hosts = listeners.filter(({ name }) => node.listeners.includes(name)).map(({ bind }) => bind.host);
      await this.#add(node.name, at, new Set(hosts));
    }
    this.mend();
  }

  /** Nothing gets from node to node any more. */
  cut(): void {
    forward(false);
  }

  mend(): void {
    forward(true);
  }

  /** The namespaces are gone when what runs in them is. */
  close(): void {
    for (const holder of this.#holders) holder.stdin!.end();
  }

  async #add(name: string, at: number, hosts: ReadonlySet<string>): Promise<void> {
    // Holds the namespace until we let go of it, or end.
    const holder = spawn('unshare', ['--net', 'cat'], { stdio: ['pipe', 'ignore', 'inherit'] });
    this.#holders.push(holder);
    const pid = String(holder.pid);
    const file = `/proc/${pid}/ns/net`;
    for (let tries = 0; readlinkSync(file) === readlinkSync('/proc/self/ns/net'); tries++) {
      if (tries > 500) throw new Error('there are no network namespaces to be had');
      await sleep(10);
    }
    this.nodes.set(name, file);
    const [here, there] = [`169.254.${at}.1`, `169.254.${at}.2`];
    const inside = (...args: readonly string[]) => execFileSync('nsenter', [`--net=${file}`, 'ip', ...args]);
    ip('link', 'add', `node${at}`, 'type', 'veth', 'peer', 'name', 'outside', 'netns', pid);
    ip('addr', 'add', `${here}/30`, 'dev', `node${at}`);
    ip('link', 'set', `node${at}`, 'up');
    inside('link', 'set', 'lo', 'up');
    inside('addr', 'add', `${there}/30`, 'dev', 'outside');
    inside('link', 'set', 'outside', 'up');
    for (const host of hosts) {
      inside('addr', 'add', `${host}/32`, 'dev', 'lo');
      ip('route', 'add', `${host}/32`, 'via', there);
    }
    inside('route', 'add', 'default', 'via', here);
  }
}

function forward(on: boolean): void {
  writeFileSync('/proc/sys/net/ipv4/ip_forward', on ? '1' : '0');
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', args);
}

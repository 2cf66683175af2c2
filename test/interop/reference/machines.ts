import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { endWithUs } from '../../perf/children.ts';

/** One end of a line between two machines. */
export interface End {
  readonly machine: string;
  readonly interface: string;
  /** With its prefix: "192.0.2.1/30". */
  readonly address: string;
}

/** Machines, each a network namespace, joined as is said. Needs root. Ended by `remove`. */
export class Machines {
  readonly #prefix: string;
  readonly #names: readonly string[];

  constructor(prefix: string, names: readonly string[]) {
    this.#prefix = prefix;
    this.#names = names;
    this.remove();
    for (const name of names) {
      ip('netns', 'add', this.#of(name));
      ip('-n', this.#of(name), 'link', 'set', 'lo', 'up');
    }
  }

  join(one: End, other: End): void {
    const [a, b] = [this.#of(one.machine), this.#of(other.machine)];
    ip('-n', a, 'link', 'add', one.interface, 'type', 'veth', 'peer', 'name', other.interface, 'netns', b);
    for (const end of [one, other]) {
      this.address(end.machine, end.address, end.interface);
      ip('-n', this.#of(end.machine), 'link', 'set', end.interface, 'up');
    }
  }

  address(machine: string, address: string, at: string): void {
    ip('-n', this.#of(machine), 'addr', 'add', address, 'dev', at);
  }

  up(machine: string, at: string, mtu: number): void {
    ip('-n', this.#of(machine), 'link', 'set', at, 'mtu', String(mtu), 'txqueuelen', '4000', 'up');
  }

  route(machine: string, ...route: readonly string[]): void {
    ip('-n', this.#of(machine), 'route', 'replace', ...route);
  }

  setting(machine: string, ...settings: readonly string[]): void {
    this.#in(machine, 'sysctl', '-qw', ...settings);
  }

  /** Rules of nftables. */
  load(machine: string, rules: string): void {
    this.#in(machine, 'nft', '-f', '-', rules);
  }

  rules(machine: string): string {
    return this.#in(machine, 'nft', 'list', 'ruleset');
  }

  unload(machine: string): void {
    this.#in(machine, 'nft', 'flush', 'ruleset');
  }

  /** What the rules of a machine have counted, by the name of the counter. */
  counted(machine: string, counter: string): number {
    const text = this.#in(machine, 'nft', '-j', 'list', 'counters');
    const found = (JSON.parse(text) as { nftables: readonly { counter?: { name: string; packets: number } }[] })
      .nftables;
    return found.find((one) => one.counter?.name === counter)?.counter?.packets ?? Number.NaN;
  }

  /** It ends with us. */
  spawn(machine: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
    const child = spawn('ip', ['netns', 'exec', this.#of(machine), command, ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, TERM: 'dumb', ...env },
    });
    endWithUs(child);
    return child;
  }

  remove(): void {
    for (const name of this.#names) {
      try {
        execFileSync('ip', ['netns', 'del', this.#of(name)], { stdio: 'ignore' });
      } catch {
        // There was none.
      }
    }
  }

  #in(machine: string, command: string, ...args: readonly string[]): string {
    const input = args[0] === '-f' ? args[2] : undefined;
    const words = input === undefined ? args : args.slice(0, 2);
    return execFileSync('ip', ['netns', 'exec', this.#of(machine), command, ...words], {
      encoding: 'utf8',
      ...(input !== undefined && { input }),
    });
  }

  #of(name: string): string {
    return `${this.#prefix}-${name}`;
  }
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', args);
}

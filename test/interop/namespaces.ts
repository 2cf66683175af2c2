import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { endWithUs } from '../perf/children.ts';

/** A site: machines that reach each other whatever becomes of the world outside. */
export interface Place {
  readonly name: string;
  /** Its addresses, one a machine: "10.61.0.1". */
  readonly addresses: readonly string[];
}

/**
 * Two sites, each a network namespace, and between them a router of its own: a link that is cut is cut in the middle, so that
 * nobody is told. Needs root. Ended by `remove`.
 */
export class TwoSites {
  readonly #prefix: string;
  readonly #places: readonly [Place, Place];

  constructor(prefix: string, places: readonly [Place, Place]) {
    this.#prefix = prefix;
    this.#places = places;
    this.remove();
    const wan = this.#of('wan');
    ip('netns', 'add', wan);
    execFileSync('ip', ['netns', 'exec', wan, 'sysctl', '-qw', 'net.ipv4.ip_forward=1']);
    for (const [at, { name, addresses }] of places.entries()) {
      const own = this.#of(name);
      const [inside, router] = [`10.60.${at}.2`, `10.60.${at}.1`];
      ip('netns', 'add', own);
      ip('-n', own, 'link', 'set', 'lo', 'up');
      ip('-n', wan, 'link', 'add', name, 'type', 'veth', 'peer', 'name', 'wan', 'netns', own);
      ip('-n', wan, 'addr', 'add', `${router}/30`, 'dev', name);
      ip('-n', own, 'addr', 'add', `${inside}/30`, 'dev', 'wan');
      ip('-n', wan, 'link', 'set', name, 'up');
      ip('-n', own, 'link', 'set', 'wan', 'up');
      for (const address of addresses) {
        ip('-n', own, 'addr', 'add', `${address}/32`, 'dev', 'lo');
        ip('-n', wan, 'route', 'add', `${address}/32`, 'via', inside);
      }
      ip('-n', own, 'route', 'add', 'default', 'via', router);
    }
  }

  /** A command at a site. It ends with us. */
  spawn(place: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
    const child = spawn('ip', ['netns', 'exec', this.#of(place), command, ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, TERM: 'dumb', ...env },
    });
    endWithUs(child);
    return child;
  }

  /** Nothing comes through any more, and nobody hears why. */
  cut(): void {
    this.#forward(false);
  }

  mend(): void {
    this.#forward(true);
  }

  #forward(on: boolean): void {
    execFileSync('ip', ['netns', 'exec', this.#of('wan'), 'sysctl', '-qw', `net.ipv4.ip_forward=${on ? 1 : 0}`]);
  }

  remove(): void {
    for (const name of ['wan', ...this.#places.map((place) => place.name)]) {
      try {
        execFileSync('ip', ['netns', 'del', this.#of(name)], { stdio: 'ignore' });
      } catch {
        // There was none.
      }
    }
  }

  #of(name: string): string {
    return `${this.#prefix}-${name}`;
  }
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', args);
}

import { type ChildProcess, fork } from 'node:child_process';
import { formatHostPort, type HostPort } from '#kernel';
import type { FromEnd, PartyReport, ToEnd } from './messages.ts';

/** Ms for an end to begin to listen, and for the program to answer its OPTIONS. */
const patience = 10_000;

/** An end of the lab, seen from the lab: its process and what it reports. */
export class EndProcess {
  readonly #child: ChildProcess;
  readonly #name: string;
  #heard: (message: FromEnd) => void = () => undefined;
  #failed: (error: Error) => void = () => undefined;
  /** Told when the process ends unasked. */
  onEnded: (how: string) => void = () => undefined;
  onExpecting: (number: number) => void = () => undefined;
  onReport: (report: PartyReport) => void = () => undefined;
  #stopped = false;

  constructor(name: string) {
    this.#name = name;
    this.#child = fork(new URL('end-main.ts', import.meta.url), {
      execArgv: ['--conditions=source'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#child.on('message', (message: FromEnd) => {
      if (message.kind === 'party') this.onReport(message.report);
      else if (message.kind === 'expecting') this.onExpecting(message.number);
      else this.#heard(message);
    });
    this.#child.on('exit', (code, signal) => {
      if (this.#stopped) return;
      const how = `${this.#name} ended unasked: ${signal ?? `status ${code}`}`;
      this.#failed(new Error(how));
      this.onEnded(how);
    });
  }

  /** Resolves when it listens at all of its addresses. */
  async start(addresses: readonly HostPort[], proxy: HostPort): Promise<void> {
    const answer = await this.#ask({ kind: 'start', addresses, proxy });
    if (answer.kind === 'unready') throw new Error(cannotListen(this.#name, answer.address, answer.code));
  }

  /** Resolves when the program has answered an OPTIONS of this end. */
  async reach(): Promise<void> {
    const answer = await this.#ask({ kind: 'ask' });
    if (answer.kind === 'asked' && answer.status === 200) return;
    const what = answer.kind === 'asked' && answer.status > 0 ? `answers ${answer.status}` : 'does not answer';
    throw new Error(`Tandem ${what} to ${this.#name}'s OPTIONS`);
  }

  tell(message: ToEnd): void {
    if (this.#child.connected) this.#child.send(message);
  }

  /** The end of its process: it ends when we let go of it. */
  stop(): void {
    this.#stopped = true;
    if (this.#child.connected) this.#child.disconnect();
  }

  #ask(message: ToEnd): Promise<FromEnd> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () =>
          reject(
            new Error(
              message.kind === 'ask'
                ? `Tandem does not answer ${this.#name}'s OPTIONS`
                : `${this.#name} does not start`,
            ),
          ),
        patience,
      );
      this.#heard = (answer) => {
        clearTimeout(timer);
        resolve(answer);
      };
      this.#failed = (error) => {
        clearTimeout(timer);
        reject(error);
      };
      this.tell(message);
    });
  }
}

function cannotListen(name: string, address: HostPort, code: string): string {
  const place = `${name} cannot listen on UDP ${formatHostPort(address)}`;
  switch (code) {
    case 'EADDRINUSE':
      return `${place}: the port is in use, perhaps by another lab. End what uses it, or choose other addresses: the LAB_ variables in examples/lab.yaml.`;
    case 'EADDRNOTAVAIL':
      return `${place}: this machine has no such address. On macOS: sudo ifconfig lo0 alias ${address.host}`;
    default:
      return `${place}: ${code}`;
  }
}

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { HostPort } from '#kernel';

/** Octets of one answer. */
const longest = 64 * 1024;

/** A conversation with a mail server (RFC 5321 4.2): one command, one answer of one or more lines. */
export class SmtpTalk {
  #socket: Socket;
  readonly #signal: AbortSignal;
  #heard = '';

  private constructor(socket: Socket, signal: AbortSignal) {
    this.#socket = socket;
    this.#signal = signal;
    this.#listen();
  }

  static async begin({ host, port }: HostPort, signal: AbortSignal): Promise<SmtpTalk> {
    const socket = connect({ host, port });
    // Errors come to whoever waits; nobody may at that moment.
    socket.on('error', () => {});
    await once(socket, 'connect', { signal });
    return new SmtpTalk(socket, signal);
  }

  /** RFC 3207. A mail server of the house has any certificate: what may be read on the way is worth more than what can't be sent. */
  async secure(host: string): Promise<void> {
    this.#socket.removeAllListeners('data');
    // What was said in clear after STARTTLS is not to be taken for what is said in secret.
    this.#heard = '';
    const socket = connectTls({
      socket: this.#socket,
      servername: /[a-z]/i.test(host) ? host : '',
      rejectUnauthorized: false,
    });
    socket.on('error', () => {});
    await once(socket, 'secureConnect', { signal: this.#signal });
    this.#socket = socket;
    this.#listen();
  }

  async ask(command: string, wanted: number): Promise<string> {
    this.say(command);
    return this.hear(wanted);
  }

  say(command: string): void {
    this.#socket.write(`${command}\r\n`);
  }

  /** The next answer; rejects where it is another than what is wanted. */
  async hear(wanted: number): Promise<string> {
    for (;;) {
      const end = /^\d{3}(?: [^\r\n]*)?\r?\n/m.exec(this.#heard);
      if (end) {
        const answer = this.#heard.slice(0, end.index + end[0].length);
        this.#heard = this.#heard.slice(answer.length);
        if (!answer.startsWith(String(wanted))) throw new Error(`the mail server says ${answer.trim().slice(0, 200)}`);
        return answer;
      }
      if (this.#heard.length > longest) throw new Error('the mail server says too much');
      if (this.#socket.destroyed || this.#socket.readableEnded) throw new Error('the mail server has hung up');
      await Promise.race([
        once(this.#socket, 'data', { signal: this.#signal }),
        once(this.#socket, 'close', { signal: this.#signal }),
      ]);
    }
  }

  end(): void {
    this.#socket.end();
    this.#socket.destroySoon();
  }

  #listen(): void {
    this.#socket.on('data', (bytes: Buffer) => {
      this.#heard += bytes.toString('latin1');
    });
  }
}

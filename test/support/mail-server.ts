import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';

/** What it offers, and what it does wrong. */
export interface MailServerOptions {
  /** PEM: it can STARTTLS with it, or speaks TLS from the first octet on. */
  readonly certificate?: { readonly certificate: string; readonly key: string };
  readonly direct?: boolean;
  /** Mail is taken from who is known by it, and from nobody else. */
  readonly login?: { readonly user: string; readonly password: string };
  /** The answer to RCPT. */
  readonly recipient?: string;
  /** It says nothing after its greeting. */
  readonly silent?: boolean;
}

/** What it has taken. */
export interface TakenMail {
  readonly from: string;
  readonly to: string;
  readonly secure: boolean;
  /** As it came: head, empty line, body. */
  readonly message: string;
}

/** A small mail server on loopback (RFC 5321, STARTTLS of RFC 3207, AUTH PLAIN of RFC 4954). */
export class MailServer {
  readonly taken: TakenMail[] = [];
  /** Command lines, of all conversations. */
  readonly heard: string[] = [];
  readonly #options: MailServerOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(options: MailServerOptions) {
    this.#options = options;
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => this.#sockets.delete(socket));
      this.#serve(options.direct ? this.#secured(socket) : socket, options.direct === true);
    });
  }

  static async start(options: MailServerOptions = {}): Promise<MailServer> {
    const server = new MailServer(options);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  stop(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #secured(socket: Socket): TLSSocket {
    const { certificate, key } = this.#options.certificate!;
    const secured = new TLSSocket(socket, {
      isServer: true,
      secureContext: createSecureContext({ cert: certificate, key }),
    });
    secured.on('error', () => {});
    return secured;
  }

  #serve(socket: Socket, secure: boolean, greets = true): void {
    const { certificate, login, recipient = '250 ok', silent } = this.#options;
    let rest = '';
    let isData = false;
    let isKnown = login === undefined;
    let from = '';
    let to = '';
    const say = (line: string) => socket.write(`${line}\r\n`);
    if (greets) say('220-hello\r\n220 mail.example.com');
    const hear = (bytes: Buffer) => {
      rest += bytes.toString('latin1');
      for (;;) {
        const mark = isData ? '\r\n.\r\n' : '\r\n';
        const end = rest.indexOf(mark);
        if (end < 0 || silent) return;
        const said = rest.slice(0, end);
        rest = rest.slice(end + mark.length);
        if (isData) {
          isData = false;
          this.taken.push({ from, to, secure, message: said });
          say('250 taken');
          continue;
        }
        this.heard.push(said);
        if (certificate && /^STARTTLS$/i.test(said)) {
          say('220 go on');
          socket.off('data', hear);
          return this.#serve(this.#secured(socket), true, false);
        }
        isData = command(said);
      }
    };
    const command = (said: string): boolean => {
      const [verb = '', ...words] = said.split(' ');
      switch (verb.toUpperCase()) {
        case 'EHLO':
          say('250-mail.example.com');
          if (certificate && !secure) say('250-STARTTLS');
          if (login) say('250-AUTH PLAIN');
          say('250 SIZE 100000');
          return false;
        case 'AUTH': {
          const given = Buffer.from(words[1] ?? '', 'base64').toString('utf8');
          isKnown = given === `\0${login?.user}\0${login?.password}`;
          say(isKnown ? '235 known' : '535 not known');
          return false;
        }
        case 'MAIL':
          from = words.join(' ');
          say(isKnown ? '250 ok' : '530 who are you');
          return false;
        case 'RCPT':
          to = words.join(' ');
          say(recipient);
          return false;
        case 'DATA':
          say('354 go on');
          return true;
        case 'QUIT':
          say('221 bye');
          socket.end();
          return false;
        default:
          say('502 what is that');
          return false;
      }
    };
    socket.on('data', hear);
  }
}

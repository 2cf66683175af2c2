import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { BlockList, isIP, isIPv6, type Socket } from 'node:net';
import { type Api, placeOf as networkOf } from '#api';
import type { ManagementConfiguration } from '#engine/ports';
import { formatHostPort } from '#kernel';
import type { Log } from '#shell/log';
import { CertificateStore } from '#shell/tls';

/** What an API that listens by TCP needs of its listener. */
export interface Door {
  readonly server: (handler: RequestListener) => Server;
  readonly believes: (address: string) => boolean;
  readonly takes: (address: string) => boolean;
}

export interface WebListenerOptions {
  readonly make: (door: Door) => Promise<Api>;
  /** For the operator. */
  readonly say: (line: string) => void;
  readonly log: Log;
  /** It listens; again when it was moved. */
  readonly onListening: () => void;
  /** Ms until it is tried again. */
  readonly patience?: number;
  /** Ms between two looks at the files of the certificate. */
  readonly look?: number;
}

const usualPatience = 5_000;
/** Ms, and connections: who sends slowly, or opens many, shall not keep others out. */
const serverLimits = { headersTimeout: 15_000, requestTimeout: 60_000, maxConnections: 2_000 };
/** Ms. */
const options = { connectionsCheckingInterval: 2_000 };
const handshakeTimeout = 10_000;
/** Connections of one source; a proxy speaks for many. */
const mostOfOne = 200;

/**
 * Where the configuration has the API listen by TCP. It is moved while the program runs, and where it cannot be had that is said, and tried
 * again: nobody's call depends on it.
 */
export class WebListener {
  readonly #options: WebListenerOptions;
  #wanted: ManagementConfiguration | undefined;
  #proxies = new BlockList();
  #open: { readonly api: Api; readonly place: string; readonly certificates: CertificateStore | undefined } | undefined;
  #said: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** One move after the other. */
  #moving: Promise<void> = Promise.resolve();

  constructor(options: WebListenerOptions) {
    this.#options = options;
  }

  /** Resolves when it listens as is wanted, or cannot for now. */
  configure(wanted: ManagementConfiguration | undefined): Promise<void> {
    this.#wanted = wanted;
    this.#proxies = new BlockList();
    for (const { host, bits } of wanted?.behindProxy ?? [])
      this.#proxies.addSubnet(host, bits, isIPv6(host) ? 'ipv6' : 'ipv4');
    this.#moving = this.#moving.then(() => this.#move());
    return this.#moving;
  }

  /** The files of its certificate were written: they are shown from here on. */
  readCertificates(): void {
    this.#open?.certificates?.readNow();
  }

  async close(): Promise<void> {
    await this.configure(undefined);
  }

  async #move(): Promise<void> {
    clearTimeout(this.#timer);
    const wanted = this.#wanted;
    const place = wanted && placeOf(wanted);
    if (this.#open?.place === place) return;
    // The old one first: 0.0.0.0 and 127.0.0.1 are the same port.
    await this.#shut();
    if (!wanted || place === undefined) return;
    const certificates = wanted.tls && this.#certificates(wanted);
    try {
      const api = await this.#options.make(this.#door(wanted, certificates));
      Object.assign(api.server, serverLimits);
      this.#limit(api.server);
      await api.listen({ host: wanted.listen.host, port: wanted.listen.port });
      this.#open = { api, place, certificates };
      certificates?.watch();
      this.#said = undefined;
      this.#options.onListening();
    } catch (error) {
      certificates?.close();
      this.#fail(wanted, error as NodeJS.ErrnoException);
    }
  }

  async #shut(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    open?.certificates?.close();
    await open?.api.close();
  }

  #fail({ listen }: ManagementConfiguration, error: NodeJS.ErrnoException): void {
    const { say, log, patience = usualPatience } = this.#options;
    const line = `tandem: the API cannot listen at ${formatHostPort(listen)}: ${whyNot(error)}; calls go on, and it is tried again`;
    log.write('error', 'api-not-listening', { ...listen, error: error.code ?? error.message });
    if (line !== this.#said) say(line);
    this.#said = line;
    this.#timer = setTimeout(() => {
      this.#moving = this.#moving.then(() => this.#move());
    }, patience);
    this.#timer.unref();
  }

  #door({ tls }: ManagementConfiguration, certificates: CertificateStore | undefined): Door {
    const believes = (address: string) => isIn(this.#proxies, address);
    return {
      server: (handler) => {
        if (!certificates) return createServer(options, handler);
        const pair = certificates.management;
        if (!pair?.value) throw new Error(pair?.problem ?? 'there is no certificate');
        const { certificatePem: cert, keyPem: key } = pair.value;
        const server = createSecureServer({ ...options, handshakeTimeout, cert, key }, handler);
        this.#onReload = () => {
          const { certificatePem, keyPem } = pair.value!;
          server.setSecureContext({ cert: certificatePem, key: keyPem });
        };
        // Of one who speaks HTTP to it, and the like: his business.
        return server as unknown as Server;
      },
      believes,
      takes: (address) => tls !== undefined || isIn(loopback, address) || believes(address),
    };
  }

  /** Nobody has more connections than he needs, so that there are some for everybody. */
  #limit(server: Server): void {
    const open = new Map<string, number>();
    server.on('connection', (socket: Socket) => {
      const { remoteAddress } = socket;
      if (remoteAddress === undefined || isIn(this.#proxies, remoteAddress)) return;
      const place = networkOf(remoteAddress);
      const count = (open.get(place) ?? 0) + 1;
      if (count > mostOfOne) {
        socket.destroy();
        return;
      }
      open.set(place, count);
      socket.once('close', () => {
        const left = open.get(place)! - 1;
        if (left === 0) open.delete(place);
        else open.set(place, left);
      });
    });
  }

  #onReload = (): void => {};

  #certificates(management: ManagementConfiguration): CertificateStore {
    const { look, log } = this.#options;
    return new CertificateStore({
      configuration: { listeners: [], trunks: [], management },
      ...(look !== undefined && { interval: look }),
      onEvent: ({ kind, ...event }) => {
        // The signalling process warns of those that expire.
        if (kind !== 'warning') log.write(kind === 'reloaded' ? 'info' : 'warn', `certificate-${kind}`, event);
        if (kind === 'reloaded') this.#onReload();
      },
    });
  }
}

/** What is to be opened anew where it differs. */
function placeOf({ listen, tls }: ManagementConfiguration): string {
  return JSON.stringify([listen, tls]);
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

/** What is no address is in none: a proxy may have written anything. */
function isIn(list: BlockList, address: string): boolean {
  return isIP(address) !== 0 && list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

function whyNot({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'EADDRINUSE':
      return 'another program has the port (`ss -ltnp` tells which): end it, or give `management.listen` another port';
    case 'EADDRNOTAVAIL':
      return 'this machine does not have the address: put `management.listen` right, or 127.0.0.1';
    case 'EACCES':
      return 'the user who runs the program may not: take a port above 1023 for `management.listen`';
    default:
      return message;
  }
}

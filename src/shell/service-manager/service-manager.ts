const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0x80000;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
const EAGAIN = 11;
/** `sun_path` of `sockaddr_un`. */
const longestPath = 107;
/** Ms until a manager that does not read is tried again: it must not keep us waiting, we have processes to look after. */
const pause = 100;
/** More is not kept for it. */
const mostWaiting = 32;

interface Calls {
  readonly socket: (domain: number, type: number, protocol: number) => number;
  readonly sendto: (fd: number, data: Buffer, size: number, flags: number, to: Buffer, toSize: number) => number;
  readonly close: (fd: number) => number;
  readonly errno: () => number;
}

/**
 * Tells whoever started the program how it is (systemd's sd_notify(3) protocol: a datagram of `NAME=value` lines to the Unix socket in
 * NOTIFY_SOCKET), and that it lives, as often as is wanted (WATCHDOG_USEC). Does nothing where nobody wants to be told.
 */
export class ServiceManager {
  readonly #calls: Calls | undefined;
  readonly #fd: number;
  readonly #address: Buffer;
  readonly #say: (line: string) => void;
  readonly #beat: NodeJS.Timeout | undefined;
  #waiting: Buffer[] = [];
  #again: NodeJS.Timeout | undefined;
  #hasFailed = false;

  private constructor(calls: Calls | undefined, address: Buffer, beatEvery: number, say: (line: string) => void) {
    this.#calls = calls;
    this.#address = address;
    this.#say = say;
    this.#fd = calls?.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0) ?? -1;
    if (calls && beatEvery > 0) {
      this.#beat = setInterval(() => this.#waiting.length === 0 && this.#send(Buffer.from('WATCHDOG=1')), beatEvery);
      this.#beat.unref();
    }
  }

  /**
   * Takes what it needs out of `environment`, so that processes we start do not speak for us. `say`: a line for the operator when
   * telling fails, once.
   */
  static async open(environment: NodeJS.ProcessEnv, say: (line: string) => void): Promise<ServiceManager> {
    const { NOTIFY_SOCKET: path, WATCHDOG_USEC, WATCHDOG_PID } = environment;
    for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID']) delete environment[name];
    if (path === undefined || path === '') return new ServiceManager(undefined, Buffer.alloc(0), 0, say);
    const address = addressOf(path);
    const calls = address && (await loadCalls());
    if (!calls) say(`tandem: the service manager cannot be told anything at ${path}`);
    const isOurs = WATCHDOG_PID === undefined || WATCHDOG_PID === String(process.pid);
    // Twice in the time that it waits, so that one late timer is no death.
    const beatEvery = isOurs ? Number(WATCHDOG_USEC ?? 0) / 2_000 : 0;
    return new ServiceManager(calls, address ?? Buffer.alloc(0), beatEvery, say);
  }

  /** It does what it is for; also once a new configuration was read, taken or not. */
  ready(status: string): void {
    this.#tell('READY=1', `STATUS=${oneLine(status)}`);
  }

  /** What it is at. */
  status(status: string): void {
    this.#tell(`STATUS=${oneLine(status)}`);
  }

  /** The configuration is being read again. */
  reloading(): void {
    // Of CLOCK_MONOTONIC, as hrtime is: it tells this READY from one that was under way.
    this.#tell('RELOADING=1', `MONOTONIC_USEC=${process.hrtime.bigint() / 1_000n}`, 'STATUS=Reading the configuration');
  }

  /** It ends, and that may take `most` ms. */
  stopping(most: number, status: string): void {
    this.#tell('STOPPING=1', `EXTEND_TIMEOUT_USEC=${Math.ceil(most) * 1_000}`, `STATUS=${oneLine(status)}`);
  }

  close(): void {
    clearInterval(this.#beat);
    clearTimeout(this.#again);
    if (this.#fd >= 0) this.#calls!.close(this.#fd);
  }

  #tell(...lines: readonly string[]): void {
    if (!this.#calls || this.#waiting.length === mostWaiting) return;
    this.#waiting.push(Buffer.from(lines.join('\n')));
    if (this.#waiting.length === 1) this.#flush();
  }

  #flush(): void {
    while (this.#waiting.length > 0) {
      if (!this.#send(this.#waiting[0]!)) {
        this.#again = setTimeout(() => this.#flush(), pause);
        return;
      }
      this.#waiting.shift();
    }
  }

  /** False where it has to be tried again. */
  #send(data: Buffer): boolean {
    const { sendto, errno } = this.#calls!;
    const flags = MSG_NOSIGNAL | MSG_DONTWAIT;
    if (sendto(this.#fd, data, data.length, flags, this.#address, this.#address.length) >= 0) return true;
    const why = errno();
    if (why === EAGAIN) return false;
    if (!this.#hasFailed) this.#say(`tandem: the service manager was not told (errno ${why})`);
    this.#hasFailed = true;
    return true;
  }
}

function oneLine(text: string): string {
  return text.replaceAll('\n', ' ');
}

/** `sockaddr_un`; `@` begins a name in the abstract namespace. Undefined for what is no Unix socket. */
function addressOf(path: string): Buffer | undefined {
  const name = Buffer.from(path);
  if (!/^[/@]/.test(path) || name.length > longestPath) return undefined;
  const family = Buffer.alloc(2);
  family.writeUInt16LE(AF_UNIX);
  // A name of the abstract namespace ends where the address does, a path with a zero.
  return path.startsWith('@')
    ? Buffer.concat([family, Buffer.of(0), name.subarray(1)])
    : Buffer.concat([family, name, Buffer.of(0)]);
}

async function loadCalls(): Promise<Calls | undefined> {
  if (process.platform !== 'linux') return undefined;
  try {
    const { default: koffi } = await import('koffi');
    const library = koffi.load(null);
    return {
      socket: library.func('socket', 'int', ['int', 'int', 'int']),
      sendto: library.func('sendto', 'int64_t', ['int', 'void *', 'size_t', 'int', 'void *', 'uint']),
      close: library.func('close', 'int', ['int']),
      errno: () => koffi.errno(),
    };
  } catch {
    return undefined;
  }
}

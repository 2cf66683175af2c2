import type { Socket } from 'node:net';
import { StreamFramer } from '#codec/sip-message';
import type { Flow } from '#engine/ports';
import { formatHostPort, type Octets } from '#kernel';
import { KeepAlive } from './keep-alive.ts';
import type { StreamLimits } from './limits.ts';
import type { Secured } from './security.ts';
import { acknowledgement, markOf } from './socket-options.ts';

export type Direction = 'inbound' | 'outbound';

export interface ConnectionEvents {
  onMessage(flow: Flow, octets: Octets): void;
  /** Once, whatever ended it. `stood`: messages could be exchanged. */
  onGone(reason: string, stood: boolean): void;
  /** How many octets of an incomplete message are held now, beside what were. */
  onHeld(change: number): void;
  /** Nothing new is to be sent by it any more. */
  onRetiring(): void;
  /** What an error means; its code unless somebody knows better. */
  explain(error: NodeJS.ErrnoException): string;
}

/** What is told of one connection. Times are ISO 8601. */
export interface ConnectionInspection {
  readonly connection: string;
  /** "tls 192.0.2.1:5061" */
  readonly peer: string;
  readonly listener: string;
  readonly direction: Direction;
  readonly state: 'opening' | 'open' | 'retiring' | 'ending';
  readonly since: string;
  readonly lastIn: string | undefined;
  readonly lastOut: string | undefined;
  readonly octetsIn: number;
  readonly octetsOut: number;
  /** Octets that wait for the peer to read. */
  readonly unsent: number;
  /** Whether it answers pings (RFC 5626 4.4.1). */
  readonly answersPings: boolean;
  /** The differentiated services code point that it is marked with, as the system says. */
  readonly dscp: number | undefined;
  readonly tls?: {
    readonly version: string;
    readonly cipher: string;
    readonly names: readonly string[];
    readonly trustedBy: readonly string[];
  };
}

/** Ms after which TCP itself probes a silent peer: ours soon, for nobody else does where pings find no answer. */
const probes = { outbound: 30_000, inbound: 60_000 };

/** One stream: octets in, whole messages out (RFC 3261 18.3). */
export class Connection {
  readonly flow: Flow;
  readonly direction: Direction;
  /** Its TCP socket; with TLS, messages go through another on top of it. */
  readonly raw: Socket;
  readonly #limits: StreamLimits;
  readonly #events: ConnectionEvents;
  readonly #framer = new StreamFramer();
  readonly #keepAlive: KeepAlive;
  #socket: Socket | undefined;
  #secured: Secured | undefined;
  #state: ConnectionInspection['state'] = 'opening';
  #reason: string | undefined;
  #gone = false;
  /** What is sent before it stands. */
  #waiting: Octets[] = [];
  #waitingLength = 0;
  #held = 0;
  #pendingWrites = 0;
  #octetsIn = 0;
  #octetsOut = 0;
  // Monotonic ms.
  readonly #began = performance.now();
  #opened = 0;
  #lastIn = 0;
  #lastOut = 0;
  /** The last whole message in either direction. */
  #lastMessage = 0;
  #incompleteSince: number | undefined;
  /** Since when the peer has taken, or its system acknowledged, nothing of what waits. */
  #untakenSince: number | undefined;
  #unacknowledgedSince: number | undefined;
  #acknowledged: bigint | undefined;
  #outdatedSince: number | undefined;
  #retiringSince = 0;

  constructor(flow: Flow, direction: Direction, raw: Socket, limits: StreamLimits, events: ConnectionEvents) {
    this.flow = flow;
    this.direction = direction;
    this.raw = raw;
    this.#limits = limits;
    this.#events = events;
    this.#keepAlive = new KeepAlive(direction === 'outbound' ? limits.keepAlive : 0, limits.pong);
    this.#watch(raw);
  }

  /** Neither does it stand yet, nor has it come to its end. */
  get isOpening(): boolean {
    return this.#state === 'opening';
  }

  /** It stands: by its TCP socket, or by what TLS made of it. What waited leaves. */
  open(secured?: Secured): void {
    const socket = secured?.socket ?? this.raw;
    const now = performance.now();
    this.#socket = socket;
    this.#secured = secured;
    this.#state = 'open';
    this.#opened = now;
    this.#lastIn = now;
    this.#lastMessage = now;
    this.raw.setNoDelay(true);
    this.raw.setKeepAlive(true, probes[this.direction]);
    if (socket !== this.raw) this.#watch(socket);
    socket.on('data', (chunk: Buffer) => this.#received(chunk));
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting.join('');
    this.#waiting = [];
    this.#waitingLength = 0;
    this.#write(waiting);
  }

  send(octets: Octets): void {
    this.#lastMessage = performance.now();
    if (this.#socket) return this.#write(octets);
    if (this.#state !== 'opening') return;
    this.#waiting.push(octets);
    this.#waitingLength += octets.length;
    if (this.#waitingLength > this.#limits.unsent) this.destroy('the peer does not read');
  }

  /** Ends it at once. */
  destroy(reason: string): void {
    this.#reason ??= reason;
    this.#state = 'ending';
    this.#socket?.destroy();
    this.raw.destroy();
  }

  /** Ends it when what waits has left, or within 5 s. */
  end(reason: string): void {
    if (this.#state === 'ending') return;
    this.#reason ??= reason;
    this.#state = 'ending';
    const socket = this.#socket ?? this.raw;
    if (!this.#socket) {
      // What waits for an end of the handshake that nobody waits for any more goes by the board with TLS only.
      if (this.flow.transport === 'tls') return this.destroy(reason);
      if (this.#waiting.length > 0) socket.write(this.#waiting.join(''), 'latin1');
      this.#waiting = [];
    }
    socket.end();
    // What the peer still says is of no interest; its FIN must be read to see the end.
    socket.removeAllListeners('data');
    socket.resume();
    this.raw.setTimeout(5_000, () => this.destroy(reason));
  }

  /** The regular look: what has taken too long, and what is due. */
  look(now: number): void {
    if (this.#state === 'ending') return;
    const { connect, idle, incomplete } = this.#limits;
    if (!this.#socket) {
      if (now - this.#began > connect) this.destroy(this.raw.connecting ? 'ETIMEDOUT' : 'the TLS handshake timed out');
    } else if (now - Math.max(this.#lastIn, this.#lastOut) > idle) this.destroy('idle');
    else if (this.#incompleteSince !== undefined && now - this.#incompleteSince > incomplete)
      this.destroy('a message did not become complete');
    else if (this.#isStuck(now)) this.destroy('the peer took nothing of what was sent');
    else {
      this.#grow(now);
      this.#ping(now);
    }
  }

  inspect(now: number, wall: number): ConnectionInspection {
    const iso = (mono: number) => (mono === 0 ? undefined : new Date(wall - (now - mono)).toISOString());
    const secured = this.#secured;
    return {
      connection: this.flow.connection ?? '',
      peer: `${this.flow.transport} ${formatHostPort(this.flow.remote)}`,
      listener: this.flow.listener,
      direction: this.direction,
      state: this.#state,
      since: iso(this.#opened || this.#began)!,
      lastIn: this.#octetsIn > 0 ? iso(this.#lastIn) : undefined,
      lastOut: iso(this.#lastOut),
      octetsIn: this.#octetsIn,
      octetsOut: this.#octetsOut,
      unsent: this.#waitingLength + (this.#socket?.writableLength ?? 0),
      answersPings: this.#keepAlive.answers,
      dscp: markOf(this.raw),
      ...(secured
        ? {
            tls: {
              version: secured.version,
              cipher: secured.cipher,
              names: secured.peer?.names ?? [],
              trustedBy: secured.peer?.trustedBy ?? [],
            },
          }
        : {}),
    };
  }

  #watch(socket: Socket): void {
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#reason ??= this.#events.explain(error);
    });
    // The library tells errors of a server's session by this name alone, and goes on as if nothing were.
    socket.on('_tlsError', (error: NodeJS.ErrnoException) => this.destroy(this.#events.explain(error)));
    socket.on('close', () => this.#left());
  }

  #left(): void {
    if (this.#gone) return;
    this.#gone = true;
    const stood = this.#opened > 0;
    this.#state = 'ending';
    this.#socket?.destroy();
    this.raw.destroy();
    if (this.#held > 0) this.#events.onHeld(-this.#held);
    this.#held = 0;
    const during =
      stood || this.flow.transport !== 'tls'
        ? 'closed by the peer'
        : 'the peer closed the connection during the handshake';
    this.#events.onGone(this.#reason ?? during, stood);
  }

  #write(octets: Octets): void {
    const socket = this.#socket!;
    if (!socket.writable) return;
    const now = performance.now();
    this.#lastOut = now;
    this.#octetsOut += octets.length;
    this.#pendingWrites++;
    this.#untakenSince ??= now;
    this.#unacknowledgedSince ??= now;
    socket.write(octets, 'latin1', this.#taken);
    if (socket.writableLength > this.#limits.unsent) this.destroy('the peer does not read');
  }

  readonly #taken = (): void => {
    this.#untakenSince = --this.#pendingWrites > 0 ? performance.now() : undefined;
  };

  /** Our system has not got rid of anything, or theirs has acknowledged nothing, for too long. */
  #isStuck(now: number): boolean {
    const { write } = this.#limits;
    if (this.#untakenSince !== undefined && now - this.#untakenSince > write) return true;
    if (this.#unacknowledgedSince === undefined) return false;
    const found = acknowledgement(this.raw);
    if (!found?.outstanding) this.#unacknowledgedSince = undefined;
    else if (found.octets !== this.#acknowledged) this.#unacknowledgedSince = now;
    this.#acknowledged = found?.octets;
    return this.#unacknowledgedSince !== undefined && now - this.#unacknowledgedSince > write;
  }

  /** Makes way for another when it is old or what it was made with is; ends when nothing is said by it any more. */
  #grow(now: number): void {
    if (this.#state === 'retiring') {
      const { retireIdle, retireMost } = this.#limits;
      if (now - this.#lastMessage > retireIdle || now - this.#retiringSince > retireMost)
        this.end('replaced by another');
      return;
    }
    const secured = this.#secured;
    if (!secured) return;
    if (!secured.isCurrent()) this.#outdatedSince ??= now;
    const patience = this.direction === 'inbound' ? this.#limits.retireInbound : 0;
    const isOutdated = this.#outdatedSince !== undefined && now - this.#outdatedSince >= patience;
    const isOld = secured.renewal > 0 && now - this.#opened >= secured.renewal;
    if (!isOutdated && !isOld) return;
    this.#state = 'retiring';
    this.#retiringSince = now;
    this.#events.onRetiring();
  }

  #ping(now: number): void {
    const act = this.#keepAlive.look(now, this.#lastIn);
    if (act === 'ping') this.#write('\r\n\r\n');
    else if (act === 'dead') this.destroy('the peer does not answer pings any more');
  }

  #received(chunk: Buffer): void {
    const now = performance.now();
    this.#lastIn = now;
    this.#octetsIn += chunk.length;
    // Whatever is held after a message was completed belongs to a younger one.
    this.#incompleteSince ??= now;
    for (const item of this.#framer.push(chunk.toString('latin1'))) {
      switch (item.kind) {
        case 'message':
          this.#incompleteSince = now;
          this.#lastMessage = now;
          this.#events.onMessage(this.flow, item.octets);
          break;
        case 'ping':
          // Two pongs with nothing in between are octet by octet a ping.
          if (!this.#keepAlive.pong()) this.#write('\r\n');
          break;
        case 'pong':
          this.#keepAlive.pong();
          break;
        case 'fault':
          // It answers 400 where it can; then nobody knows where the next message begins.
          if (item.octets !== undefined) this.#events.onMessage(this.flow, item.octets);
          this.end(item.reason);
          break;
      }
    }
    this.#keepAlive.heard();
    const held = this.#framer.buffered;
    if (held !== this.#held) {
      const change = held - this.#held;
      this.#held = held;
      this.#events.onHeld(change);
    }
    if (held === 0) this.#incompleteSince = undefined;
  }
}

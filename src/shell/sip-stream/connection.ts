import type { Socket } from 'node:net';
import { StreamFramer } from '#codec/sip-message';
import type { Flow } from '#engine/ports';
import type { Octets } from '#kernel';

export interface ConnectionEvents {
  onMessage(flow: Flow, octets: Octets): void;
  /** Once, whatever ended it. */
  onGone(reason: string): void;
  /** How many octets of an incomplete message are held now, beside what were. */
  onHeld(change: number): void;
}

/** One stream: octets in, whole messages out (RFC 3261 18.3). */
export class Connection {
  readonly flow: Flow;
  readonly socket: Socket;
  readonly #events: ConnectionEvents;
  readonly #maxUnsent: number;
  readonly #framer = new StreamFramer();
  #held = 0;
  #reason: string | undefined;
  /** Monotonic ms of the last octet in either direction, and since when a message has been incomplete. */
  lastActivity: number;
  incompleteSince: number | undefined;
  isOpen: boolean;

  constructor(flow: Flow, socket: Socket, maxUnsent: number, events: ConnectionEvents) {
    this.flow = flow;
    this.socket = socket;
    this.#maxUnsent = maxUnsent;
    this.#events = events;
    this.isOpen = !socket.connecting;
    this.lastActivity = performance.now();
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 60_000);
    socket.on('data', (chunk: Buffer) => this.#received(chunk));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#reason ??= error.code ?? error.message;
    });
    socket.on('close', () => {
      if (this.#held > 0) this.#events.onHeld(-this.#held);
      this.#held = 0;
      events.onGone(this.#reason ?? 'closed by the peer');
    });
  }

  send(octets: Octets): void {
    if (!this.socket.writable) return;
    this.lastActivity = performance.now();
    this.socket.write(octets, 'latin1');
    if (this.socket.writableLength > this.#maxUnsent) this.destroy('the peer does not read');
  }

  /** Ends it at once. */
  destroy(reason: string): void {
    this.#reason ??= reason;
    this.socket.destroy();
  }

  /** Ends it when what waits has left, at the latest with the sweep after `lastActivity`. */
  end(reason: string): void {
    this.#reason ??= reason;
    this.socket.end();
    // What the peer still says is of no interest; its FIN must be read to see the end.
    this.socket.removeAllListeners('data');
    this.socket.resume();
    this.socket.setTimeout(5_000, () => this.socket.destroy());
  }

  #received(chunk: Buffer): void {
    const now = performance.now();
    this.lastActivity = now;
    // Whatever is held after a message was completed belongs to a younger one.
    this.incompleteSince ??= now;
    for (const item of this.#framer.push(chunk.toString('latin1'))) {
      switch (item.kind) {
        case 'message':
          this.incompleteSince = now;
          this.#events.onMessage(this.flow, item.octets);
          break;
        case 'ping':
          this.send('\r\n');
          break;
        case 'pong':
          break;
        case 'fault':
          // It answers 400 where it can; then nobody knows where the next message begins.
          if (item.octets !== undefined) this.#events.onMessage(this.flow, item.octets);
          this.end(item.reason);
          break;
      }
    }
    const held = this.#framer.buffered;
    if (held !== this.#held) {
      const change = held - this.#held;
      this.#held = held;
      this.#events.onHeld(change);
    }
    if (held === 0) this.incompleteSince = undefined;
  }
}

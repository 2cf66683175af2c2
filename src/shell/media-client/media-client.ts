import { connect, type Socket } from 'node:net';
import {
  encodeFrame,
  FrameDecoder,
  type MediaNotification,
  type MediaRequest,
  type MediaResponse,
} from '#codec/media-control';

export interface MediaClientOptions {
  /** Path of the media process's control socket. */
  readonly socket: string;
  readonly onMessage: (message: MediaResponse | MediaNotification) => void;
  /** The link stood and fell: what was asked and not answered never will be. `hello` says when it is back. */
  readonly onDown: () => void;
}

/** Ms between attempts: the first at once, then growing. */
const shortestWait = 10;
const longestWait = 500;
/** Requests kept while the link is down; the oldest goes first, and its deadline tells the engine. */
const maxQueued = 10_000;
/** Octets the media process may be behind with reading before we call it dead. */
const maxUnread = 32 * 1024 * 1024;

/**
 * The signalling process's link to the media process. Keeps itself connected; whatever else follows from the link's falling
 * (deadlines, reconciling, ending calls) is the engine's to decide.
 */
export class MediaClient {
  readonly #options: MediaClientOptions;
  #socket: Socket | undefined;
  /** The media process has greeted: what is sent now reaches the instance the engine knows about. */
  #isUp = false;
  #queue: Uint8Array[] = [];
  #wait = shortestWait;
  #retry: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: MediaClientOptions) {
    this.#options = options;
    this.#connect();
  }

  /** Sends now, or when the link stands. Nothing is told if it is lost: every request has its deadline in the engine. */
  send(request: MediaRequest): void {
    if (this.#isClosed) return;
    const frame = encodeFrame(request);
    if (this.#isUp && this.#socket) {
      this.#socket.write(frame);
      if (this.#socket.writableLength > maxUnread) this.#socket.destroy();
      return;
    }
    if (this.#queue.length >= maxQueued) this.#queue.shift();
    this.#queue.push(frame);
  }

  /** Ends the link for good, without `onDown`. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    this.#queue = [];
    this.#socket?.destroy();
  }

  #connect(): void {
    const socket = connect(this.#options.socket);
    const decoder = new FrameDecoder();
    this.#socket = socket;
    socket.on('error', () => {}); // `close` follows
    socket.on('close', () => this.#closed());
    socket.on('data', (chunk: Buffer) => {
      const fault = decoder.push(chunk, (message) => {
        if (!this.#isClosed) this.#received(message as MediaResponse | MediaNotification);
      });
      if (fault) socket.destroy();
    });
  }

  #received(message: MediaResponse | MediaNotification): void {
    if (message.kind === 'hello') {
      this.#isUp = true;
      this.#wait = shortestWait;
      // Before whatever the greeting moves the engine to send: requests keep their order.
      for (const frame of this.#queue.splice(0)) this.#socket?.write(frame);
    }
    this.#options.onMessage(message);
  }

  #closed(): void {
    const wasUp = this.#isUp;
    this.#isUp = false;
    this.#socket = undefined;
    if (this.#isClosed) return;
    this.#retry = setTimeout(() => this.#connect(), this.#wait);
    this.#wait = Math.min(longestWait, this.#wait * 2);
    if (wasUp) this.#options.onDown();
  }
}

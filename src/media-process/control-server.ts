import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import {
  encodeFrame,
  FrameDecoder,
  type MediaNotification,
  type MediaResponse,
  mediaProtocolVersion,
} from '#codec/media-control';

/** What may wait for a signalling process that does not read; one that is so far behind is cut off and reconciles. */
const maxUnread = 32 * 1024 * 1024;

export interface ControlHandler {
  /** A controller connected: what it shall know at once, after `hello`. */
  onConnected(): readonly MediaNotification[];
  /** Undefined answers nothing. */
  onRequest(request: unknown): MediaResponse | undefined;
}

/**
 * The signalling process's way in: a Unix socket that only our user may open. One connection controls at a time; a new one
 * takes over, since it is a signalling process started anew while the kernel has not yet noticed the old one's end.
 * Sessions do not depend on it.
 */
export class ControlServer {
  readonly #server: Server;
  readonly #path: string;
  readonly #instance: string;
  readonly #handler: ControlHandler;
  #controller: Socket | undefined;

  constructor(path: string, instance: string, handler: ControlHandler) {
    this.#path = path;
    this.#instance = instance;
    this.#handler = handler;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  /** Rejects when the socket cannot be made. A file that an earlier process left in its place is removed. */
  listen(): Promise<void> {
    rmSync(this.#path, { force: true });
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      // The file is made during the call: nobody else may open it even for a moment.
      const mask = process.umask(0o177);
      try {
        this.#server.listen(this.#path, resolve);
      } finally {
        process.umask(mask);
      }
    });
  }

  /** Lost when nobody listens: a new controller is told what still holds. */
  notify(notice: MediaNotification): void {
    if (this.#controller) this.#send(this.#controller, notice);
  }

  close(): void {
    this.#controller?.destroy();
    this.#server.close();
  }

  #accept(socket: Socket): void {
    this.#controller?.destroy();
    this.#controller = socket;
    const decoder = new FrameDecoder();
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      if (this.#controller === socket) this.#controller = undefined;
    });
    socket.on('data', (chunk: Buffer) => {
      const fault = decoder.push(chunk, (request) => {
        // What was still in the pipe of a controller that has been replaced is void.
        if (this.#controller !== socket) return;
        const response = this.#handler.onRequest(request);
        if (response) this.#send(socket, response);
      });
      if (fault) socket.destroy();
    });
    this.#send(socket, { kind: 'hello', version: mediaProtocolVersion, instance: this.#instance });
    for (const notice of this.#handler.onConnected()) this.#send(socket, notice);
  }

  #send(socket: Socket, message: MediaResponse | MediaNotification): void {
    socket.write(encodeFrame(message));
    if (socket.writableLength > maxUnread) socket.destroy();
  }
}

import { statusSocket } from '#app';
import { type StatusAnswer, StatusFailure, StatusLink } from '#shell/status-link';
import { Failure } from './failure.ts';

/** The running program as a command asks it: what goes wrong is a Failure. */
export class StatusClient {
  readonly #link: StatusLink;

  private constructor(link: StatusLink) {
    this.#link = link;
  }

  /** Undefined when no program runs on this directory of records. Rejects with a Failure when one does, and is somebody else's. */
  static async open(dataDirectory: string): Promise<StatusClient | undefined> {
    const link = await told(StatusLink.open(statusSocket(dataDirectory)));
    return link && new StatusClient(link);
  }

  ask(query: string, more: object = {}): Promise<StatusAnswer> {
    return told(this.#link.ask(query, more));
  }

  close(): void {
    this.#link.close();
  }
}

function told<T>(asking: Promise<T>): Promise<T> {
  return asking.catch((error: unknown) => {
    throw error instanceof StatusFailure ? new Failure(`${error.message}.`) : error;
  });
}

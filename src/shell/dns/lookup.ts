import { randomInt } from 'node:crypto';
import type { DnsAnswer, DnsQuestion } from '#engine/ports';
import { formatHostPort } from '#kernel';
import { type Exchange, overTcp, overUdp } from './exchange.ts';
import { encodeQuery, type Reply, readReply } from './message.ts';
import type { Server } from './servers.ts';

/** Ms until another is asked as well; the longest. The first may answer still. */
const longestPause = 800;
/** How often each server is asked, and all together at the least. */
const rounds = 2;
const leastTries = 3;
/** Aliases that are asked for one after the other. */
const maxAliases = 8;

export interface LookupOptions {
  readonly question: DnsQuestion;
  /** In the order in which they are to be asked; at least one. */
  readonly servers: readonly Server[];
  /** Ms that it may take from now. */
  readonly timeout: number;
  /** Once. */
  onDone(answer: DnsAnswer): void;
}

/**
 * One question on its way: server by server, the next one when one fails or is slow, until one answers. Those that were
 * asked before may answer as long as nobody else has.
 */
export class Lookup {
  readonly #options: LookupOptions;
  readonly #deadline: NodeJS.Timeout;
  readonly #pauseLength: number;
  readonly #open = new Set<Exchange>();
  /** What went wrong, by server. Those that answered so are not asked twice. */
  readonly #failures = new Map<Server, string>();
  /** Those to ask yet, in order. */
  #plan: Server[] = [];
  #pause: NodeJS.Timeout | undefined;
  #name: string;
  #aliases = 0;
  #aliasTtl = Number.POSITIVE_INFINITY;
  #isDone = false;

  constructor(options: LookupOptions) {
    const { question, servers, timeout } = options;
    this.#options = options;
    this.#name = question.name;
    const tries = Math.max(rounds * servers.length, leastTries);
    this.#pauseLength = Math.min(longestPause, timeout / tries);
    this.#deadline = setTimeout(() => this.#fail(), timeout);
    this.#plan = planOf(servers, tries);
    this.#askNext();
  }

  /** Ends it without an answer. */
  cancel(): void {
    this.#end();
  }

  #askNext(): void {
    clearTimeout(this.#pause);
    this.#pause = undefined;
    let server = this.#plan.shift();
    while (server && this.#failures.has(server)) server = this.#plan.shift();
    if (!server) {
      // Those that are silent may still answer.
      if (this.#open.size === 0) this.#fail();
      return;
    }
    const asked = server;
    this.#ask(asked, overUdp, true);
    this.#pause = setTimeout(() => {
      asked.silent(performance.now());
      this.#askNext();
    }, this.#pauseLength);
  }

  #ask(server: Server, over: typeof overUdp, edns: boolean): void {
    const question: DnsQuestion = { type: this.#options.question.type, name: this.#name };
    const id = randomInt(0x1_0000);
    const exchange = over(server.address, encodeQuery(id, question, edns), {
      onMessage: (data) => {
        const reply = readReply(data, id, question);
        if (!reply) return;
        this.#close(exchange);
        server.answered();
        this.#replied(server, reply, over, edns);
      },
      onError: (reason) => {
        this.#open.delete(exchange);
        server.unreachable(performance.now());
        this.#failed(server, reason);
      },
    });
    this.#open.add(exchange);
  }

  #replied(server: Server, reply: Reply, over: typeof overUdp, edns: boolean): void {
    switch (reply.kind) {
      case 'said': {
        const { answer } = reply;
        this.#done({ ...answer, ttl: Math.min(answer.ttl, this.#aliasTtl) });
        break;
      }
      case 'truncated':
        if (over === overTcp) this.#failed(server, 'truncated over TCP');
        else this.#ask(server, overTcp, edns);
        break;
      case 'alias':
        this.#follow(reply.name, reply.ttl, server);
        break;
      case 'failed':
        if (reply.plain && edns) this.#ask(server, over, false);
        else this.#failed(server, reply.reason);
        break;
    }
  }

  #failed(server: Server, reason: string): void {
    this.#failures.set(server, reason);
    this.#askNext();
  }

  /** The other name is asked for in the same way, beginning with the server that named it. */
  #follow(name: string, ttl: number, server: Server): void {
    this.#aliases++;
    if (this.#aliases > maxAliases) {
      this.#failures.set(server, 'too many aliases');
      this.#fail();
      return;
    }
    this.#closeAll();
    this.#name = name;
    this.#aliasTtl = Math.min(this.#aliasTtl, ttl);
    this.#failures.clear();
    const { servers } = this.#options;
    this.#plan = [server, ...planOf(servers, rounds * servers.length)];
    this.#askNext();
  }

  #fail(): void {
    const reasons = this.#options.servers.map(
      (server) => `${formatHostPort(server.address)}: ${this.#failures.get(server) ?? 'no answer'}`,
    );
    this.#done({ kind: 'failed', reason: reasons.join(', ') });
  }

  #done(answer: DnsAnswer): void {
    if (this.#isDone) return;
    this.#end();
    this.#options.onDone(answer);
  }

  #end(): void {
    this.#isDone = true;
    clearTimeout(this.#deadline);
    this.#closeAll();
  }

  #closeAll(): void {
    clearTimeout(this.#pause);
    this.#pause = undefined;
    for (const exchange of this.#open) exchange.close();
    this.#open.clear();
  }

  #close(exchange: Exchange): void {
    exchange.close();
    this.#open.delete(exchange);
  }
}

function planOf(servers: readonly Server[], tries: number): Server[] {
  return Array.from({ length: tries }, (_, index) => servers[index % servers.length]!);
}

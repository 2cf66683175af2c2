import type {
  AllocatedStream,
  MediaInterface,
  MediaNotification,
  MediaRequest,
  MediaResponse,
  SessionPlan,
  StreamCounters,
  StreamSideCounters,
  StreamSidePlan,
} from '#codec/media-control';
import type { HostPort } from '#kernel';
import type { Agenda } from './agenda.ts';
import { ourHosts, peerAddresses } from './configuration.ts';
import type { Dice } from './dice.ts';
import type { Mix } from './mix.ts';

interface Session {
  plan: SessionPlan;
  readonly streams: AllocatedStream[];
  /** Since when nothing comes; the notice of it. */
  lastHeard: number;
  told: boolean;
}

export interface MediaOptions {
  readonly agenda: Agenda;
  readonly dice: Dice;
  readonly mix: Mix;
  /** Does some peer send RTP from here? */
  readonly speaks: (from: HostPort) => boolean;
  readonly complain: (what: string) => void;
  readonly trace: (what: string) => void;
}

type Message = MediaResponse | MediaNotification;

/**
 * The media process and the link to it, as the engine's shell has it: what is asked while the link is down waits, what
 * was under way when it fell is lost on one way or the other.
 */
export class MediaNode {
  readonly #options: MediaOptions;
  readonly #sessions = new Map<string, Session>();
  readonly #usedPorts = new Set<number>();
  #instance = 1;
  /** The signalling process at the other end: none while that is dead. */
  #listener: { message(message: Message): void; down(): void } | undefined;
  #isUp = false;
  #upSince = 0;
  /** Raised with every fall of the link: what belongs to an older one does not arrive. */
  #link = 0;
  #queue: MediaRequest[] = [];
  #lastRequest = 0;
  #lastAnswer = 0;
  #watching = false;

  constructor(options: MediaOptions) {
    this.#options = options;
  }

  get sessions(): readonly string[] {
    return [...this.#sessions.keys()];
  }

  get ports(): number {
    return this.#usedPorts.size;
  }

  /** Since when engine and media process have been able to agree; undefined while they cannot. */
  get upSince(): number | undefined {
    return this.#isUp ? this.#upSince : undefined;
  }

  plan(session: string): SessionPlan | undefined {
    return this.#sessions.get(session)?.plan;
  }

  /** A signalling process has started: the link comes up soon. */
  connect(listener: { message(message: Message): void; down(): void }): void {
    this.#listener = listener;
    this.#queue = [];
    this.#isUp = false;
    this.#link++;
    this.#comeUp(this.#options.dice.between(1, 300));
  }

  /** The signalling process has died. */
  disconnect(): void {
    this.#listener = undefined;
    this.#isUp = false;
    this.#link++;
  }

  streams(session: string): readonly AllocatedStream[] {
    return this.#sessions.get(session)?.streams ?? [];
  }

  send(request: MediaRequest): void {
    if (!this.#isUp) {
      this.#queue.push(request);
      return;
    }
    const { agenda, dice } = this.#options;
    const link = this.#link;
    const instance = this.#instance;
    this.#lastRequest = Math.max(agenda.now + this.#delay(), this.#lastRequest);
    agenda.at(this.#lastRequest, () => {
      // The link fell on the way: it may have been read all the same, if the process lives, and before the next link's.
      if (link !== this.#link && (instance !== this.#instance || this.#isUp || dice.chance(0.5))) return;
      this.#handle(request, link);
    });
  }

  fallLink(): void {
    this.#fall(this.#options.dice.between(10, 3_000));
  }

  crash(): void {
    this.#options.trace('crashes');
    this.#sessions.clear();
    this.#usedPorts.clear();
    this.#instance++;
    this.#fall(this.#options.dice.between(50, 3_000));
  }

  #fall(downFor: number): void {
    const { agenda } = this.#options;
    const wasUp = this.#isUp;
    this.#isUp = false;
    const link = ++this.#link;
    const listener = this.#listener;
    if (!listener) return;
    this.#options.trace('link down');
    if (wasUp) agenda.in(1, () => this.#link === link && listener.down());
    this.#comeUp(downFor);
  }

  #comeUp(after: number): void {
    const { agenda } = this.#options;
    const link = this.#link;
    agenda.in(after, () => {
      if (link !== this.#link || !this.#listener) return;
      this.#isUp = true;
      this.#upSince = agenda.now;
      this.#lastRequest = agenda.now;
      this.#lastAnswer = agenda.now;
      this.#options.trace('link up');
      for (const request of this.#queue.splice(0)) this.send(request);
      this.#tell({ kind: 'hello', version: 1, instance: String(this.#instance) }, link);
      for (const [session, { told, lastHeard }] of this.#sessions) {
        if (told) this.#tell({ kind: 'silent', session, silentMs: agenda.now - lastHeard }, link);
      }
    });
  }

  #tell(message: Message, link: number): void {
    const { agenda } = this.#options;
    this.#lastAnswer = Math.max(agenda.now + this.#delay(), this.#lastAnswer);
    agenda.at(this.#lastAnswer, () => {
      if (link === this.#link && this.#isUp) this.#listener?.message(message);
    });
  }

  #handle(request: MediaRequest, link: number): void {
    switch (request.kind) {
      case 'apply':
        return this.#tell(this.#apply(request.id, request.plan), link);
      case 'close': {
        const session = this.#sessions.get(request.session);
        if (!session) {
          return this.#tell(
            { id: request.id, kind: 'failed', reason: 'unknown-session', detail: request.session },
            link,
          );
        }
        this.#sessions.delete(request.session);
        for (const stream of session.streams) this.#free(stream);
        const counters = session.plan.streams.map(countersOf);
        return this.#tell({ id: request.id, kind: 'closed', session: request.session, counters }, link);
      }
      case 'counters':
        return this.#tell({ id: request.id, kind: 'counters', sessions: {} }, link);
      case 'press':
        return this.#tell({ id: request.id, kind: 'press', session: request.session, taken: true }, link);
      case 'list':
        return this.#tell({ id: request.id, kind: 'list', sessions: this.sessions }, link);
    }
  }

  #apply(id: number, plan: SessionPlan): MediaResponse {
    const { agenda, dice, mix } = this.#options;
    const known = this.#sessions.get(plan.session);
    if (!known && mix.faults.has('few-ports') && (this.#sessions.size >= 4 || dice.chance(0.1)))
      return { id, kind: 'failed', reason: 'no-ports', detail: 'none left' };
    const session: Session = known ?? { plan, streams: [], lastHeard: agenda.now, told: false };
    this.#sessions.set(plan.session, session);
    for (const stream of plan.streams) {
      this.#checkRemote(stream.a);
      this.#checkRemote(stream.b);
      const at = session.streams.findIndex((one) => one.stream === stream.stream);
      const had = session.streams[at];
      if (had && had.a.host === ourHosts[stream.a.interface] && had.b.host === ourHosts[stream.b.interface]) continue;
      if (had) {
        this.#free(had);
        session.streams.splice(at, 1);
      }
      session.streams.push({
        stream: stream.stream,
        a: this.#take(stream.a.interface),
        b: this.#take(stream.b.interface),
      });
    }
    for (const stream of session.streams.filter((one) => !plan.streams.some(({ stream }) => stream === one.stream))) {
      this.#free(stream);
      session.streams.splice(session.streams.indexOf(stream), 1);
    }
    if (someoneSends(session.plan) !== someoneSends(plan) || session.plan.silenceMs !== plan.silenceMs) {
      session.lastHeard = agenda.now;
      session.told = false;
    }
    session.plan = plan;
    if (!this.#watching) this.#watch();
    return { id, kind: 'applied', session: plan.session, streams: [...session.streams] };
  }

  /** A peer is sent media on its own side, and nobody else is. */
  #checkRemote({ interface: side, remote }: StreamSidePlan): void {
    if (remote && !peerAddresses.some((peer) => peer.side === side && peer.address.host === remote.rtp.host))
      this.#options.complain(`the plan sends ${side} media to ${remote.rtp.host}`);
  }

  /** Twice a second while there are sessions: who is silent? */
  #watch(): void {
    const { agenda, speaks } = this.#options;
    this.#watching = this.#sessions.size > 0;
    if (!this.#watching) return;
    agenda.in(500, () => {
      for (const [id, session] of this.#sessions) {
        const { plan } = session;
        if (plan.silenceMs === 0 || !someoneSends(plan)) continue;
        const isHeard = plan.streams.some(
          ({ a, b }) => (a.sends && a.remote && speaks(a.remote.rtp)) || (b.sends && b.remote && speaks(b.remote.rtp)),
        );
        if (isHeard) {
          session.lastHeard = agenda.now;
          session.told = false;
        } else if (agenda.now - session.lastHeard >= plan.silenceMs && !session.told) {
          session.told = true;
          this.#options.trace(`silent ${id.slice(0, 16)}`);
          if (this.#isUp)
            this.#tell({ kind: 'silent', session: id, silentMs: agenda.now - session.lastHeard }, this.#link);
        }
      }
      this.#watch();
    });
  }

  #take(which: MediaInterface): { host: string; port: number; rtcpPort: number } {
    let port = 20_000;
    while (this.#usedPorts.has(port)) port += 2;
    this.#usedPorts.add(port);
    return { host: ourHosts[which], port, rtcpPort: port + 1 };
  }

  #free({ a, b }: AllocatedStream): void {
    this.#usedPorts.delete(a.port);
    this.#usedPorts.delete(b.port);
  }

  #delay(): number {
    const { dice, mix } = this.#options;
    return mix.faults.has('slow-media') && dice.chance(0.05) ? dice.between(1, 2_500) : dice.between(0.1, 4);
  }
}

function someoneSends(plan: SessionPlan): boolean {
  return plan.streams.some(({ a, b }) => a.sends || b.sends);
}

const nothing: StreamSideCounters = { packets: 0, bytes: 0, lost: 0, payloadType: -1, rtcpPackets: 0, dropped: 0 };

function countersOf({ stream, media }: { stream: number; media: string }): StreamCounters {
  return { stream, media, a: { ...nothing }, b: { ...nothing } };
}

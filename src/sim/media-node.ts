import type {
  AllocatedStream,
  MediaInterface,
  MediaNotification,
  MediaRequest,
  MediaResponse,
  MediaSide,
  SessionPlan,
  StreamCounters,
  StreamSideCounters,
  StreamSidePlan,
} from '#codec/media-control';
import type { HostPort } from '#kernel';
import type { Agenda } from './agenda.ts';
import { ourHosts, peersOf } from './configuration.ts';
import type { Dice } from './dice.ts';
import type { Mix } from './mix.ts';

interface Session {
  plan: SessionPlan;
  readonly streams: AllocatedStream[];
  /** When something came last of each side that should send. */
  readonly heard: Record<MediaSide, number>;
  /** How many times the silence of both was told, and whose own was. */
  told: number;
  readonly toldOf: Set<MediaSide>;
  /** Peers that say nothing for a while. */
  readonly quiet: { readonly from: number; readonly until: number; readonly sides: readonly MediaSide[] } | undefined;
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
      for (const [session, { told, toldOf, heard }] of this.#sessions) {
        const since = (at: number) => agenda.now - at;
        if (told > 0) this.#tell({ kind: 'silent', session, silentMs: since(Math.max(heard.a, heard.b)) }, link);
        for (const side of toldOf) this.#tell({ kind: 'silent', session, silentMs: since(heard[side]), side }, link);
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
    const session: Session = known ?? {
      plan,
      streams: [],
      heard: { a: agenda.now, b: agenda.now },
      told: 0,
      toldOf: new Set(),
      quiet: this.#quiet(),
    };
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
    for (const side of ['a', 'b'] as const) {
      // Of whom nothing was expected before.
      if (session.plan.silenceMs > 0 && sends(session.plan, side)) continue;
      session.heard[side] = agenda.now;
    }
    session.plan = plan;
    if (!this.#watching) this.#watch();
    return { id, kind: 'applied', session: plan.session, streams: [...session.streams] };
  }

  /** A peer is sent media on its own side, and nobody else is. */
  #checkRemote({ interface: side, remote }: StreamSidePlan): void {
    if (
      remote &&
      !peersOf(this.#options.mix).some(
        (peer) =>
          (peer.side === side ||
            this.#options.mix.organisation?.devices.some((one) => one === peer && one.ringsOutside)) &&
          peer.address.host === remote.rtp.host,
      )
    )
      this.#options.complain(`the plan sends ${side} media to ${remote.rtp.host}`);
  }

  /** Twice a second while there are sessions: who is silent? */
  #watch(): void {
    const { agenda, speaks } = this.#options;
    this.#watching = this.#sessions.size > 0;
    if (!this.#watching) return;
    agenda.in(500, () => {
      for (const [id, session] of this.#sessions) this.#listen(id, session, speaks);
      this.#watch();
    });
  }

  #listen(id: string, session: Session, speaks: MediaOptions['speaks']): void {
    const { now } = this.#options.agenda;
    const { plan, heard, toldOf, quiet } = session;
    const isQuiet = quiet !== undefined && now >= quiet.from && now < quiet.until;
    const expected = (['a', 'b'] as const).filter((side) => plan.silenceMs > 0 && sends(plan, side));
    for (const side of expected) {
      if (isQuiet && quiet.sides.includes(side)) continue;
      if (plan.streams.some(({ [side]: { sends, remote } }) => sends && remote && speaks(remote.rtp)))
        heard[side] = now;
    }
    const last = Math.max(...expected.map((side) => heard[side]));
    const periods = expected.length === 0 ? 0 : Math.floor((now - last) / plan.silenceMs);
    if (periods > session.told) this.#notice('silent', id, now - last);
    else if (periods === 0 && session.told > 0) this.#notice('heard', id, session.told * plan.silenceMs);
    session.told = periods;
    for (const side of ['a', 'b'] as const) {
      const isAlone = expected.length === 2 && now === last && now - heard[side] >= plan.silenceMs;
      if (isAlone === toldOf.has(side)) continue;
      this.#notice(isAlone ? 'silent' : 'heard', id, isAlone ? now - heard[side] : plan.silenceMs, side);
      if (isAlone) toldOf.add(side);
      else toldOf.delete(side);
    }
  }

  #notice(kind: 'silent' | 'heard', session: string, silentMs: number, side?: MediaSide): void {
    this.#options.trace(`${kind} ${session.slice(0, 16)} ${side ?? ''}`);
    if (this.#isUp) this.#tell({ kind, session, silentMs, ...(side === undefined ? {} : { side }) }, this.#link);
  }

  #quiet(): Session['quiet'] {
    const { agenda, dice, mix } = this.#options;
    if (!mix.faults.has('quiet-peers') || dice.chance(0.4)) return undefined;
    const from = agenda.now + dice.between(0, 30_000);
    const sides = dice.pick([['a'], ['b'], ['a', 'b'], ['a', 'b']] as const);
    return { from, until: from + dice.between(5_000, 90_000), sides };
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

function sends(plan: SessionPlan, side: MediaSide): boolean {
  return plan.streams.some((stream) => stream[side].sends);
}

const nothing: StreamSideCounters = { packets: 0, bytes: 0, lost: 0, payloadType: -1, rtcpPackets: 0, dropped: 0 };

function countersOf({ stream, media }: { stream: number; media: string }): StreamCounters {
  return { stream, media, a: { ...nothing }, b: { ...nothing } };
}

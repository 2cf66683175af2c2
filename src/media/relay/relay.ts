import { eventOf } from '#codec/dtmf';
import {
  type AllocatedStream,
  type MediaFailure,
  type MediaInterface,
  type MediaNotification,
  type MediaRequest,
  type MediaResponse,
  type MediaSide,
  type MediaStats,
  readMediaRequest,
  type SessionPlan,
  type StreamCounters,
  type StreamPlan,
  type StreamSideCounters,
} from '#codec/media-control';
import type { SrtpCiphers } from '#codec/srtp';
import { assert, Deadlines, type Random, unreachable } from '#kernel';
import { type CaptureFiles, SessionCapture, SideCapture } from '#media/capture';
import { Endpoint, type PacketHandler, type PacketIo } from '#media/packet-io';
import type { PortLedger } from '#media/ports';
import { CourseWatch } from './course-watch.ts';
import { type KeyTeller, RelaySide } from './side.ts';
import { type Expectation, type HeardSide, SilenceWatch } from './silence.ts';
import { Tally } from './tally.ts';
import { TonePlayer } from './tone-player.ts';
import type { Waking } from './waking.ts';

/** One of our addresses: what sockets bind to, what SDP says, whose ports they are. */
export interface MediaInterfaceSetup {
  readonly bind: string;
  readonly advertise: string;
  /** Shared by interfaces that bind to the same address. */
  readonly ledger: PortLedger;
}

export interface RelayInspection {
  readonly sessions: number;
  readonly sockets: number;
}

/** Ports that other programs hold in our range, passed over in one allocation before we give up. */
const maxTakenPorts = 64;
/** Counters kept of streams that left a session while it lasts. */
const maxEndedStreams = 16;

interface Session {
  plan: SessionPlan;
  readonly streams: Map<number, Stream>;
  readonly ended: EndedStream[];
  readonly silence: SilenceWatch;
  /** Of what comes and goes, to a file; stays when it is over. */
  capture?: SessionCapture;
}

interface Stream {
  plan: StreamPlan;
  /** Media type of what it carries, or carried, by RTP. */
  rtpMedia?: string;
  readonly a: OpenSide;
  readonly b: OpenSide;
  readonly course: CourseWatch;
}

/** What is left of a stream that has left its session. */
interface EndedStream {
  readonly counters: readonly StreamCounters[];
  readonly course: CourseWatch;
}

interface OpenSide {
  readonly interface: MediaInterface;
  /** As SDP has it. */
  readonly host: string;
  readonly port: number;
  readonly side: RelaySide;
}

/** What a socket is for. */
interface Channel {
  readonly side: RelaySide;
  readonly isRtcp: boolean;
}

class NoPorts extends Error {}

/**
 * The relay: requests in, responses out, packets through. Deterministic but for the packet I/O and the dice it is given;
 * silence and keys are told to `onNotice`. A request is carried out wholly or not at all.
 */
export class Relay implements PacketHandler {
  readonly #io: PacketIo;
  readonly #interfaces: Readonly<Record<MediaInterface, MediaInterfaceSetup>>;
  readonly #ciphers: SrtpCiphers;
  readonly #onNotice: (notice: MediaNotification) => void;
  readonly #sessions = new Map<string, Session>();
  readonly #captures: CaptureFiles;
  readonly #deadlines = new Deadlines<Waking>();
  readonly #tones: TonePlayer;
  readonly #random: Pick<Random, 'integer'>;
  /** By socket. */
  readonly #channels: (Channel | undefined)[] = [];
  readonly #tally = new Tally();
  #sockets = 0;

  constructor(
    io: PacketIo,
    interfaces: Readonly<Record<MediaInterface, MediaInterfaceSetup>>,
    ciphers: SrtpCiphers,
    captures: CaptureFiles,
    random: Pick<Random, 'integer'>,
    onNotice: (notice: MediaNotification) => void,
  ) {
    this.#io = io;
    this.#captures = captures;
    this.#random = random;
    this.#tones = new TonePlayer(this.#deadlines, io.outgoing);
    this.#interfaces = interfaces;
    this.#ciphers = ciphers;
    this.#onNotice = onNotice;
  }

  onPacket(
    socket: number,
    data: Uint8Array,
    length: number,
    a: number,
    b: number,
    c: number,
    d: number,
    port: number,
    now: number,
  ): void {
    const channel = this.#channels[socket];
    if (channel === undefined) return;
    if (channel.isRtcp) channel.side.onRtcpSocket(data, length, a, b, c, d, port, now);
    else channel.side.onRtpSocket(data, length, a, b, c, d, port, now);
  }

  /** Total: `request` is whatever came over the control link. Undefined when it has not even an id to answer to. */
  handle(request: unknown, now: number): MediaResponse | undefined {
    const read = readMediaRequest(request);
    if (read === undefined) return undefined;
    if ('fault' in read) return failed(read.id, 'bad-request', read.fault);
    return this.#answer(read, now);
  }

  nextDeadline(): number | undefined {
    return this.#deadlines.next();
  }

  onDeadline(now: number): void {
    for (;;) {
      const deadline = this.#deadlines.due(now);
      if (!deadline) return;
      this.#tally.came(deadline.at, now);
      deadline.owner.wake(now);
    }
  }

  /** The silences that still last, for a signalling process that was away when they were told. */
  silences(now: number): MediaNotification[] {
    return [...this.#sessions.values()].flatMap(({ silence }) => silence.silences(now));
  }

  /** The captures of standing sessions that are over, for the same. */
  captured(): MediaNotification[] {
    return [...this.#sessions.values()].flatMap(({ capture }) => capture?.over ?? []);
  }

  inspect(): RelayInspection {
    return { sessions: this.#sessions.size, sockets: this.#sockets };
  }

  /** How late the latest of the last minute or two was served, ms. */
  lateness(now: number): number {
    return this.#tally.latest(now);
  }

  #stats(): MediaStats {
    const streams = [...this.#sessions.values()].flatMap((session) => [...session.streams.values()]);
    const { internal, external } = this.#interfaces;
    const places: [string, PortLedger][] =
      internal.ledger === external.ledger
        ? [['both', internal.ledger]]
        : [
            ['internal', internal.ledger],
            ['external', external.ledger],
          ];
    return {
      sessions: this.#sessions.size,
      streams: streams.length,
      silent: [...this.#sessions.values()].filter(({ silence }) => silence.told).length,
      ...this.#tally.sums(streams.flatMap(({ a, b }) => [a.side, b.side])),
      ports: places.map(([name, { pairs, taken }]) => ({ interface: name, pairs, taken })),
    };
  }

  #answer(request: MediaRequest, now: number): MediaResponse {
    const { id } = request;
    switch (request.kind) {
      case 'apply':
        return this.#apply(id, request.plan, now);
      case 'close': {
        const session = this.#sessions.get(request.session);
        if (!session) return failed(id, 'unknown-session', request.session);
        for (const { course } of session.streams.values()) course.end(now);
        const counters = countersOf(session, now);
        for (const stream of session.streams.values()) this.#closeStream(stream, now);
        session.silence.end();
        session.capture?.end('closed');
        this.#sessions.delete(request.session);
        return { id, kind: 'closed', session: request.session, counters };
      }
      case 'counters': {
        const known: [string, StreamCounters[]][] = [];
        for (const name of request.sessions) {
          const session = this.#sessions.get(name);
          if (session) known.push([name, countersOf(session, request.course === true ? now : undefined)]);
        }
        return { id, kind: 'counters', sessions: Object.fromEntries(known) };
      }
      case 'press': {
        const session = this.#sessions.get(request.session);
        if (!session) return failed(id, 'unknown-session', request.session);
        return { id, kind: 'press', session: request.session, taken: pressed(session, request, now) };
      }
      case 'list':
        return { id, kind: 'list', sessions: [...this.#sessions.keys()] };
      case 'stats':
        return { id, kind: 'stats', stats: this.#stats() };
      default:
        return unreachable(request, 'media request');
    }
  }

  #apply(id: number, plan: SessionPlan, now: number): MediaResponse {
    const session = this.#sessions.get(plan.session) ?? {
      plan,
      streams: new Map<number, Stream>(),
      ended: [],
      silence: new SilenceWatch(plan.session, this.#deadlines, this.#onNotice),
    };
    // First all that can fail: new streams, and streams whose party moved to the other interface.
    const opened: Stream[] = [];
    try {
      for (const wanted of plan.streams) {
        const stream = session.streams.get(wanted.stream);
        if (!stream || !sameInterfaces(stream, wanted)) opened.push(this.#openStream(wanted, session.silence, now));
      }
    } catch (error) {
      if (!(error instanceof NoPorts)) throw error;
      for (const stream of opened) this.#closeStream(stream, now);
      this.#tally.refused++;
      return failed(id, 'no-ports', error.message);
    }

    session.plan = plan;
    this.#sessions.set(plan.session, session);
    const wantedStreams = new Set(plan.streams.map((wanted) => wanted.stream));
    for (const [index, stream] of session.streams) if (!wantedStreams.has(index)) this.#endStream(session, stream, now);
    for (const stream of opened) {
      const replaced = session.streams.get(stream.plan.stream);
      if (replaced) {
        stream.a.side.inherit(replaced.a.side);
        stream.b.side.inherit(replaced.b.side);
        this.#endStream(session, replaced, now);
      }
      session.streams.set(stream.plan.stream, stream);
    }
    for (const wanted of plan.streams) {
      const stream = session.streams.get(wanted.stream)!;
      const { protocol } = wanted;
      stream.plan = wanted;
      stream.a.side.apply(wanted.a, protocol, now);
      stream.b.side.apply(wanted.b, protocol, now);
      if (protocol === undefined) stream.rtpMedia = wanted.media;
    }
    this.#copy(session, plan, now);
    session.silence.watch(watchedFor(plan), expectationOf(plan, 'a'), expectationOf(plan, 'b'), now);
    const streams = plan.streams.map((wanted) => this.#allocated(session.streams.get(wanted.stream)!));
    return { id, kind: 'applied', session: plan.session, streams };
  }

  /** Begins or ends the copy of what comes and goes, as the plan has it. */
  #copy(session: Session, plan: SessionPlan, now: number): void {
    const wanted = plan.capture;
    if (session.capture && session.capture.plan.name !== wanted?.name) session.capture.end('stopped');
    if (wanted && session.capture?.plan.name !== wanted.name)
      session.capture = new SessionCapture(
        plan.session,
        wanted,
        this.#captures,
        this.#deadlines,
        (notice) => this.#captured(session, notice),
        now,
      );
    const running = wanted && !session.capture?.over ? session.capture : undefined;
    for (const stream of plan.streams) {
      const { a, b } = session.streams.get(stream.stream)!;
      for (const [{ side }, { events = [] }] of [
        [a, stream.a],
        [b, stream.b],
      ] as const) {
        if (!running) side.capture = undefined;
        else if (side.capture?.session !== running) side.capture = new SideCapture(running);
        side.capture?.apply(events);
      }
    }
  }

  #captured({ streams }: Session, notice: MediaNotification): void {
    for (const { a, b } of streams.values()) a.side.capture = b.side.capture = undefined;
    this.#onNotice(notice);
  }

  #allocated(stream: Stream): AllocatedStream {
    const side = ({ interface: name, port }: OpenSide) => ({
      host: this.#interfaces[name].advertise,
      port,
      rtcpPort: port + 1,
    });
    return { stream: stream.plan.stream, a: side(stream.a), b: side(stream.b) };
  }

  #openStream(plan: StreamPlan, silence: SilenceWatch, now: number): Stream {
    const teller = (from: MediaSide) => (key: string, ms: number) =>
      this.#onNotice({ kind: 'pressed', session: silence.session, from, key, ms });
    const a = this.#openSide(plan.a.interface, silence.a, teller('a'), now);
    let b: OpenSide;
    try {
      b = this.#openSide(plan.b.interface, silence.b, teller('b'), now);
    } catch (error) {
      this.#closeSide(a, now);
      throw error;
    }
    a.side.other = b.side;
    b.side.other = a.side;
    return { plan, a, b, course: new CourseWatch(this.#deadlines, a.side, b.side, now) };
  }

  #openSide(name: MediaInterface, heard: HeardSide, tellKey: KeyTeller, now: number): OpenSide {
    const { bind, advertise, ledger } = this.#interfaces[name];
    for (let tries = 0; tries < maxTakenPorts; tries++) {
      const port = ledger.take(now);
      if (port === undefined) throw new NoPorts(`${name}: all ports are in use`);
      const rtp = this.#io.open(bind, port);
      const rtcp = typeof rtp === 'number' ? this.#io.open(bind, port + 1) : rtp;
      if (typeof rtp === 'number' && typeof rtcp === 'number') {
        const rtpLocal = Endpoint.of(bind, port);
        const rtcpLocal = Endpoint.of(bind, port + 1);
        assert(rtpLocal && rtcpLocal, `media interface ${name}: ${bind} is no IP literal`);
        // Bound to all addresses: peers know us by the one that we advertise.
        const isAny = bind === '0.0.0.0' || bind === '::';
        const rtpSeen = (isAny && Endpoint.of(advertise, port)) || rtpLocal;
        const rtcpSeen = (isAny && Endpoint.of(advertise, port + 1)) || rtcpLocal;
        const side = new RelaySide({ rtp, rtcp, rtpLocal, rtcpLocal, rtpSeen, rtcpSeen }, heard, tellKey, {
          io: this.#io,
          ciphers: this.#ciphers,
          tones: this.#tones,
          random: this.#random,
          deadlines: this.#deadlines,
        });
        this.#channels[rtp] = { side, isRtcp: false };
        this.#channels[rtcp] = { side, isRtcp: true };
        this.#sockets += 2;
        return { interface: name, host: this.#interfaces[name].advertise, port, side };
      }
      if (typeof rtp === 'number') this.#io.close(rtp);
      ledger.giveBack(port, now);
      const failure = typeof rtp === 'number' ? rtcp : rtp;
      if (typeof failure !== 'number' && failure.failure === 'failed')
        throw new NoPorts(`${name}: cannot bind to ${bind}: ${failure.detail}`);
    }
    throw new NoPorts(`${name}: other programs hold the ports of our range`);
  }

  #endStream(session: Session, stream: Stream, now: number): void {
    stream.course.end(now);
    if (session.ended.length < maxEndedStreams)
      session.ended.push({ counters: countersOfStream(stream), course: stream.course });
    session.streams.delete(stream.plan.stream);
    this.#closeStream(stream, now);
  }

  #closeStream(stream: Stream, now: number): void {
    stream.course.end(now);
    this.#closeSide(stream.a, now);
    this.#closeSide(stream.b, now);
  }

  #closeSide({ interface: name, port, side }: OpenSide, now: number): void {
    side.end();
    this.#tally.ended(side);
    for (const socket of [side.sockets.rtp, side.sockets.rtcp]) {
      this.#channels[socket] = undefined;
      this.#io.close(socket);
    }
    this.#sockets -= 2;
    this.#interfaces[name].ledger.giveBack(port, now);
  }
}

/** Ms, 0 = not at all: a fax may be silent while a page is drawn in, and the voice beside it is. */
function watchedFor({ streams, silenceMs }: SessionPlan): number {
  return streams.some(({ protocol, a, b }) => protocol === 'udptl' && (a.sends || b.sends)) ? 0 : silenceMs;
}

/** What is to come of a peer. Text, and what is no RTP, comes when there is something to say. */
function expectationOf({ streams }: SessionPlan, side: MediaSide): Expectation {
  const sending = streams.filter(({ media, [side]: { sends } }) => sends && (media === 'audio' || media === 'video'));
  return { sends: sending.length > 0, pauses: sending.some(({ [side]: { pauses } }) => pauses === true) };
}

/** By the first stream whose plan says what becomes of keys. */
function pressed({ streams }: Session, { from, key, ms }: MediaRequest & { kind: 'press' }, now: number): boolean {
  for (const { plan, [from]: side } of streams.values())
    if (plan[from].digits) return side.side.pressed(eventOf(key)!, ms, now);
  return false;
}

function sameInterfaces(stream: Stream, wanted: StreamPlan): boolean {
  return stream.a.interface === wanted.a.interface && stream.b.interface === wanted.b.interface;
}

/**
 * Of the streams that left the session too: a stream may stand here more than once, and of a fax it does. `now`: with how they went
 * over time.
 */
function countersOf({ ended, streams }: Session, now: number | undefined): StreamCounters[] {
  const standing = [...streams.values()].map((stream) => ({
    counters: countersOfStream(stream),
    course: stream.course,
  }));
  return [...ended, ...standing].flatMap(({ counters, course }) => {
    const told = now === undefined ? undefined : course.told(now);
    // Of what it carried by RTP, which stands first.
    return told
      ? counters.map((one, i) => (i === 0 && one.media !== 'image' ? { ...one, course: told } : one))
      : counters;
  });
}

/** What it carried by RTP, then what by UDPTL. */
function countersOfStream({ plan: { stream }, rtpMedia, a, b }: Stream): StreamCounters[] {
  const counters: StreamCounters[] = [];
  if (rtpMedia !== undefined) counters.push({ stream, media: rtpMedia, a: countersOfSide(a), b: countersOfSide(b) });
  const [fromA, fromB] = [a.side.faxCounters(), b.side.faxCounters()];
  if (fromA && fromB) counters.push({ stream, media: 'image', a: fromA, b: fromB });
  return counters;
}

function countersOfSide({ side, host, port }: OpenSide): StreamSideCounters {
  const counters = side.counters();
  counters.local = { host, port };
  return counters;
}

function failed(id: number, reason: MediaFailure, detail: string): MediaResponse {
  return { id, kind: 'failed', reason, detail };
}

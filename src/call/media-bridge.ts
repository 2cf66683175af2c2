import type { AllocatedStream, SessionPlan, SrtpKey, StreamPlan } from '#codec/media-control';
import {
  type Anchor,
  addressOf,
  anchored,
  directionOf,
  formatSdp,
  isUnspecified,
  type MediaDescription,
  parseSdp,
  profileOf,
  protocolOf,
  type SdpLine,
  type SessionDescription,
} from '#codec/sdp';
import { assert, type Octets, type Random } from '#kernel';
import type { Transport, Trunk } from '#policy/configuration';
import {
  agreed,
  type Choice,
  choose,
  freshKey,
  obstacleOf,
  offeredTerms,
  securityLines,
  securityOf,
  type Terms,
  termsOf,
  withoutSecurity,
} from './media-security.ts';
import {
  type BridgeSide,
  type MediaBridgeState,
  remoteOf,
  retireKeys,
  type SideSession,
  type SideState,
  sameRemote,
  sends,
  sidePlan,
} from './media-state.ts';

export type { BridgeSide, MediaBridgeState } from './media-state.ts';

/** An m= line that we write for a stream, and how; without terms it passes as it is. */
interface Offered {
  readonly line: number;
  readonly terms?: Terms;
}

/** What became of an offered stream: run as chosen, passed as it is (no RTP of ours), refused by us, or not there. */
type Verdict = Choice | { readonly line: number; readonly how: 'passed' | 'refused' | 'inactive' };

interface Offer {
  readonly from: BridgeSide;
  readonly sdp: SessionDescription;
  readonly verdicts: readonly Verdict[];
  /** What the other side was offered of it. */
  offered: readonly (readonly Offered[])[];
}

/** What an answer makes of a stream: how it is run with the answerer, or why it can't be; nothing when it is refused. */
type Answered =
  | { readonly line: number; readonly terms?: Terms; readonly receive?: SrtpKey; readonly media: MediaDescription }
  | 'unusable'
  | undefined;

/** SDP for a side, or why there is none. */
export type Translated = { readonly body: Octets } | { readonly fault: string };

const otherOf = (side: BridgeSide): BridgeSide => (side === 'a' ? 'b' : 'a');

/**
 * The media of one anchored call: what each side's SDP said, our ports, and the SDP that each side sees.
 * Offers and answers pass through; addresses, ports and the origin are ours (RFC 3264, docs/life-of-a-call.md), and so is
 * what secures the media: RTP or SRTP, suites and keys are agreed on with each side by itself (RFC 4568).
 *
 * An exchange is `offer`, `room` for its streams, `translateOffer` for the other side, and `answer` with what comes back,
 * as often as answers come; `withdraw` when none does. Nothing that stands changes before the answer.
 */
export class MediaBridge {
  readonly session: string;
  readonly state: MediaBridgeState;
  readonly #random: Random;
  #offer: Offer | undefined;
  /** To go back to when the offer comes to nothing. */
  #before: { readonly streams: number; readonly a: readonly number[]; readonly b: readonly number[] } | undefined;

  constructor(session: string, state: MediaBridgeState, random: Random) {
    this.session = session;
    this.state = state;
    this.#random = random;
    for (const side of ['a', 'b'] as const) {
      // A process before this one may have known nothing of security.
      const known: Partial<SideSession> = state[side];
      known.layout ??= state.streams.map((_, stream) => stream);
      known.interface ??= state.streams[0]?.[side].interface ?? 'external';
      known.security ??= { mode: 'off' };
    }
  }

  static fresh(session: string, sessionIds: readonly [string, string], random: Random): MediaBridge {
    const side = (sessionId: string): SideSession => ({
      sessionId,
      version: 0,
      last: '',
      layout: [],
      interface: 'external',
      security: { mode: 'off' },
    });
    return new MediaBridge(session, { streams: [], a: side(sessionIds[0]), b: side(sessionIds[1]) }, random);
  }

  /**
   * A side is of this trunk, and its signalling on this transport. True when streams must be allocated anew for it.
   * To be said before any offer goes to or comes from the side.
   */
  attach(side: BridgeSide, trunk: Pick<Trunk, 'side' | 'srtp' | 'dscp'>, transport: Transport): boolean {
    const session = this.state[side];
    session.security = securityOf(trunk.srtp, transport);
    session.interface = trunk.side;
    if (trunk.dscp) session.dscp = trunk.dscp.media;
    else delete session.dscp;
    let moved = false;
    for (const stream of this.state.streams) {
      if (stream[side].interface === trunk.side) continue;
      stream[side].interface = trunk.side;
      stream.ports = undefined;
      moved = true;
    }
    return moved;
  }

  /** A later attempt's answer and keys must not be mixed with an earlier one's; true when there was media to forget. */
  forget(side: BridgeSide): boolean {
    let forgot = false;
    this.state[side].layout = [];
    for (const stream of this.state.streams) {
      const known = stream[side];
      delete known.line;
      delete known.terms;
      delete known.receive;
      delete known.keys;
      delete known.used;
      if (known.remote === undefined) continue;
      known.remote = undefined;
      known.revision++;
      forgot = true;
    }
    return forgot;
  }

  // --- an exchange -------------------------------------------------------------------------------------------------

  /** Takes in an offer. The reason when it must be refused with 488: no stream of it can be run as the trunk wants. */
  offer(from: BridgeSide, sdp: SessionDescription): string | undefined {
    const { streams, a, b } = this.state;
    this.#before = { streams: streams.length, a: [...a.layout], b: [...b.layout] };
    for (const stream of streams) {
      retireKeys(stream.a);
      retireKeys(stream.b);
    }
    this.#makeRoom(from, sdp);
    const verdicts = streams.map((_, index) => this.#verdict(from, sdp, index));
    this.#offer = { from, sdp, verdicts, offered: [] };
    const refused = verdicts.some((verdict) => 'how' in verdict && verdict.how === 'refused');
    return refused && verdicts.every(isGone) ? obstacleOf(this.state[from].security) : undefined;
  }

  /** True when the media process has to give ports before the offer can go on. */
  room(): boolean {
    return this.state.streams.some((stream) => stream.ports === undefined);
  }

  /** The offer as the other side is to see it, or why it can't be made: its trunk's security leaves no stream. */
  translateOffer(): Translated {
    const offer = this.#offer;
    assert(offer, 'an offer was taken in');
    const to = otherOf(offer.from);
    const session = this.state[to];
    const offered = offer.verdicts.map((verdict, index) => this.#offered(to, verdict, index));
    offer.offered = offered;
    if (!offer.verdicts.every(isGone) && offered.every((lines) => lines.length === 0))
      return { fault: obstacleOf(session.security) };
    const extra: (readonly SdpLine[])[] = [];
    const media = session.layout.map((index, line) => {
      const verdict = offer.verdicts[index]!;
      const source = offer.sdp.media[verdict.line];
      const here = offered[index]!.find((one) => one.line === line);
      const feedback = 'profile' in verdict ? verdict.profile.feedback : false;
      if (here && source) {
        if (here.terms === undefined) return source;
        const profile = { secure: here.terms.secure, feedback };
        extra[line] = securityLines(here.terms, profile, (suite) => this.#key(to, index, suite));
        // One name for one line (RFC 5888 4).
        const lines = here === offered[index]![0] ? source.lines : source.lines.filter(({ value }) => !isMid(value));
        return { ...source, protocol: protocolOf(profile), lines };
      }
      const standing = this.state.streams[index]!;
      // Of two alternatives the one that was not taken.
      const spare = (standing[to].line ?? session.layout.indexOf(index)) !== line;
      const secure = (standing[to].terms ?? offeredTerms(session.security)[0]!).secure !== spare;
      if (!source || spare) return refusedLine(standing.media, protocolOf({ secure, feedback }), source?.formats);
      const written = profileOf(source.protocol) ? protocolOf({ secure, feedback }) : source.protocol;
      return { ...source, protocol: written, port: 0 };
    });
    return { body: this.#write(to, offer.sdp, media, extra) };
  }

  /** Takes over the offerer's media before the answer: where there is no standing media that a refusal would keep. */
  learnOffer(): void {
    const offer = this.#offer;
    assert(offer, 'an offer was taken in');
    for (const [index, verdict] of offer.verdicts.entries()) this.#settleOfferer(offer, verdict, index, true);
  }

  /**
   * Takes in an answer to the offer: what both sides said holds from now on. Its SDP for the offerer, or why it is of no
   * use: then nothing has changed.
   */
  answer(sdp: SessionDescription): Translated {
    const offer = this.#offer;
    assert(offer, 'an offer was taken in');
    const by = otherOf(offer.from);
    const answered = this.state.streams.map((_, index) => this.#answered(by, offer.offered[index] ?? [], sdp));
    const usable = answered.map((one) => (one === 'unusable' ? undefined : one));
    if (answered.includes('unusable') && usable.every((one) => one === undefined))
      return { fault: `${obstacleOf(this.state[by].security)}, and the answer does not fit` };
    this.#before = undefined;
    for (const [index, one] of usable.entries()) {
      this.#settle(by, index, sdp, one);
      this.#settleOfferer(offer, offer.verdicts[index]!, index, one !== undefined);
    }
    return { body: this.#writeAnswer(offer, sdp, usable) };
  }

  /** The offer came to nothing: what it added goes. True when there were streams to take back. */
  withdraw(): boolean {
    const before = this.#before;
    this.#before = undefined;
    if (!before) return false;
    this.#offer = undefined;
    const { state } = this;
    state.a.layout = [...before.a];
    state.b.layout = [...before.b];
    if (state.streams.length <= before.streams) return false;
    state.streams.length = before.streams;
    return true;
  }

  // --- ports and plan ----------------------------------------------------------------------------------------------

  /** The media process's answer to a plan. */
  allocated(streams: readonly AllocatedStream[]): void {
    for (const ports of streams) {
      const stream = this.state.streams[ports.stream];
      if (stream) stream.ports = ports;
    }
  }

  /** False when a stream has other ports than both sides were told: another media process has begun the session anew. */
  isAt(streams: readonly AllocatedStream[]): boolean {
    return streams.every(({ stream, a, b }) => {
      const told = this.state.streams[stream]?.ports;
      return !told || (told.a.port === a.port && told.b.port === b.port);
    });
  }

  plan(silenceMs: number): SessionPlan {
    const { a, b } = this.state;
    const streams: StreamPlan[] = this.state.streams.map((stream, index) => ({
      stream: index,
      media: stream.media,
      a: sidePlan(stream.a, stream.b, a.dscp),
      b: sidePlan(stream.b, stream.a, b.dscp),
    }));
    return { session: this.session, streams, silenceMs };
  }

  // --- an offer is taken in ----------------------------------------------------------------------------------------

  /** Streams for the lines that are new (RFC 3264 8: m= lines are only ever added). */
  #makeRoom(from: BridgeSide, sdp: SessionDescription): void {
    const { streams } = this.state;
    const { layout } = this.state[from];
    const side = (of: BridgeSide): SideState => ({
      interface: this.state[of].interface,
      remote: undefined,
      direction: 'sendrecv',
      revision: 0,
    });
    while (layout.length < sdp.media.length) {
      const media = sdp.media[layout.length]!;
      if (areAlternatives(media, sdp.media[layout.length + 1])) layout.push(streams.length);
      layout.push(streams.length);
      streams.push({ media: media.media, a: side('a'), b: side('b'), ports: undefined });
    }
  }

  #verdict(from: BridgeSide, sdp: SessionDescription, index: number): Verdict {
    const { layout, security } = this.state[from];
    const lines = linesOf(layout, index).filter((line) => (sdp.media[line]?.port ?? 0) !== 0);
    const line = lines[0];
    if (line === undefined) return { line: layout.indexOf(index), how: 'inactive' };
    // T.38, RTP over DTLS and the like: not ours to secure, nor to know whether it is.
    if (profileOf(sdp.media[line]!.protocol) === undefined)
      return { line, how: security.mode === 'off' || security.mode === 'optional' ? 'passed' : 'refused' };
    return choose(security, sdp, lines) ?? { line, how: 'refused' };
  }

  /** The lines in which a side is offered a stream, with room for them in its session. */
  #offered(to: BridgeSide, verdict: Verdict, index: number): readonly Offered[] {
    const { layout, security } = this.state[to];
    const known = this.state.streams[index]![to];
    const terms = known.terms ? [known.terms] : offeredTerms(security);
    const gone = isGone(verdict) || security.mode === 'impossible';
    const passed = 'how' in verdict;
    while (linesOf(layout, index).length < (gone || passed ? 1 : terms.length)) layout.push(index);
    if (gone) return [];
    const lines = linesOf(layout, index);
    const first = known.line !== undefined && lines.includes(known.line) ? known.line : lines[0]!;
    if (passed) return security.mode === 'required' ? [] : [{ line: first }];
    return terms.map((one, i) => ({ line: terms.length === 1 ? first : lines[i]!, terms: one }));
  }

  // --- an answer is taken in ---------------------------------------------------------------------------------------

  #answered(by: BridgeSide, offered: readonly Offered[], sdp: SessionDescription): Answered {
    let unusable = false;
    for (const { line, terms } of offered) {
      const media = sdp.media[line];
      if (!media || media.port === 0) continue;
      if (!terms) return { line, media };
      const how = agreed(this.state[by].security, terms, media);
      if (how !== 'unusable') return { line, terms, media, ...how };
      unusable = true;
    }
    return unusable ? 'unusable' : undefined;
  }

  #settleOfferer({ from, sdp }: Offer, verdict: Verdict, index: number, taken: boolean): void {
    const known = this.state.streams[index]![from];
    const { receive: before, remote } = known;
    if (isGone(verdict)) return this.#settle(from, index, sdp, undefined);
    if (!taken || 'how' in verdict) return this.#settle(from, index, sdp, { line: verdict.line });
    const receive = verdict.crypto?.receive;
    const terms = termsOf(verdict);
    this.#settle(from, index, sdp, { line: verdict.line, terms, ...(receive ? { receive } : {}) });
    if (!receive) return;
    // Another place is another device, which knows nothing of the packets that our key has counted so far.
    const moved = remote !== undefined && known.remote !== undefined && !sameRemote(remote, known.remote);
    if (before && moved) delete known.keys?.[receive.suite];
    this.#key(from, index, receive.suite);
  }

  /** Takes over where a side listens, whether it sends, and how the stream is run with it, when it is. */
  #settle(
    side: BridgeSide,
    index: number,
    sdp: SessionDescription,
    how: { readonly line: number; readonly terms?: Terms; readonly receive?: SrtpKey } | undefined,
  ): void {
    const known = this.state.streams[index]![side];
    const media = how && sdp.media[how.line];
    const remote = media && remoteOf(sdp, media);
    if (!sameRemote(known.remote, remote)) {
      known.remote = remote;
      known.revision++;
    }
    known.direction = media ? directionOf(sdp, media) : 'inactive';
    const host = media && addressOf(sdp, media);
    // RFC 2543 hold: c=0.0.0.0 wants nothing sent, and its holder sends as before or not at all.
    if (host !== undefined && isUnspecified(host)) known.direction = sends(known.direction) ? 'sendonly' : 'inactive';
    if (how) known.line = how.line;
    if (how?.terms) known.terms = how.terms;
    else delete known.terms;
    if (how?.receive) known.receive = how.receive;
    else delete known.receive;
    // A stream that is not secured has none. One that an answer refuses keeps them: another branch may take it yet.
    if (how && !how.terms) delete known.keys;
  }

  #writeAnswer({ from, sdp: asked, verdicts }: Offer, sdp: SessionDescription, answered: readonly Answered[]): Octets {
    const { layout } = this.state[from];
    const by = this.state[otherOf(from)];
    const extra: (readonly SdpLine[])[] = [];
    const media = asked.media.map((line, i) => {
      const index = layout[i]!;
      const verdict = verdicts[index]!;
      const here = verdict.line === i ? answered[index] : undefined;
      if (typeof here !== 'object') {
        const refusal = verdict.line === i ? sdp.media[by.layout.indexOf(index)] : undefined;
        return { ...(refusal ?? refusedLine(line.media, '', line.formats)), protocol: line.protocol, port: 0 };
      }
      if ('how' in verdict) return here.media;
      extra[i] = securityLines(
        termsOf(verdict),
        verdict.profile,
        (suite) => this.#key(from, index, suite),
        verdict.actual,
      );
      return { ...here.media, protocol: protocolOf(verdict.profile) };
    });
    return this.#write(from, sdp, media, extra);
  }

  // --- writing -----------------------------------------------------------------------------------------------------

  /** Our key for a suite on a stream of a side. */
  #key(side: BridgeSide, index: number, suite: string): string {
    const known = this.state.streams[index]![side];
    known.keys ??= {};
    known.keys[suite] ??= freshKey(this.#random, suite);
    return known.keys[suite];
  }

  /** The session of `sdp` with these m= lines, ours to be seen by a side; `extra` lines close those of each. */
  #write(
    to: BridgeSide,
    sdp: SessionDescription,
    media: readonly MediaDescription[],
    extra: readonly (readonly SdpLine[] | undefined)[],
  ): Octets {
    const session = this.state[to];
    const anchors: (Anchor | undefined)[] = session.layout.map((index) => this.state.streams[index]!.ports?.[to]);
    const host = anchors.find((anchor) => anchor !== undefined)?.host ?? '0.0.0.0';
    const keepDtls = media.some(({ port, protocol }) => port !== 0 && !profileOf(protocol));
    const bare = {
      ...sdp,
      lines: withoutSecurity(sdp.lines, keepDtls),
      media: media.map((stream) => ({ ...stream, lines: withoutSecurity(stream.lines, !profileOf(stream.protocol)) })),
    };
    const write = (version: number) => {
      const origin = { username: '-', sessionId: session.sessionId, version: String(version), host };
      const ours = anchored(bare, { origin, media: anchors });
      return formatSdp({
        ...ours,
        media: ours.media.map((stream, i) => {
          const lines = extra[i];
          return lines?.length ? { ...stream, lines: [...stream.lines, ...lines] } : stream;
        }),
      });
    };
    const same = write(session.version);
    if (same === session.last) return same;
    session.version++;
    session.last = write(session.version);
    return session.last;
  }
}

/** Parsed SDP, or the reason why it is none. */
export function readSdp(body: Octets): { readonly sdp: SessionDescription } | { readonly fault: string } {
  const parsed = parseSdp(body);
  return 'kind' in parsed ? { fault: parsed.reason } : { sdp: parsed };
}

function isGone(verdict: Verdict): boolean {
  return 'how' in verdict && verdict.how !== 'passed';
}

const isMid = (attribute: Octets) => attribute.startsWith('mid:');

function linesOf(layout: readonly number[], stream: number): readonly number[] {
  const lines: number[] = [];
  for (let line = 0; line < layout.length; line++) if (layout[line] === stream) lines.push(line);
  return lines;
}

/** Two lines of which one is to be taken: the same media by SRTP and by RTP. */
function areAlternatives(one: MediaDescription, other: MediaDescription | undefined): boolean {
  if (!other || one.media !== other.media || one.port === 0 || other.port === 0) return false;
  const first = profileOf(one.protocol);
  const second = profileOf(other.protocol);
  return first !== undefined && second !== undefined && first.secure !== second.secure;
}

function refusedLine(media: string, protocol: string, formats: readonly string[] | undefined): MediaDescription {
  return { media, port: 0, protocol, formats: formats ?? ['0'], lines: [] };
}

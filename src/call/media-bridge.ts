import type { AllocatedStream, CapturePlan, SessionPlan, SrtpKey } from '#codec/media-control';
import {
  type Anchor,
  anchored,
  formatSdp,
  type MediaDescription,
  parseSdp,
  profileOf,
  protocolOf,
  rtpFormatsOf,
  type SdpLine,
  type SessionDescription,
  trimLevels,
  trimmed,
} from '#codec/sdp';
import type { Cadence } from '#codec/tones';
import { assert, type Octets, type Random } from '#kernel';
import { answerFor, meaningOf, type Said, told, wishOf } from '#media/offer-answer';
import type { Transport } from '#policy/configuration';
import { agreedFormats, allowedOf, learnHeard, learnTypes, notePauses, numbered, ownAudio } from './media-codecs.ts';
import { crossed, noteKeys, withEvents } from './media-digits.ts';
import { answeredT38, become, isFaxAlone, isForTones, isT38, notTaken, withoutNoise } from './media-fax.ts';
import {
  areAlternatives,
  isMid,
  linesOf,
  narrowed,
  nothingAllowed,
  ownSession,
  refusedLine,
  saidOf,
  shape,
} from './media-lines.ts';
import { type Played, planOf } from './media-plan.ts';
import {
  agreed,
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
  completed,
  type Face,
  forgetSide,
  freshSession,
  freshStream,
  type MediaBridgeState,
  remoteOf,
  retireKeys,
  type SideSession,
  sameRemote,
  takeFace,
} from './media-state.ts';
import { audibleTo, playPlan } from './media-tone.ts';
import { type Answered, isGone, type Offer, type Offering, type Verdict } from './media-verdict.ts';

export type { BridgeSide, MediaBridgeState } from './media-state.ts';

/** SDP for a side, or why there is none; of an answer `staysVoice`, that T.38 was answered by voice as if it had not been offered. */
export type Translated = { readonly body: Octets } | { readonly fault: string; readonly staysVoice?: true };

const otherOf = (side: BridgeSide): BridgeSide => (side === 'a' ? 'b' : 'a');

/**
 * The media of one anchored call: what each side's SDP said, our ports, and the SDP that each side sees.
 * Offers and answers pass through; addresses, ports and the origin are ours (RFC 3264, docs/life-of-a-call.md), and so is
 * what secures the media: RTP or SRTP, suites and keys are agreed on with each side by itself (RFC 4568). Codecs are those that
 * both sides allow, each in its order, under payload types that stay the side's own; a hold is told in the side's words.
 *
 * An exchange is `offer`, `room` for its streams, `translateOffer` for the other side, and `answer` with what comes back,
 * as often as answers come; `withdraw` when none does. Nothing that stands changes before the answer.
 */
export class MediaBridge {
  readonly session: string;
  readonly state: MediaBridgeState;
  readonly #random: Random;
  #offer: Offer | undefined;
  /** A side that is not to hear anything yet: it listens to somebody else. */
  deaf: BridgeSide | undefined;
  /** The media process that gave its ports is gone, and its peers know of no others yet. */
  isLost = false;
  /** What was agreed on in answer to it. */
  #agreed: readonly Answered[] | undefined;
  #played: Played | undefined;
  /** To go back to when the offer comes to nothing. */
  #before: { readonly streams: number; readonly a: readonly number[]; readonly b: readonly number[] } | undefined;

  constructor(session: string, state: MediaBridgeState, random: Random) {
    this.session = session;
    this.state = completed(state);
    this.#random = random;
  }

  static fresh(session: string, sessionIds: readonly [string, string], random: Random): MediaBridge {
    return new MediaBridge(
      session,
      { streams: [], a: freshSession(sessionIds[0]), b: freshSession(sessionIds[1]) },
      random,
    );
  }

  /**
   * A side is of this trunk, and its signalling on this transport. True when streams must be allocated anew for it.
   * To be said before any offer goes to or comes from the side.
   */
  attach(side: BridgeSide, trunk: Face, transport: Transport): boolean {
    const session = this.state[side];
    session.security = securityOf(trunk.srtp, transport);
    takeFace(session, trunk);
    let moved = false;
    for (const stream of this.state.streams) {
      if (stream[side].interface === trunk.side) continue;
      stream[side].interface = trunk.side;
      stream.ports = undefined;
      moved = true;
    }
    return moved;
  }

  /** The side's session goes on with what it was told in another call (RFC 3264 8: one session id, versions that rise). */
  follow(side: BridgeSide, { sessionId, version, last, trim, origin }: SideSession): void {
    const more = { ...(origin && { origin }), ...(trim === undefined ? {} : { trim }) };
    this.state[side] = { ...this.state[side], sessionId, version, last, ...more };
  }

  /** A later attempt's answer and keys must not be mixed with an earlier one's; true when there was media to forget. */
  forget(side: BridgeSide): boolean {
    let forgot = this.quiet();
    this.state[side].layout = [];
    delete this.state[side].trim;
    for (const stream of this.state.streams) if (forgetSide(stream[side])) forgot = true;
    return forgot;
  }

  // --- an exchange -------------------------------------------------------------------------------------------------

  /** Takes in an offer. The reason when it must be refused with 488: no stream of it can be run as the trunk wants. */
  offer(from: BridgeSide, sdp: SessionDescription): string | undefined {
    this.#begin();
    this.#makeRoom(from, sdp);
    if (isFaxAlone(sdp)) this.state.fax = true;
    const verdicts = this.state.streams.map((_, index) => this.#verdict(from, sdp, index));
    this.#offer = { from, sdp, verdicts, offered: [] };
    this.#agreed = undefined;
    const refused = verdicts.find((verdict) => 'how' in verdict && verdict.how === 'refused');
    return refused && 'why' in refused && verdicts.every(isGone) ? refused.why : undefined;
  }

  /**
   * Takes in an offer of our own to a side, in place of one that its other side does not make: one audio stream of what both
   * trunks allow. The reason when there is nothing to offer. The answer to it is taken in by `offer`, from the side that
   * gave it: `translateOffer` then asks the other side, and `answer` takes that in.
   */
  ownOffer(to: BridgeSide): string | undefined {
    const from = otherOf(to);
    const audio = ownAudio(this.state[to].codecs, this.state[from].codecs);
    if (!audio || this.state[to].media?.includes('audio') === false) return nothingAllowed;
    const sdp: SessionDescription = { ...ownSession, media: [audio] };
    this.#begin();
    if (this.state.streams.length === 0) this.#makeRoom(from, sdp);
    const formats = rtpFormatsOf(audio);
    const profile = { secure: false, feedback: false };
    const verdicts = this.state.streams.map(
      (_, index): Verdict => (index === 0 ? { line: 0, profile, formats } : { line: -1, how: 'inactive' }),
    );
    this.#offer = { from, sdp, verdicts, offered: [] };
    this.#agreed = undefined;
    return undefined;
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
    const offerings = offer.verdicts.map((verdict, index) => this.#offered(to, offer.sdp, verdict, index));
    const offered = offerings.map((offering) => ('why' in offering ? [] : offering));
    offer.offered = offered;
    const why = offerings.find((offering) => 'why' in offering);
    if (why && 'why' in why && offered.every((lines) => lines.length === 0)) return { fault: why.why };
    const extra: (readonly SdpLine[])[] = [];
    const held: (boolean | undefined)[] = [];
    const media = session.layout.map((index, line) => {
      const verdict = offer.verdicts[index]!;
      const source = offer.sdp.media[verdict.line];
      const here = offered[index]!.find((one) => one.line === line);
      const feedback = 'profile' in verdict ? verdict.profile.feedback : false;
      if (here && source) {
        if (here.terms === undefined) return source;
        const profile = { secure: here.terms.secure, feedback };
        extra[line] = securityLines(here.terms, profile, (suite) => this.#key(to, index, suite));
        held[line] = here.said.nowhere;
        const shaped = shape(session, offer.sdp, here.media ?? source, here.formats, here.said);
        // One name for one line (RFC 5888 4).
        const lines = here === offered[index]![0] ? shaped.lines : shaped.lines.filter(({ value }) => !isMid(value));
        return { ...shaped, protocol: protocolOf(profile), lines };
      }
      const standing = this.state.streams[index]!;
      // Of two alternatives the one that was not taken.
      const spare = (standing[to].line ?? session.layout.indexOf(index)) !== line;
      const secure = (standing[to].terms ?? offeredTerms(session.security)[0]!).secure !== spare;
      if (!source || spare) return refusedLine(standing, { secure, feedback }, source);
      const written = profileOf(source.protocol) ? protocolOf({ secure, feedback }) : source.protocol;
      return { ...source, protocol: written, port: 0 };
    });
    return { body: this.#write(to, narrowed(offer.sdp, media), media, extra, held) };
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
    const answered = this.state.streams.map((_, index) => this.#answered(by, offer, sdp, index));
    const usable = answered.map((one) => (one && 'why' in one ? undefined : one));
    const unusable = answered.find((one) => one && 'why' in one);
    if (unusable && 'why' in unusable && usable.every((one) => one === undefined))
      return { fault: unusable.why, ...(isFaxAlone(offer.sdp) ? { staysVoice: true } : {}) };
    this.#before = undefined;
    this.#agreed = usable;
    this.#played = undefined;
    for (const [index, one] of usable.entries()) {
      this.#settle(by, index, sdp, one);
      noteKeys(this.state.streams[index]!, offer.from, one);
      if (one) {
        learnHeard(this.state.streams[index]![by], one.own ?? one.formats);
        become(this.state.streams[index]!, one.media, this.#isForTones(offer.sdp.media[offer.verdicts[index]!.line]));
        notePauses(this.state.streams[index]!, one.formats);
      }
      this.#settleOfferer(offer, offer.verdicts[index]!, index, one !== undefined);
    }
    // It has come to a fax; what follows is voice again.
    if (isFaxAlone(offer.sdp) && usable.some((one) => one !== undefined)) delete this.state.fax;
    return { body: this.#writeAnswer(offer, sdp, usable) };
  }

  /**
   * Lets the offerer hear tones until the next answer, in what it has agreed on or, before that, in the answer of ours that this
   * gives, by which nothing changes that stands. '' where it needs none, undefined where it can't hear any.
   */
  play(tones: Cadence): Octets | undefined {
    const offer = this.#offer;
    const audible = offer && audibleTo(offer, this.#agreed);
    if (!audible) return undefined;
    const { stream, format, line } = audible;
    const [kept] = numbered(this.state.streams[stream]![offer.from], [format]);
    this.#played = { side: offer.from, stream, plan: playPlan(audible, kept!.type, this.state[offer.from], tones) };
    if (this.#agreed) return '';
    const answered = offer.verdicts.map((_, index) => (index === stream ? line : undefined));
    return this.#writeAnswer(offer, { ...ownSession, media: [] }, answered);
  }

  /** No tone is heard any more; true when one was. */
  quiet(): boolean {
    const was = this.#played !== undefined;
    this.#played = undefined;
    return was;
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

  /**
   * What a side was told last with less of what is optional, so that it is shorter by as many octets; undefined when that
   * can't be. What it is told later is as short of words. For what has not been sent yet.
   */
  trim(side: BridgeSide, octets: number): Octets | undefined {
    const session = this.state[side];
    const read = readSdp(session.last);
    if ('fault' in read) return undefined;
    for (let level = (session.trim ?? 0) + 1; level <= trimLevels; level++) {
      const body = formatSdp(trimmed(read.sdp, level));
      if (session.last.length - body.length < octets) continue;
      session.trim = level;
      session.last = body;
      return body;
    }
    return undefined;
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

  /** Other ports are to be had, and told: with keys of their own, since nobody knows how far the old ones have counted. */
  leavePorts(): void {
    this.isLost = false;
    for (const stream of this.state.streams) {
      stream.ports = undefined;
      for (const { keys = {} } of [stream.a, stream.b])
        for (const suite of Object.keys(keys)) keys[suite] = freshKey(this.#random, suite);
    }
  }

  /** `capture`: what comes and goes is copied. */
  plan(silenceMs: number, capture?: CapturePlan): SessionPlan {
    return planOf(this.session, this.state, { deaf: this.deaf, capture, played: this.#played }, silenceMs);
  }

  // --- an offer is taken in ----------------------------------------------------------------------------------------

  #begin(): void {
    const { streams, a, b } = this.state;
    this.#before = { streams: streams.length, a: [...a.layout], b: [...b.layout] };
    for (const stream of streams) {
      retireKeys(stream.a);
      retireKeys(stream.b);
    }
  }

  /** Streams for the lines that are new (RFC 3264 8: m= lines are only ever added). */
  #makeRoom(from: BridgeSide, sdp: SessionDescription): void {
    const { streams } = this.state;
    const { layout } = this.state[from];
    while (layout.length < sdp.media.length) {
      const media = sdp.media[layout.length]!;
      // Who was called before it has left streams that the other side knows.
      const left = streams.findIndex((one, index) => one.media === media.media && !layout.includes(index));
      const index = left < 0 ? streams.length : left;
      if (areAlternatives(media, sdp.media[layout.length + 1])) layout.push(index);
      layout.push(index);
      if (left >= 0) continue;
      const stream = freshStream(this.state, media.media);
      become(stream, media, false);
      streams.push(stream);
    }
  }

  #verdict(from: BridgeSide, sdp: SessionDescription, index: number): Verdict {
    const { layout, security, codecs } = this.state[from];
    const lines = linesOf(layout, index).filter((line) => (sdp.media[line]?.port ?? 0) !== 0);
    const line = lines[0];
    if (line === undefined) return { line: layout.indexOf(index), how: 'inactive' };
    const refused = (why: string): Verdict => ({ line, how: 'refused', why });
    const strange = notTaken(this.state[from], sdp.media[line]!);
    if (strange !== undefined) return refused(strange);
    // T.38, RTP over DTLS and the like: not ours to secure, nor to know whether it is.
    if (profileOf(sdp.media[line]!.protocol) === undefined)
      return security.mode === 'off' || security.mode === 'optional'
        ? { line, how: 'passed' }
        : refused(obstacleOf(security));
    const choice = choose(security, sdp, lines);
    if (choice === undefined) return refused(obstacleOf(security));
    const media = sdp.media[choice.line]!;
    const said = rtpFormatsOf(media);
    const formats = allowedOf(codecs, this.#isForTones(media) ? withoutNoise(said) : said, media);
    return formats.length === 0 ? refused(nothingAllowed) : { ...choice, formats };
  }

  /** Modem tones are to pass: the stream says so, or a fax takes to voice since T.38 was refused. */
  #isForTones(media: MediaDescription | undefined): boolean {
    return media !== undefined && (this.state.fax === true || isForTones(media));
  }

  /** The lines in which a side is offered a stream, with room for them in its session. */
  #offered(to: BridgeSide, sdp: SessionDescription, verdict: Verdict, index: number): Offering {
    const { layout, security, codecs, hold } = this.state[to];
    const known = this.state.streams[index]![to];
    const terms = known.terms ? [known.terms] : offeredTerms(security);
    const source = sdp.media[verdict.line];
    const passed = 'how' in verdict;
    const strange = source && notTaken(this.state[to], source);
    const gone = isGone(verdict) || !source || security.mode === 'impossible' || strange !== undefined;
    while (linesOf(layout, index).length < (gone || passed ? 1 : terms.length)) layout.push(index);
    if (isGone(verdict) || !source) return [];
    if (strange !== undefined) return { why: strange };
    if (gone) return { why: obstacleOf(security) };
    const lines = linesOf(layout, index);
    const first = known.line !== undefined && lines.includes(known.line) ? known.line : lines[0]!;
    const asked = saidOf(sdp, source);
    if (passed)
      return security.mode === 'required' ? { why: obstacleOf(security) } : [{ line: first, formats: [], said: asked }];
    const { media, formats: wanted } = withEvents(
      codecs,
      this.state[otherOf(to)].codecs,
      source,
      allowedOf(codecs, verdict.formats, source),
    );
    const formats = numbered(known, wanted);
    if (formats.length === 0) return { why: nothingAllowed };
    const said = told(asked, known.direction, hold);
    return terms.map((one, i) => ({ line: terms.length === 1 ? first : lines[i]!, terms: one, formats, said, media }));
  }

  // --- an answer is taken in ---------------------------------------------------------------------------------------

  #answered(by: BridgeSide, offer: Offer, sdp: SessionDescription, index: number): Answered {
    const { security, codecs } = this.state[by];
    const { [index]: offered = [] } = offer.offered;
    const asked = offer.sdp.media[offer.verdicts[index]!.line];
    let why: string | undefined;
    for (const { line, terms, formats: kept, said } of offered) {
      const media = sdp.media[line];
      if (!media || media.port === 0) continue;
      if (!terms) {
        if (media.media === asked?.media) return { line, media, formats: [], said };
        why = `${asked?.media} is answered by ${media.media}`;
        continue;
      }
      const how = agreed(security, terms, media);
      if (how === 'unusable') {
        why = `${obstacleOf(security)}, and the answer does not fit`;
        continue;
      }
      const common = agreedFormats(media, kept);
      const passing = this.#isForTones(asked) ? withoutNoise(common) : common;
      const [own, others] = [allowedOf(codecs, passing, media), this.state[otherOf(by)].codecs];
      const formats = allowedOf(others, own, media);
      const offers = offer.verdicts[index]!;
      const shown = crossed(media, own, formats, 'formats' in offers ? offers.formats : [], [codecs, others]);
      if (formats.length > 0) return { line, terms, ...shown, said, ...how };
      why = 'no codec of the answer is allowed';
    }
    return why === undefined ? undefined : { why };
  }

  #settleOfferer({ from, sdp }: Offer, verdict: Verdict, index: number, taken: boolean): void {
    const known = this.state.streams[index]![from];
    const { receive: before, remote } = known;
    if (isGone(verdict)) return this.#settle(from, index, sdp, undefined);
    if (!taken || 'how' in verdict) return this.#settle(from, index, sdp, { line: verdict.line });
    const receive = verdict.crypto?.receive;
    const terms = termsOf(verdict);
    this.#settle(from, index, sdp, { line: verdict.line, terms, ...(receive ? { receive } : {}) });
    learnTypes(known, verdict.formats);
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
    how:
      | { readonly line: number; readonly terms?: Terms; readonly receive?: SrtpKey; readonly said?: Said }
      | undefined,
  ): void {
    const known = this.state.streams[index]![side];
    const media = how && sdp.media[how.line];
    const remote = media && remoteOf(sdp, media);
    if (!sameRemote(known.remote, remote)) {
      known.remote = remote;
      known.revision++;
    }
    const said = media && saidOf(sdp, media);
    if (!said) known.direction = 'inactive';
    else known.direction = how.said ? wishOf(said, how.said, known.direction) : meaningOf(said);
    if (how) known.line = how.line;
    if (how?.terms) known.terms = how.terms;
    else delete known.terms;
    if (how?.receive) known.receive = how.receive;
    else delete known.receive;
    // A stream that is not secured has none. One that an answer refuses keeps them: another branch may take it yet.
    if (how && !how.terms) delete known.keys;
  }

  #writeAnswer({ from, sdp: asked, verdicts }: Offer, sdp: SessionDescription, answered: readonly Answered[]): Octets {
    const session = this.state[from];
    const by = otherOf(from);
    const extra: (readonly SdpLine[])[] = [];
    const held: (boolean | undefined)[] = [];
    const media = asked.media.map((line, i) => {
      const index = session.layout[i]!;
      const verdict = verdicts[index]!;
      const here = verdict.line === i ? answered[index] : undefined;
      if (here === undefined || 'why' in here) {
        const refusal = verdict.line === i ? sdp.media[this.state[by].layout.indexOf(index)] : undefined;
        return { ...(refusal ?? { ...line, lines: [] }), protocol: line.protocol, port: 0 };
      }
      if ('how' in verdict) return isT38(line) ? answeredT38(line, here.media) : here.media;
      const { [from]: known, [by]: other } = this.state.streams[index]!;
      extra[i] = securityLines(
        termsOf(verdict),
        verdict.profile,
        (suite) => this.#key(from, index, suite),
        verdict.actual,
      );
      const said = answerFor(saidOf(asked, line), saidOf(sdp, here.media), other.direction, session.hold);
      held[i] = said.nowhere;
      const shaped = shape(session, sdp, here.media, numbered(known, here.formats), said);
      return { ...shaped, protocol: protocolOf(verdict.profile) };
    });
    return this.#write(from, narrowed(sdp, media), media, extra, held);
  }

  // --- writing -----------------------------------------------------------------------------------------------------

  /** Our key for a suite on a stream of a side. */
  #key(side: BridgeSide, index: number, suite: string): string {
    const known = this.state.streams[index]![side];
    known.keys ??= {};
    known.keys[suite] ??= freshKey(this.#random, suite);
    return known.keys[suite];
  }

  /**
   * The session of `sdp` with these m= lines, ours to be seen by a side; `extra` lines close those of each, and c= is the
   * address of nowhere where they are `held`.
   */
  #write(
    to: BridgeSide,
    sdp: SessionDescription,
    media: readonly MediaDescription[],
    extra: readonly (readonly SdpLine[] | undefined)[],
    held: readonly (boolean | undefined)[],
  ): Octets {
    const session = this.state[to];
    const anchors = session.layout.map((index, line): Anchor | undefined => {
      const ports = this.state.streams[index]!.ports?.[to];
      const isHeld = held[line];
      return ports && isHeld !== undefined ? { ...ports, held: isHeld } : ports;
    });
    const host = anchors.find((anchor) => anchor !== undefined)?.host ?? '0.0.0.0';
    const keepDtls = media.some(({ port, protocol }) => port !== 0 && !profileOf(protocol));
    const bare = {
      ...sdp,
      lines: withoutSecurity(sdp.lines, keepDtls),
      media: media.map((stream) => {
        const lines = withoutSecurity(stream.lines, !profileOf(stream.protocol));
        return lines === stream.lines ? stream : { ...stream, lines };
      }),
    };
    const write = (version: number) => {
      const { sessionId, origin: begun = { username: '-', host } } = session;
      const origin = { ...begun, sessionId, version: String(version) };
      const ours = anchored(bare, { origin, media: anchors });
      const secured = ours.media.map((stream, i) => {
        const lines = extra[i];
        return lines?.length ? { ...stream, lines: [...stream.lines, ...lines] } : stream;
      });
      return formatSdp(trimmed({ ...ours, media: secured }, session.trim ?? 0));
    };
    // Whether it is what this side has can be told when it has something.
    if (session.last !== '' && write(session.version) === session.last) return session.last;
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

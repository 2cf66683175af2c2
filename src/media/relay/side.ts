import type { SrtpPlan, StreamPlan, StreamSideCounters, StreamSidePlan } from '#codec/media-control';
import {
  isRtcp,
  isRtp,
  looksLikeRtcp,
  payloadClockRates,
  payloadTypeOf,
  readRtcp,
  sequenceOf,
  ssrcOf,
} from '#codec/rtp';
import { refusal, type SrtpCiphers } from '#codec/srtp';
import { isUdptl, udptlSequenceOf } from '#codec/udptl';
import type { Deadlines, Random } from '#kernel';
import type { SideCapture } from '#media/capture';
import { Endpoint, type PacketIo } from '#media/packet-io';
import { PeerReports, Reception } from '#media/quality';
import { DigitPath } from './digit-path.ts';
import { Injector } from './injector.ts';
import { claim, Latch } from './latch.ts';
import { renumber, renumbering } from './renumber.ts';
import { SideSrtp } from './side-srtp.ts';
import { SideUdptl } from './side-udptl.ts';
import type { HeardSide } from './silence.ts';
import type { PlayedTone, ToneListener, TonePlayer } from './tone-player.ts';
import type { Waking } from './waking.ts';

/** Where we listen for one peer of one stream. */
export interface SideSockets {
  readonly rtp: number;
  readonly rtcp: number;
  /** The sockets' own addresses. */
  readonly rtpLocal: Endpoint;
  readonly rtcpLocal: Endpoint;
  /** Where peers see them. */
  readonly rtpSeen: Endpoint;
  readonly rtcpSeen: Endpoint;
}

/** What all sides of the relay share. */
export interface SideServices {
  readonly io: PacketIo;
  readonly ciphers: SrtpCiphers;
  readonly tones: TonePlayer;
  readonly random: Pick<Random, 'integer'>;
  readonly deadlines: Deadlines<Waking>;
}

/** Who is told of the keys of a peer, as its plan wants it. */
export type KeyTeller = (key: string, ms: number) => void;

const staticClockRates = clockRateTable({});

/**
 * One peer of one stream: its packets come here and go out at `other`, from the port where `other`'s peer sends to
 * (symmetric RTP, RFC 4961). On the packet path nothing is allocated once the source is latched.
 *
 * Each side has or has not SRTP of its own: packets are opened here and sealed anew by `other`. Under SRTP a packet
 * changes nothing, the latch neither, before it is authentic and taken.
 */
export class RelaySide implements ToneListener {
  /** The other party of the stream; set once, before the first packet. */
  other!: RelaySide;
  /** Set while what comes and goes here is copied. */
  capture: SideCapture | undefined;
  readonly sockets: SideSockets;
  readonly #io: PacketIo;
  readonly #ciphers: SrtpCiphers;
  readonly #heard: HeardSide;
  readonly #tones: TonePlayer;
  readonly #random: SideServices['random'];
  readonly #deadlines: SideServices['deadlines'];
  readonly #tellKey: KeyTeller;
  readonly #rtp: Latch;
  readonly #rtcp: Latch;
  readonly #reception = new Reception();
  readonly #reports = new PeerReports();
  #plan: StreamSidePlan | undefined;
  #clockRates = staticClockRates;
  /** Set where the other side numbers a codec differently. */
  #types: Uint8Array | undefined;
  /** RTP and RTCP share the RTP port (RFC 5761): signalled by equal ports, or seen. */
  #multiplexes = false;
  /** Set while the plan has SRTP. */
  #srtp: SideSrtp | undefined;
  /** The same, kept when SRTP goes: its keys may come back, and must then go on counting. */
  #keptSrtp: SideSrtp | undefined;
  /** Set while the stream is a fax by UDPTL, which has one port and no protection. */
  #udptl: SideUdptl | undefined;
  /** The same, kept when the stream is voice again. */
  #keptUdptl: SideUdptl | undefined;
  /** What its peer hears of ours, or heard by the plan that stands. */
  #tone: PlayedTone | undefined;
  #injector: Injector | undefined;
  /** Set once keys of this peer were to be understood: numbers that were moved stay so. */
  #digits: DigitPath | undefined;
  #dscp = 0;
  #rtcpPackets = 0;
  #dropped = 0;
  #unauthentic = 0;
  #replayed = 0;

  constructor(sockets: SideSockets, heard: HeardSide, tellKey: KeyTeller, services: SideServices) {
    const { io, ciphers, tones, random, deadlines } = services;
    this.sockets = sockets;
    this.#heard = heard;
    this.#tellKey = tellKey;
    this.#deadlines = deadlines;
    this.#io = io;
    this.#ciphers = ciphers;
    this.#tones = tones;
    this.#random = random;
    this.#rtp = new Latch(sockets.rtpLocal);
    this.#rtcp = new Latch(sockets.rtcpLocal);
  }

  apply(plan: StreamSidePlan, protocol: StreamPlan['protocol'], now: number): void {
    const before = this.#plan;
    this.#plan = plan;
    this.#clockRates = plan.clockRates ? clockRateTable(plan.clockRates) : staticClockRates;
    this.#types = renumbering(plan.payloadTypes, plan.redundant);
    this.#secure(plan.srtp);
    this.#mark(plan.dscp ?? 0);
    const isFax = protocol === 'udptl';
    this.#fax(isFax);
    // Nothing of ours is made for who listens for UDPTL.
    const { play, digits } = isFax ? {} : plan;
    this.#tone = this.#tones.play(this, this.#tone, play, now);
    if (digits && !this.#digits) this.#digits = new DigitPath(this.other, this.#deadlines, this.#tellKey);
    this.#digits?.apply(digits, this.#clockRates);
    if (before && before.revision === plan.revision && sameRemote(before, plan)) return;
    const rtp = plan.remote && Endpoint.of(plan.remote.rtp.host, plan.remote.rtp.port);
    const rtcp = plan.remote && Endpoint.of(plan.remote.rtcp.host, plan.remote.rtcp.port);
    this.#rtp.signal(rtp);
    this.#rtcp.signal(rtcp);
    this.#multiplexes = rtp !== undefined && rtcp?.equals(rtp) === true;
  }

  get sends(): boolean {
    return this.#plan?.sends === true;
  }

  /** A packet came to the RTP socket. */
  onRtpSocket(
    packet: Uint8Array,
    length: number,
    a: number,
    b: number,
    c: number,
    d: number,
    port: number,
    now: number,
  ): void {
    if (this.#udptl !== undefined) {
      this.#onUdptl(this.#udptl, packet, length, a, b, c, d, port);
      return;
    }
    if (!isRtp(packet, length)) {
      this.#onMultiplexed(packet, length, a, b, c, d, port, now);
      return;
    }
    const srtp = this.#srtp;
    if (srtp === undefined) {
      if (this.#isRtpOfPeer(packet, a, b, c, d, port)) this.#relayRtp(packet, length, now);
      else this.#dropped++;
      return;
    }
    const opened = srtp.openRtp(packet, length);
    if (opened < 0) this.#refused(opened);
    else if (this.#isRtpOfPeer(packet, a, b, c, d, port)) {
      srtp.accept();
      this.#relayRtp(srtp.buffer, opened, now);
    } else this.#dropped++;
  }

  /** A packet came to the RTCP socket. */
  onRtcpSocket(
    packet: Uint8Array,
    length: number,
    a: number,
    b: number,
    c: number,
    d: number,
    port: number,
    now: number,
  ): void {
    if (this.#udptl !== undefined || !isRtcp(packet, length)) {
      this.#dropped++;
      return;
    }
    const srtp = this.#srtp;
    const opened = srtp ? srtp.openRtcp(packet, length) : length;
    if (opened < 0) {
      this.#refused(opened);
      return;
    }
    const latch = this.#rtcp;
    if (latch.source?.is(a, b, c, d, port) !== true && !this.#learnRtcp(a, b, c, d, port)) {
      this.#dropped++;
      return;
    }
    srtp?.accept();
    this.#rtp.hostHeard(latch.source!);
    const clear = srtp?.buffer ?? packet;
    this.capture?.came(latch.source!, this.sockets.rtcpSeen, clear, opened);
    this.#relayRtcp(clear, opened, now);
  }

  counters(): StreamSideCounters {
    const reception = this.#reception;
    const counters: StreamSideCounters = {
      packets: reception.packets,
      bytes: reception.bytes,
      lost: reception.lost,
      payloadType: reception.payloadType,
      rtcpPackets: this.#rtcpPackets,
      dropped: this.#dropped,
    };
    const jitter = reception.jitterMs;
    if (jitter !== undefined) counters.jitterMs = jitter;
    if (this.#keptSrtp) {
      counters.unauthentic = this.#unauthentic;
      counters.replayed = this.#replayed;
    }
    const source = this.#rtp.source;
    if (source) counters.source = { host: source.host, port: source.port };
    const { ssrc } = reception;
    if (ssrc !== undefined) counters.ssrc = ssrc;
    if (this.#reports.last) counters.report = this.#reports.last;
    return counters;
  }

  /** What the peer says of what has come to it from the other side. */
  #heardReport(packet: Uint8Array, length: number, now: number): void {
    const reading = readRtcp(packet, length);
    this.#reports.heard(reading, this.other.#reception.clockRate, now);
    if (reading.senderReport !== undefined) this.other.#reports.told(reading.senderReport, now);
  }

  /** How often the peer has said what came to it. */
  get reports(): number {
    return this.#reports.count;
  }

  /** Packets that came behind one that was sent after them. */
  get late(): number {
    return this.#reception.late;
  }

  /** What came by UDPTL; undefined when the stream never was a fax. */
  faxCounters(): StreamSideCounters | undefined {
    const source = this.#rtp.source;
    return this.#keptUdptl?.counters(source && { host: source.host, port: source.port });
  }

  get injector(): Injector {
    this.#injector ??= new Injector(this.#random);
    return this.#injector;
  }

  inject(packet: Uint8Array, length: number): void {
    const target = this.#rtp.target;
    if (target) this.#send(this.sockets.rtp, packet, length, target);
  }

  /** A key that the peer told by signalling. False when there is no way to tell it to the other one, or too many wait. */
  pressed(event: number, ms: number, now: number): boolean {
    return this.#digits?.make(event, ms, now) === true;
  }

  /** Takes over SRTP, and what is sent of our own under it, of the side that this one replaces; `other` is the one it has now. */
  inherit(replaced: RelaySide): void {
    this.#injector = replaced.#injector;
    this.#digits = replaced.#digits;
    this.#digits?.moveTo(this.other);
    replaced.#digits = undefined;
    this.#keptSrtp = replaced.#keptSrtp;
    replaced.#keptSrtp = undefined;
    replaced.#srtp = undefined;
  }

  end(): void {
    this.#tone?.end();
    this.#digits?.end();
    this.#keptSrtp?.end();
  }

  /** RTCP on the RTP port comes from the peer that sends RTP there, or is signalled there: it never moves the latch. */
  #onMultiplexed(
    packet: Uint8Array,
    length: number,
    a: number,
    b: number,
    c: number,
    d: number,
    port: number,
    now: number,
  ): void {
    const from = this.#rtp.source ?? this.#rtp.signalled;
    if (!looksLikeRtcp(packet, length) || !isRtcp(packet, length) || from?.is(a, b, c, d, port) !== true) {
      this.#dropped++;
      return;
    }
    const srtp = this.#srtp;
    const opened = srtp ? srtp.openRtcp(packet, length) : length;
    if (opened < 0) {
      this.#refused(opened);
      return;
    }
    srtp?.accept();
    this.#multiplexes = true;
    this.#rtp.hostHeard(from);
    const clear = srtp?.buffer ?? packet;
    this.capture?.came(from, this.sockets.rtpSeen, clear, opened);
    this.#relayRtcp(clear, opened, now);
  }

  #isRtpOfPeer(packet: Uint8Array, a: number, b: number, c: number, d: number, port: number): boolean {
    const latch = this.#rtp;
    if (latch.source?.is(a, b, c, d, port) === true) return true;
    if (!latch.learn(ssrcOf(packet), sequenceOf(packet), a, b, c, d, port)) return false;
    this.#rtcpFollows();
    return true;
  }

  /** A datagram of a fax: no SSRC tells one sender from another, and what is still under way of the voice before is none. */
  #onUdptl(
    udptl: SideUdptl,
    packet: Uint8Array,
    length: number,
    a: number,
    b: number,
    c: number,
    d: number,
    port: number,
  ): void {
    const isVoice = isRtp(packet, length) && this.#reception.isOfSource(packet);
    const latch = this.#rtp;
    if (
      isVoice ||
      !isUdptl(packet, length) ||
      (latch.source?.is(a, b, c, d, port) !== true && !latch.learn(0, udptlSequenceOf(packet), a, b, c, d, port))
    ) {
      udptl.dropped++;
      return;
    }
    udptl.add(packet, length);
    const other = this.other;
    const target = other.#rtp.target;
    this.capture?.other(latch.source!, this.sockets.rtpSeen, packet, length);
    if (target) {
      other.capture?.other(other.sockets.rtpSeen, target, packet, length);
      this.#io.send(other.sockets.rtp, packet, length, target);
    } else udptl.dropped++;
  }

  #relayRtp(packet: Uint8Array, length: number, now: number): void {
    const type = payloadTypeOf(packet);
    this.#reception.add(packet, length, this.#clockRates[type]!, now);
    if (this.#plan!.sends) this.#heard.spoke(type, now);
    this.capture?.came(this.#rtp.source!, this.sockets.rtpSeen, packet, length);
    const other = this.other;
    // RFC 3960 3.2: what comes is heard, and no ringing tone then.
    other.#tone?.end();
    if (this.#digits !== undefined && !this.#digits.onRtp(packet, length, now)) return;
    if (this.#types !== undefined) renumber(packet, length, this.#types);
    const target = other.#rtp.target;
    if (!target || !other.#send(other.sockets.rtp, packet, length, target)) this.#dropped++;
  }

  /** To this side's peer; false when it cannot be protected. */
  #send(socket: number, packet: Uint8Array, length: number, target: Endpoint): boolean {
    const srtp = this.#srtp;
    if (this.capture !== undefined) this.#copy(socket, packet, length, target);
    if (srtp === undefined) {
      this.#io.send(socket, packet, length, target);
      return true;
    }
    const sealed = looksLikeRtcp(packet, length) ? srtp.sealRtcp(packet, length) : srtp.sealRtp(packet, length);
    if (sealed < 0) return false;
    this.#io.send(socket, srtp.buffer, sealed, target);
    return true;
  }

  #copy(socket: number, packet: Uint8Array, length: number, target: Endpoint): void {
    const { rtcp, rtcpSeen, rtpSeen } = this.sockets;
    this.capture!.went(socket === rtcp ? rtcpSeen : rtpSeen, target, packet, length);
  }

  #relayRtcp(packet: Uint8Array, length: number, now: number): void {
    this.#rtcpPackets++;
    this.#heardReport(packet, length, now);
    if (this.#plan!.sends) this.#heard.reported(now);
    const other = this.other;
    const shared = other.#multiplexes;
    const target = shared ? other.#rtp.target : other.#rtcp.target;
    const socket = shared ? other.sockets.rtp : other.sockets.rtcp;
    if (!target || !other.#send(socket, packet, length, target)) this.#dropped++;
  }

  /** RTCP comes from the signalled address, or from whichever port of the host that RTP comes from (RFC 3605 apart). */
  #learnRtcp(a: number, b: number, c: number, d: number, port: number): boolean {
    const latch = this.#rtcp;
    if (latch.signalled?.is(a, b, c, d, port)) return latch.commit(claim.exact, a, b, c, d, port);
    const host = this.#rtp.source ?? this.#rtp.signalled;
    return host?.hasHost(a, b, c, d) === true && latch.commit(claim.host, a, b, c, d, port);
  }

  /** RTP has moved: RTCP learned from another host is no longer believed. */
  #rtcpFollows(): void {
    const rtp = this.#rtp.source!;
    const rtcp = this.#rtcp.source;
    if (rtcp && !rtcp.hasHost(rtp.a, rtp.b, rtp.c, rtp.d) && !this.#rtcp.signalled?.equals(rtcp)) this.#rtcp.release();
  }

  #refused(why: number): void {
    if (why === refusal.replayed) this.#replayed++;
    else if (why === refusal.unauthentic || why === refusal.malformed) this.#unauthentic++;
    else this.#dropped++;
  }

  #secure(plan: SrtpPlan | undefined): void {
    if (plan) {
      this.#keptSrtp ??= new SideSrtp(this.#ciphers, this.#io.outgoing);
      this.#keptSrtp.apply(plan);
    }
    this.#srtp = plan ? this.#keptSrtp : undefined;
  }

  #fax(is: boolean): void {
    if (is === (this.#udptl !== undefined)) return;
    if (is) {
      this.#keptUdptl ??= new SideUdptl();
      this.#keptUdptl.begin();
    }
    this.#udptl = is ? this.#keptUdptl : undefined;
  }

  #mark(dscp: number): void {
    if (dscp === this.#dscp) return;
    this.#dscp = dscp;
    this.#io.setDscp(this.sockets.rtp, dscp);
    this.#io.setDscp(this.sockets.rtcp, dscp);
  }
}

function sameRemote({ remote: one }: StreamSidePlan, { remote: other }: StreamSidePlan): boolean {
  if (!one || !other) return one === other;
  return (
    one.rtp.host === other.rtp.host &&
    one.rtp.port === other.rtp.port &&
    one.rtcp.host === other.rtcp.host &&
    one.rtcp.port === other.rtcp.port
  );
}

/** Hz by payload type, 0 = not known. */
function clockRateTable(dynamic: Readonly<Record<number, number>>): Int32Array {
  const table = new Int32Array(128);
  for (const rates of [payloadClockRates, dynamic])
    for (const [type, rate] of Object.entries(rates)) if (Number(type) < 128) table[Number(type)] = rate;
  return table;
}

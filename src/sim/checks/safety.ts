import { withSessionBody } from '#codec/multipart';
import { parseMessage } from '#codec/sip-message';
import type { CallRecord } from '#engine/ports';
import type { Octets } from '#kernel';
import { ourHosts } from '../configuration.ts';
import { type Fault, type Mix, passesMedia } from '../mix.ts';
import { isHelp as isForHelp } from '../peer/helping.ts';
import type { PeerAddress } from '../peer-address.ts';
import { OfferAnswerTruth } from './offer-answer.ts';

/** An expectation of the simulator does not hold. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

/** What must hold of every message and record, seen one after the other. */
export class Safety {
  readonly #bypass: boolean;
  readonly #peers: readonly PeerAddress[];
  /** Telephones inside that are offered what others outside are. */
  readonly #alsoOutside: ReadonlySet<string>;
  /** Somebody forges what peers say. */
  readonly #forged: boolean;
  /** Peers that are known by name. */
  readonly #named: ReadonlySet<string>;
  readonly #passwordsChange: boolean;
  /** Identifier -> the peer that knows it. */
  readonly #owners = new Map<string, string>();
  /** INVITE transaction of a peer -> status and tag of its final response. */
  readonly #finals = new Map<string, string>();
  /** Calls ever checkpointed or recorded. */
  readonly #calls = new Set<string>();
  readonly #records = new Map<string, CallRecord>();
  readonly #recordedCallIds = new Set<string>();
  /** Call-IDs of dialogs in which a BYE was sent, or came. */
  readonly #hungUp = new Set<string>();
  readonly #negotiation = new OfferAnswerTruth();
  /** Peers with whom a request may fail without a message that says so. */
  readonly #abrupt: ReadonlySet<string>;

  constructor(mix: Mix, peers: readonly PeerAddress[]) {
    const { faults, named, tcp, tls, organisation } = mix;
    this.#bypass = passesMedia(mix);
    this.#peers = peers;
    const rings = organisation?.devices.filter(({ ringsOutside }) => ringsOutside) ?? [];
    this.#alsoOutside = new Set(rings.map(({ name }) => name));
    this.#named = named;
    this.#passwordsChange = faults.has('reconfigures');
    this.#forged = faults.has('hostile');
    const any = (...of: readonly Fault[]) => of.some((fault) => faults.has(fault));
    // What is too long for a datagram goes by TCP to everybody.
    const isBroken = any('resets', 'partitions') || (faults.has('peer-crashes') && faults.has('unreachable'));
    const isClosed = any('peer-crashes', 'certificates', 'handshakes');
    const isStream = ({ name, transport = 'udp' }: PeerAddress) =>
      tcp.has(name) || tls.has(name) || transport !== 'udp';
    const abrupt = peers.filter((peer) => isBroken || (isClosed && isStream(peer)));
    this.#abrupt = new Set(abrupt.map(({ name }) => name));
  }

  get records(): ReadonlyMap<string, CallRecord> {
    return this.#records;
  }

  get calls(): ReadonlySet<string> {
    return this.#calls;
  }

  /** A record names this Call-ID on one of its legs. */
  isRecorded(callId: string): boolean {
    return this.#recordedCallIds.has(callId);
  }

  /** Each message of ours, as it leaves. */
  sent(host: string, octets: Octets, now: number): void {
    const peer = this.#peers.find(({ address, dead }) => address.host === host || dead?.host === host);
    const message = parseMessage(octets);
    if (message.kind === 'fault') {
      // A refusal repeats the fields of what it refuses as they came.
      if (this.#forged && /^SIP\/2\.0 [45]/.test(octets)) return;
      throw new Violation(`sent what is no SIP message: ${message.reason}: ${octets}`);
    }
    if (message.kind === 'request' && message.method === 'BYE') this.#hungUp.add(message.callId);
    if (!peer) {
      if (message.kind === 'response' && (message.status === 403 || message.status === 401)) return;
      // A forged Contact leads anywhere.
      if (this.#forged && message.kind === 'request') return;
      throw new Violation(`sent to ${host}, who is nobody: ${octets.slice(0, octets.indexOf('\r'))}`);
    }
    // What passes unread is as its author made it.
    if (!this.#forged && !this.#bypass && !this.#abrupt.has(peer.name)) {
      const offence = this.#negotiation.sent(withSessionBody(message), now);
      if (offence !== undefined) throw new Violation(`${offence}: ${octets}`);
    }
    // A dialog that a transfer names keeps its name: the INVITE in its place comes back to us, or goes to whom it names.
    const named = (text: Octets) => text.replace(/Replaces[=:][^>\r\n]*/g, '');
    const head = named(octets.slice(0, octets.length - message.body.length));
    // Who registers hears of his other telephones.
    if (message.cseq.method === 'REGISTER' && message.kind === 'response') return;
    // Where nobody can relay them, media of a call for help pass by.
    const isHelp = message.kind === 'request' && isForHelp(message.target?.user ?? '');
    this.#holdsNothingOf(peer, this.#bypass || isHelp ? head : named(octets));
    this.#ownedBy(peer, head);
    if (message.kind === 'response' && message.cseq.method === 'INVITE' && message.status >= 200) {
      // A request may be tried by TCP for its size, and by UDP when that takes too long: whoever refuses it without state knows no better.
      const { branch, transport } = message.via;
      const key = `${host} ${transport} ${branch} ${message.callId} ${message.cseq.number}`;
      const final = `${message.status} ${message.to.tag}`;
      const known = this.#finals.get(key);
      // Whom the DNS does not know yet is a stranger, and none the next time, and so is whose password is changed back: that refusal has no state (RFC 3261 8.2.7).
      const mayBeKnown = this.#passwordsChange || this.#named.has(peer.name);
      const isStateless = mayBeKnown && /^40[13] /.test(known ?? '');
      if (known === undefined || isStateless) this.#finals.set(key, final);
      else if (known !== final && !this.#forged)
        throw new Violation(`two final responses to ${key}: ${known}, ${final}`);
    }
  }

  /** Each message that a turn has taken in, and not dropped. */
  received(octets: Octets, now: number): void {
    const message = parseMessage(octets);
    if (message.kind === 'fault') return;
    if (!this.#forged) this.#negotiation.received(withSessionBody(message), now);
    if (message.kind === 'request' && message.method === 'BYE') this.#hungUp.add(message.callId);
  }

  /** An answered call is let go when both ends know that it is over. */
  forgotten(call: string): void {
    const record = this.#records.get(call);
    if (record?.answeredAt === undefined) return;
    const ends = [record.leg, ...record.attempts.filter((one) => one.answeredAt !== undefined).map(({ leg }) => leg)];
    // Who is left goes on in another call.
    const { reason } = record.end;
    if (reason === 'transferred' && ends.some(({ callId }) => this.#hungUp.has(callId))) return;
    for (const { callId, trunk } of ends) {
      if (!this.#hungUp.has(callId))
        throw new Violation(`${trunk} was not told that ${callId} has ended: ${JSON.stringify(record.end)}`);
    }
  }

  /** The process is gone: the next one does not know which requests have been answered. */
  ended(): void {
    this.#finals.clear();
    this.#negotiation.died();
  }

  checkpointed(call: string): void {
    this.#calls.add(call);
  }

  recorded(record: CallRecord): void {
    const known = this.#records.get(record.call);
    if (known && JSON.stringify(known.end) !== JSON.stringify(record.end))
      throw new Violation(`two ends of ${record.call}: ${JSON.stringify(known.end)}, ${JSON.stringify(record.end)}`);
    this.#calls.add(record.call);
    this.#records.set(record.call, record);
    this.#recordedCallIds.add(record.leg.callId);
    for (const { leg } of record.attempts) this.#recordedCallIds.add(leg.callId);
    if (record.talkMs < 0 || !Number.isFinite(record.talkMs)) throw new Violation(`talkMs ${record.talkMs}`);
    if (record.attempts.some(({ endedAt }) => endedAt === 0))
      throw new Violation(`an attempt without end: ${record.call}`);
  }

  /** Nothing that the other side's peers or our other address are called (docs/life-of-a-call.md). */
  #holdsNothingOf(peer: PeerAddress, octets: Octets): void {
    for (const other of this.#peers) {
      if (other === peer) continue;
      for (const secret of [other.address.host, `${other.name}.`, `${other.name}-agent`]) {
        if (octets.includes(secret)) throw new Violation(`${peer.name} is shown ${secret}: ${octets}`);
      }
    }
    const hidden = peer.side === 'internal' ? ourHosts.external : ourHosts.internal;
    const isOffered = this.#alsoOutside.has(peer.name);
    if (!isOffered && holdsHost(octets, hidden)) throw new Violation(`${peer.name} is shown ${hidden}: ${octets}`);
  }

  /** Each tag, branch and Call-ID belongs to one peer. */
  #ownedBy(peer: PeerAddress, head: Octets): void {
    for (const [token] of head.matchAll(/[0-9a-f]{16,}/g)) {
      const owner = this.#owners.get(token);
      if (owner === undefined) this.#owners.set(token, peer.name);
      else if (owner !== peer.name) throw new Violation(`${peer.name} is shown ${token}, which is ${owner}'s: ${head}`);
    }
  }
}

/** "10.0.0.1" is not in "10.0.0.100". */
function holdsHost(octets: Octets, host: string): boolean {
  for (let at = octets.indexOf(host); at >= 0; at = octets.indexOf(host, at + 1)) {
    const next = octets.charCodeAt(at + host.length);
    if (!(next >= 48 && next <= 57)) return true;
  }
  return false;
}

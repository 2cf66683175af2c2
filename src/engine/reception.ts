import type { DialogUser, HelpServices, Party } from '#call';
import { parseMessage, parseUri, type SipRequest, unescapeUser } from '#codec/sip-message';
import { type Deadline, type Deadlines, type HostPort, type Instant, Notices, type Octets, type Random } from '#kernel';
import type { Configuration, Trunk } from '#policy/configuration';
import { type Ban, Unwanted } from '#policy/unwanted';
import type { DialogTable } from '#sip/dialog';
import { describeFlow, type Flow, type PeerCertificate } from '#sip/flow';
import type { Sleeper, TransactionLayer } from '#sip/transaction';
import { Challenger } from './challenger.ts';
import { isForHelp } from './emergencies.ts';
import { Gate, isPlaceOf } from './gate.ts';
import type { Nodes } from './nodes.ts';
import type { OutsideDialog } from './outside-dialog.ts';
import { Overload, overloadLimits } from './overload.ts';
import { Passes } from './passes.ts';
import { type DropReason, dropReasons } from './ports/index.ts';
import { Urgent } from './urgent.ts';
import type { Users } from './users/users.ts';

/** Ms for a peer that connected to prove that it is a trunk's. */
const strangerPatience = 32_000;

export interface ReceptionServices {
  readonly configuration: Configuration;
  readonly nodes: Nodes | undefined;
  readonly random: Random;
  readonly transactions: TransactionLayer<Party>;
  readonly dialogs: DialogTable<DialogUser>;
  readonly deadlines: Deadlines<Sleeper>;
  readonly outside: OutsideDialog;
  readonly users: Users;
  /** As it is configured now. */
  help(): HelpServices | undefined;
  drop(reason: DropReason, from: HostPort): void;
  /** Ends a connection that nothing good comes of. */
  close(connection: string): void;
  log(level: 'info' | 'warn', event: string, fields: Record<string, unknown>): void;
}

/**
 * What arrives, on its way to its transaction: the gate, the ban, the parser, whose it is, and the refusal of whoever has
 * no business here (docs/life-of-a-call.md).
 */
export class Reception {
  readonly gate: Gate;
  readonly passes: Passes;
  readonly unwanted: Unwanted;
  readonly overload: Overload;
  readonly #services: ReceptionServices;
  readonly #challenger: Challenger;
  #urgent: Urgent;
  readonly #notices = new Notices();
  #sender: Trunk | undefined;
  /** Connections of peers that have not said yet who they are. */
  readonly #suspects = new Map<string, Deadline<Sleeper>>();

  constructor(services: ReceptionServices) {
    const { configuration, random, users } = services;
    this.#services = services;
    this.#challenger = new Challenger(configuration.trunks, users, random);
    this.gate = new Gate(configuration, this.#challenger, users);
    this.#urgent = new Urgent(services.help());
    this.passes = new Passes(configuration);
    this.overload = new Overload(configuration.timers, (invite) => isForHelp(services.help(), invite));
    this.unwanted = new Unwanted({
      protection: configuration.protection,
      isTrunk: (host) => this.gate.isTrunk(host),
    });
  }

  /** Others are trunks from now on. `standing`: the hosts with which there are dialogs. */
  configure(configuration: Configuration, standing: ReadonlySet<string>): void {
    this.#challenger.configure(configuration.trunks);
    this.gate.configure(configuration, standing);
    this.#urgent = new Urgent(this.#services.help());
    this.passes.configuration = configuration;
    this.unwanted.configure(configuration.protection);
  }

  /** `byPeer`: it opened the connection, not we. */
  opened(flow: Flow, peer: PeerCertificate | undefined, byPeer: boolean, now: Instant): void {
    if (this.gate.opened(flow, peer)) this.unwanted.proved(flow.remote.host, now.mono);
    else if (byPeer && !this.#isKnown(flow, now)) this.#suspected(flow, now);
  }

  closed(connection: string): void {
    this.gate.closed(connection);
    this.#services.deadlines.clear(this.#suspects.get(connection));
    this.#suspects.delete(connection);
  }

  #isKnown(flow: Flow, now: Instant): boolean {
    if (this.gate.isProven(flow) || this.gate.isTrunk(flow.remote.host)) return true;
    return (this.passes.guest(flow, false, now) ?? this.#challenger.known(flow, now)) !== undefined;
  }

  /** Connections are few: a stranger has no time to hold on to one. */
  #suspected(flow: Flow, now: Instant): void {
    const connection = flow.connection!;
    if (this.gate.turnsStrangersAway) {
      this.turnAway('unknown-source', flow, now);
      return this.#services.close(connection);
    }
    const wake = (_name: string, at: Instant) => {
      this.#suspects.delete(connection);
      if (!this.#isKnown(flow, at)) this.#services.close(connection);
    };
    this.#suspects.set(connection, this.#services.deadlines.set('stranger', { wake }, now.mono + strangerPatience));
  }

  /** `arrived`: when the system took it in, monotonic ms, where that is known. */
  receive(flow: Flow, octets: Octets, now: Instant, arrived?: number): void {
    const { outside, transactions, drop } = this.#services;
    if (arrived !== undefined) this.overload.heard(flow.listener, arrived, now);
    if (!this.#admitted(flow, octets, now)) return;
    const message = parseMessage(octets);
    if (message.kind === 'fault') {
      const { status, message: request } = message;
      const trunk = request && this.gate.trunkOf(request, flow, now);
      if (!request || status === undefined || !trunk) return this.turnAway('malformed', flow, now);
      return outside.refuseStatelessly(request, flow, status, message.reason);
    }
    if (message.kind === 'response') {
      // 8.1.3.3: more than one Via: not ours to take.
      if (message.all('via').length > 1) return drop('stray-response', flow.remote);
      return transactions.receiveResponse(message, flow, now.mono);
    }
    const refuse = (reason: DropReason, status: number) => {
      this.turnAway(reason, flow, now);
      if (message.method !== 'ACK' && status > 0) outside.refuseStatelessly(message, flow, status);
    };
    // What comes again was let in, maybe by the process before this one; its digest, counted already, would be taken for a replay.
    const again = () => transactions.isUnderWay(message, flow) && transactions.receiveRequest(message, flow, now.mono);
    if (this.#challenger.asks && again()) return;
    const trunk = this.#identified(message, flow, now);
    if (trunk === 'refused') return;
    this.#sender = trunk && (this.#services.nodes?.sender(trunk, message) ?? trunk);
    // A process that has just begun may not know yet to whom the DNS leads.
    if (!trunk && again()) return;
    if (!trunk && outside.endsRefusal(message, flow)) return drop('stray-ack', flow.remote);
    if (!trunk) return refuse('unknown-source', this.gate.refusesStrangers ? 403 : 0);
    if (!this.gate.rightSide(trunk, flow)) return refuse('wrong-side', 403);
    if (!this.gate.rightTransport(trunk, flow)) return refuse('wrong-transport', 403);
    if (this.#isTooMuch(message, flow, now)) return;
    if (!transactions.receiveRequest(message, flow, now.mono)) refuse('overload', 503);
  }

  /** True when it would begin a call that we could not bring about in time: it has been refused, without state. */
  #isTooMuch(request: SipRequest, flow: Flow, now: Instant): boolean {
    const { outside, transactions, drop, log } = this.#services;
    if (request.method !== 'INVITE' || request.to.tag !== undefined) return false;
    if (this.overload.isCalm(flow.listener, now)) return false;
    if (transactions.isUnderWay(request, flow) || !this.overload.refuses(request, flow.listener, now)) return false;
    drop('overload', flow.remote);
    if (this.#notices.worthTelling('overload', now.mono)) log('warn', 'overload', this.overload.inspect());
    outside.refuseStatelessly(request, flow, 503, undefined, [['Retry-After', String(overloadLimits.retryAfter)]]);
    return true;
  }

  /** Whose the request is that was let in last. */
  get sender(): Trunk {
    return this.#sender!;
  }

  /** Counted like every drop, and told in the log: a trunk that does not come up is often found here. */
  turnAway(reason: DropReason, flow: Flow, now: Instant): void {
    const { drop, log } = this.#services;
    drop(reason, flow.remote);
    const { listener, remote } = flow;
    if (reason === 'unknown-source' || reason === 'malformed' || reason === 'wrong-credentials') {
      const ban = this.unwanted.misbehaved(remote.host, reason, now.mono);
      if (ban) this.#banned(ban, flow, now);
    }
    if (this.#notices.worthTelling(`${reason} ${remote.host}`, now.mono)) {
      log('warn', reason, { from: describeFlow(flow), listener, means: dropReasons[reason] });
    }
  }

  /** The bans that run, their times as people read them. */
  inspectBans(now: Instant): readonly Record<string, unknown>[] {
    const wall = (mono: number) => new Date(now.wall + mono - now.mono).toISOString();
    return this.unwanted
      .bans(now.mono)
      .map(({ since, until, ...ban }) => ({ ...ban, since: wall(since), until: wall(until) }));
  }

  /** Before the parser. */
  #admitted(flow: Flow, octets: Octets, now: Instant): boolean {
    const { drop } = this.#services;
    if (this.passes.guest(flow, false, now)) return true;
    const admitted = this.gate.admits(flow, octets);
    if (admitted === 'keep-alive') drop(admitted, flow.remote);
    else if (admitted !== 'pass') this.turnAway(admitted, flow, now);
    if (admitted !== 'pass') return false;
    // What answers a request of ours is known by its branch.
    if (octets.startsWith('SIP/2.0 ') || this.gate.isProven(flow)) return true;
    const unwanted = this.unwanted.before(flow.remote.host, octets, now.mono);
    if (unwanted === 'pass' || this.#urgent.isHeard(octets, now)) return true;
    if (unwanted.newlyBanned) this.#banned(unwanted.newlyBanned, flow, now);
    drop(unwanted.drop, flow.remote);
    return false;
  }

  /** By address, connection or certificate, by the dialog that it stands in, and by digest where a trunk is known by that. */
  #identified(request: SipRequest, flow: Flow, now: Instant): Trunk | 'refused' | undefined {
    const inDialog = request.to.tag !== undefined;
    // RFC 3261 22.1: neither can be challenged.
    const begins = !inDialog && request.method !== 'ACK' && request.method !== 'CANCEL';
    const guest = this.passes.guest(flow, begins, now);
    if (guest) return guest;
    const { users } = this.#services;
    const registers = users.registers(request);
    const teller = registers ? this.gate.trunkOf(request, flow, now) : undefined;
    // Another node tells who is registered there.
    if (teller?.node !== undefined) return teller;
    const user = registers ? undefined : users.at(flow, request, begins);
    // A connection is the user's who registered by it. A datagram bears whatever address its sender likes: he is asked.
    if (user && (!begins || flow.connection !== undefined)) return user;
    const byAddress = registers || user ? undefined : this.gate.trunkOf(request, flow, now);
    if (byAddress && !(byAddress.authenticate && begins)) return byAddress;
    const leg = inDialog ? this.legOf(request) : undefined;
    if (leg && isPlaceOf(leg, flow)) return leg.trunk;
    const inNeed = begins ? this.#inNeed(request, byAddress, flow, now) : undefined;
    if (inNeed) return inNeed;
    if (!this.#challenger.asks) return undefined;
    const { drop } = this.#services;
    const known = begins ? undefined : this.#challenger.known(flow, now);
    if (known) return known;
    if (request.method === 'ACK') {
      // Most likely of our 401: nothing wrong, and nothing to do.
      drop('stray-ack', flow.remote);
      return 'refused';
    }
    const suspect = byAddress ?? leg?.trunk;
    if (!begins && !suspect?.authenticate) return undefined;
    const challenged = this.#challenger.challenge(request, flow, registers ? 'users' : suspect, now);
    if (challenged.kind === 'proven') {
      this.unwanted.proved(flow.remote.host, now.mono);
      return challenged.trunk;
    }
    if (challenged.wrong) this.turnAway('wrong-credentials', flow, now);
    else drop('challenged', flow.remote);
    this.#services.outside.refuseStatelessly(request, flow, challenged.status, undefined, challenged.headers);
    return 'refused';
  }

  /** Who calls for help from a place of ours, by what he says himself: he is not asked for a password. */
  #inNeed(request: SipRequest, byAddress: Trunk | undefined, flow: Flow, now: Instant): Trunk | undefined {
    const { configuration, users } = this.#services;
    // From outside anybody could say that he is of the house.
    if (configuration.listeners.find(({ id }) => id === flow.listener)?.side === 'external') return undefined;
    if (!this.#urgent.isTaken(request, flow.remote.host, now)) return undefined;
    const name = unescapeUser(parseUri(request.from.uri)?.user ?? '');
    const trunk = byAddress ?? users.trunk(name, flow);
    // All of its call is heard, whatever its source has done before.
    if (trunk) this.unwanted.proved(flow.remote.host, now.mono);
    return trunk;
  }

  /** Whose dialog it says that it stands in. */
  legOf(request: SipRequest): DialogUser | undefined {
    const { dialogs } = this.#services;
    const { tag = '' } = request.to;
    const known = dialogs.find(request.callId, tag, request.from.tag ?? '');
    // RFC 6665 4.1.2.4: a NOTIFY may come before the 2xx that would tell its sender's tag.
    return known ?? (request.method === 'NOTIFY' ? dialogs.find(request.callId, tag, '') : undefined);
  }

  #banned({ source, reason, detail, until, times }: Ban, flow: Flow, now: Instant): void {
    const seconds = Math.round((until - now.mono) / 1000);
    if (this.#notices.worthTelling(`banned ${source}`, now.mono))
      this.#services.log('warn', 'banned', { source, reason, detail, seconds, times, listener: flow.listener });
    if (flow.connection !== undefined) this.#services.close(flow.connection);
  }
}

/** Plays a ladder against the engine: sends what its parties send, and holds every message that leaves to its lines. */
import { withSessionBody } from '#codec/multipart';
import { parseMessage, SipRequest } from '#codec/sip-message';
import { formatHostPort } from '#kernel';
import type { Configuration } from '#policy/configuration';
import type { DecisionOutcome } from '#policy/decision';
import { OfferAnswerTruth } from '../../src/sim/checks/offer-answer.ts';
import { describe, difference, type Sent } from './compare.ts';
import { configurationOf } from './configurations.ts';
import { Digests } from './digest.ts';
import { type Connecting, type Ladder, LadderError, type Signal, type Step } from './ladder.ts';
import { type Message, parseMessageText } from './message.ts';
import { recordNotation, relayNotation, span } from './notation.ts';
import { type PeerConnection, Phone, type Place, readSent } from './phone.ts';
import { peerOf, placesOf } from './places.ts';
import { untruth } from './record-truths.ts';
import { neverEnds, unrest } from './rest.ts';
import { Truths } from './truths.ts';
import { type Seen, World } from './world.ts';
import { Zone } from './zone.ts';

/** Plays it to the end and to rest; throws a LadderError with both ladders where they part. */
export function play(ladder: Ladder): void {
  new Run(ladder).play();
}

class Run {
  readonly #ladder: Ladder;
  readonly #world: World;
  readonly #truths: Truths;
  readonly #negotiation = new OfferAnswerTruth();
  #configured: Configuration;
  readonly #zone = new Zone();
  readonly #digests: Digests;
  #places: ReadonlyMap<string, Place>;
  readonly #phones = new Map<string, Phone>();
  /** Where REGISTER and OPTIONS that stand by themselves came to: "itsp REGISTER". */
  readonly #desks = new Map<string, Phone>();
  /** What has left for each peer and no line has named yet. */
  readonly #waiting = new Map<string, Sent[]>();
  readonly #connects: Extract<Seen, { kind: 'connect' }>[] = [];
  readonly #drops: string[] = [];
  #idle = 0;
  readonly #records = new Set<string>();
  readonly #connections = new Map<string, PeerConnection & { readonly peer: string }>();
  #opened = 0;
  /** The record that was named last. */
  #record: { readonly decisions: readonly { readonly rule: string; readonly outcome: string }[] } | undefined;
  /** The ladder as it was seen so far. */
  readonly #played: string[] = [];
  #line = 0;

  constructor(ladder: Ladder) {
    this.#ladder = ladder;
    const configuration = this.#configuration(ladder.config, ladder.configLine);
    this.#configured = configuration;
    // What the DNS says at first is known before the engine asks.
    for (let i = 0; ladder.steps[i]?.act.kind === 'dns'; i++) this.#dns(ladder.steps[i]!);
    this.#digests = new Digests(configuration.trunks);
    this.#world = new World(configuration, this.#zone);
    // Who calls for help is put through without the media process too.
    this.#truths = new Truths(() => {
      if (configuration.media.mode === 'bypass' || this.#world.media !== 'answers') return 'all';
      return configuration.media.bypass ? 'some' : 'none';
    });
    this.#places = placesOf(configuration, this.#zone);
  }

  #dns({ line, act }: Step): void {
    try {
      if (act.kind === 'dns') this.#zone.change(act.text);
    } catch (error) {
      throw new LadderError(this.#ladder.file, line, (error as Error).message);
    }
  }

  #configuration(text: string, line: number): Configuration {
    try {
      return configurationOf(text);
    } catch (error) {
      throw new LadderError(this.#ladder.file, line, (error as Error).message);
    }
  }

  play(): void {
    for (const step of this.#ladder.steps) {
      this.#line = step.line;
      try {
        this.#step(step);
      } catch (error) {
        throw error instanceof LadderError ? error : this.#wrong((error as Error).message, [`- ${step.text}`]);
      }
      this.#played.push(`  ${step.text}`);
    }
    try {
      this.#allNamed('nothing more is to happen, but');
      this.#comeToRest();
      this.#allNamed('while it came to rest');
      this.#rests();
    } catch (error) {
      throw error instanceof LadderError ? error : this.#wrong((error as Error).message, []);
    }
  }

  #step(step: Step): void {
    const { text, after, act } = step;
    if (step.within !== undefined) this.#awaitOne(step.within);
    if (after !== undefined) {
      this.#allNamed('before time passes');
      this.#world.pass(after);
      this.#collect();
    }
    switch (act.kind) {
      case 'expect':
        for (let i = 0; i < act.message.times; i++) this.#expect(act.party, act.message, text, after !== undefined);
        return;
      case 'expect-connect':
        return this.#expectConnect(act.party, act.connecting, text);
      case 'traced': {
        const trace = this.#record?.decisions.map(({ rule, outcome }) => `${rule}: ${outcome}`) ?? [];
        if (!trace.some((line) => line.includes(act.text)))
          throw this.#wrong('the record has no such decision', [
            `- ${text}`,
            ...trace.map((line) => `+ traced ${line}`),
          ]);
        return;
      }
      case 'shows': {
        const [what = '', ...words] = act.text.split(' ');
        const seen = this.#view(what);
        if (!seen.includes(words.join(' '))) throw this.#wrong('it does not show that', [`- ${text}`, `+ ${seen}`]);
        return;
      }
      case 'asked': {
        const seen = this.#world.asked.splice(0).join(', ') || 'nothing';
        if (seen !== act.text) throw this.#wrong('other questions to the DNS', [`- ${text}`, `+ asked ${seen}`]);
        return;
      }
      case 'made': {
        const seen = this.#world.made.shift() ?? 'nothing';
        if (seen !== act.text) throw this.#wrong('another key is made', [`- ${text}`, `+ made ${seen}`]);
        return;
      }
      case 'notified': {
        const seen = this.#world.notices.shift() ?? 'nothing';
        if (seen !== act.text) throw this.#wrong('another notice', [`- ${text}`, `+ notified ${seen}`]);
        return;
      }
      case 'service': {
        if (!act.text.startsWith('asked ')) break;
        const seen = this.#world.questions.shift() ?? 'nothing';
        if (seen !== act.text.slice('asked '.length))
          throw this.#wrong('another question to the decision service', [`- ${text}`, `+ service asked ${seen}`]);
        return;
      }
      case 'dns':
        this.#dns(step);
        this.#places = placesOf(this.#configured, this.#zone);
        return;
      case 'record':
        return this.#expectRecord(act.text);
      case 'dropped': {
        const [reason, times = 'x1'] = act.text.split(' ');
        for (let i = Number(times.slice(1)); i > 0; i--) {
          const seen = this.#drops.shift();
          if (seen !== reason) throw this.#wrong('another drop', [`- ${text}`, `+ dropped ${seen ?? 'nothing'}`]);
        }
        return;
      }
      case 'relay': {
        const seen = this.#world.lastPlan ? relayNotation(this.#world.lastPlan) : 'nothing';
        if (seen !== act.text) throw this.#wrong('another relay plan', [`- ${text}`, `+ relay ${seen}`]);
        return;
      }
      case 'idle':
        if (this.#idle !== 1) throw this.#wrong(`the engine has said "idle" ${this.#idle} times`, [`- ${text}`]);
        this.#idle = 0;
        return;
      case 'wait':
        return;
    }
    this.#allNamed('before the next step');
    this.#cause(act);
    this.#collect();
  }

  /** Steps that make something happen. */
  #cause(
    act: Exclude<
      Step['act'],
      {
        kind:
          | `expect${string}`
          | 'record'
          | 'dropped'
          | 'relay'
          | 'idle'
          | 'wait'
          | 'traced'
          | 'shows'
          | 'asked'
          | 'made'
          | 'notified'
          | 'dns';
      }
    >,
  ): void {
    const world = this.#world;
    switch (act.kind) {
      case 'send':
        return this.#send(act.party, act.message);
      case 'signal':
        return this.#signal(act.party, act.signal, act.connecting, act.reason);
      case 'probe':
      case 'register':
        return world.give({ kind: act.kind, trunk: act.trunk });
      case 'operator': {
        const callId = this.#phones.get(act.phone)?.callId;
        const calls = world.inspect().calls as readonly {
          readonly call: string;
          readonly a: { readonly callId: string };
        }[];
        const one = calls.find(({ a }) => a.callId === callId);
        if (!one) throw new Error(`${act.phone} has begun no call that stands`);
        return world.give({ kind: 'end', call: one.call, by: 'an operator' });
      }
      case 'clock':
        return world.jumpClock(act.ms);
      case 'crash':
        this.#connections.clear();
        if (act.config !== undefined) this.#configured = this.#configuration(act.config, this.#line);
        this.#negotiation.died();
        return world.crash(this.#configured);
      case 'configure':
        this.#configured = this.#configuration(act.config, this.#line);
        return world.configure(this.#configured);
      case 'drain':
      case 'stop':
        return world.give({ kind: act.kind });
      case 'store':
        if (act.act === 'answers') world.storeAnswers();
        else world.store = act.act;
        return;
      case 'presses':
        return world.mediaHearsKey(act.side, act.key, act.ms);
      case 'silence':
        return world.mediaHears(act.act, act.side);
      case 'service':
        return world.serviceAnswers(outcomeOf(act.text));
      case 'media':
        if (act.act === 'dies') world.mediaDies();
        else if (act.act === 'cut') world.mediaIsCutOff();
        else if (act.act === 'back') world.mediaIsBack();
        else if (act.act === 'answers') world.mediaAnswers();
        else world.media = act.act;
        return;
    }
  }

  // --- what the parties do -----------------------------------------------------------------------------------------

  #send(label: string, message: Message): void {
    const phone = this.#sender(label, message);
    if (message.transport !== undefined)
      phone.connection = message.transport === 'udp' ? undefined : this.#connectionOf(label);
    const listener = message.at ?? phone.place.listener;
    for (let i = 0; i < message.times; i++) {
      const octets = phone.write(this.#naming(message));
      const read = parseMessage(octets);
      if (!message.lost && read.kind !== 'fault') this.#negotiation.received(read, this.#world.elapsed);
      if (!message.lost) this.#world.give({ kind: 'received', flow: phone.flow(listener), octets });
    }
  }

  /** "{pbx#2}" is the dialog of that call, as the party knows it; escaped within a URI. */
  #naming(message: Message): Message {
    if (!message.headers.some(({ value }) => value.includes('{'))) return message;
    const headers = message.headers.map((header) => {
      const value = header.value.replace(/\{([a-z0-9#]+)\}/, (_, label: string) => {
        const phone = this.#phones.get(label) ?? this.#nobody(label);
        const dialog = header.name.toLowerCase() === 'replaces' && phone.referredTo ? phone.referredTo : phone.dialog;
        return header.name.toLowerCase() === 'refer-to' ? encodeURIComponent(dialog) : dialog;
      });
      return { ...header, value };
    });
    return { ...message, headers };
  }

  #nobody(label: string): never {
    throw new Error(`${label} has no call`);
  }

  #sender(label: string, { what }: Message): Phone {
    const desk =
      what.kind === 'response' || what.method === 'REGISTER'
        ? this.#desks.get(`${peerOf(label)} ${what.method}`)
        : undefined;
    const known = desk ?? this.#phones.get(label);
    if (known) return known;
    if (what.kind === 'response') throw new Error(`${label} has got nothing to answer`);
    if (what.method === 'REGISTER') return this.#registrant(label);
    const phone = Phone.caller(label, this.#place(label), this.#digests, this.#world.now.wall, what.user);
    this.#phones.set(label, phone);
    return phone;
  }

  /** A user's device registers beside its calls. */
  #registrant(label: string): Phone {
    const phone = Phone.registrant(label, this.#place(label), this.#digests, this.#world.now.wall);
    this.#desks.set(`${label} REGISTER`, phone);
    return phone;
  }

  #signal(label: string, signal: Signal, { tls, names, untrusted }: Connecting, reason: string): void {
    const place = this.#place(label);
    const peer = peerOf(label);
    const world = this.#world;
    switch (signal) {
      case 'connect': {
        const name = `in-${++this.#opened}`;
        const transport = tls ? 'tls' : 'tcp';
        this.#connections.set(name, { transport, name, peer });
        const listener = `${place.listener}/${transport}`;
        const flow = { transport, listener, remote: place.address, connection: name } as const;
        const trustedBy = untrusted ? [] : this.#configured.trunks.map((trunk) => trunk.name);
        return world.give({ kind: 'flow-opened', flow, ...(tls ? { peer: { names, trustedBy } } : {}) });
      }
      case 'keep-alive': {
        const flow = { transport: 'udp', listener: `${place.listener}/udp`, remote: place.address } as const;
        return world.give({ kind: 'received', flow, octets: '\r\n\r\n' });
      }
      case 'unreachable':
        return world.give({
          kind: 'undeliverable',
          listener: `${place.listener}/udp`,
          to: place.address,
          reason: 'port unreachable (ICMP)',
        });
      case 'accept': {
        const wanted = this.#asked.get(peer);
        if (!wanted) throw new Error(`nobody connects to ${label}`);
        this.#asked.delete(peer);
        return world.give({ kind: 'flow-opened', flow: wanted.flow });
      }
      case 'retire':
        return world.give({ kind: 'flow-retiring', connection: this.#connectionOf(label).name });
      case 'refuse':
      case 'close': {
        const { name } = this.#connectionOf(label);
        this.#connections.delete(name);
        this.#asked.delete(peer);
        // What waited for the connection is lost with it.
        if (signal === 'refuse') this.#waiting.set(peer, []);
        const why = reason !== '' ? reason : signal === 'refuse' ? 'connection refused' : 'closed';
        return world.give({ kind: 'flow-closed', connection: name, reason: why });
      }
    }
  }

  readonly #asked = new Map<string, Extract<Seen, { kind: 'connect' }>>();

  #connectionOf(label: string): PeerConnection {
    const found = [...this.#connections.values()].filter(({ peer }) => peer === peerOf(label)).at(-1);
    if (!found) throw new Error(`${label} has no connection: "${label} -> connect" first`);
    return found;
  }

  #place(label: string): Place {
    const place = this.#places.get(peerOf(label));
    if (!place) throw new Error(`there is no ${peerOf(label)}: ${[...this.#places.keys()].join(', ')}`);
    return place;
  }

  // --- what the engine does ----------------------------------------------------------------------------------------

  #collect(): void {
    for (const seen of this.#world.seen.splice(0)) {
      switch (seen.kind) {
        case 'drop':
          this.#drops.push(seen.reason);
          break;
        case 'idle':
          this.#idle++;
          break;
        case 'connect': {
          this.#connects.push(seen);
          const { connection: name = '', transport, remote } = seen.flow;
          const peer = this.#peerAt(formatHostPort(remote));
          this.#connections.set(name, { transport: transport === 'tls' ? 'tls' : 'tcp', name, peer });
          break;
        }
        case 'send': {
          const { connection, remote } = seen.flow;
          const peer =
            (connection === undefined ? undefined : this.#connections.get(connection)?.peer) ??
            this.#peerAt(formatHostPort(remote));
          const waiting = this.#waiting.get(peer) ?? [];
          const message = withSessionBody(readSent(seen.octets));
          waiting.push({ ...seen, peer, message });
          const offence = this.#negotiation.sent(message, this.#world.elapsed);
          if (offence) throw this.#wrong(offence, [], seen.octets);
          this.#waiting.set(peer, waiting);
        }
      }
    }
  }

  #peerAt(address: string): string {
    for (const [name, place] of this.#places) if (formatHostPort(place.address) === address) return name;
    throw new Error(`something leaves for ${address}, where nobody is`);
  }

  #expect(label: string, expected: Message, text: string, timed: boolean): void {
    const sent = this.#waiting.get(peerOf(label))?.shift();
    this.#place(label);
    if (!sent) throw this.#wrong(`nothing has left for ${label}`, [`- ${text}`, ...this.#others()]);
    const { message } = sent;
    const phone = this.#phoneOf(sent, label);
    // It answers by the way the request came.
    if (!phone.caller && message instanceof SipRequest)
      phone.connection = this.#connections.get(sent.flow.connection ?? '');
    const again = phone.take(message);
    if (!(message instanceof SipRequest)) phone.noteRefusal(message);
    const seen = describe(phone.label, sent, again, phone);
    const differs =
      phone.label !== label || difference(expected, sent, again, phone, timed && sent.at !== this.#world.elapsed);
    if (differs) {
      const why = differs === true ? 'it belongs to another call' : differs;
      throw this.#wrong(why, [`- ${text}`, `+ ${seen}`, ...this.#others()], sent.octets);
    }
    const offence = again ? undefined : this.#truths.offence(phone, message, this.#phones.values());
    if (offence) throw this.#wrong(offence, [`+ ${seen}`], sent.octets);
  }

  /** The call at the peer that a message belongs to; a request to nobody that stands in no dialog begins one under the label. */
  #phoneOf({ message, peer, flow }: Sent, label: string): Phone {
    for (const phone of this.#phones.values())
      if (phone.callId === message.callId && peerOf(phone.label) === peer) return phone;
    if (message.cseq.method === 'REGISTER' && !(message instanceof SipRequest))
      return this.#desks.get(`${peer} REGISTER`)!;
    const isDesk = message instanceof SipRequest && (message.method === 'REGISTER' || message.method === 'OPTIONS');
    const desk = isDesk ? this.#desks.get(`${peer} ${message.method}`) : undefined;
    if (desk?.callId === message.callId) return desk;
    if (!(message instanceof SipRequest) || (message.to.tag !== undefined && !isDesk))
      throw new Error(`a message of no call of ${label} leaves for it:\n${message.octets}`);
    const phone = Phone.callee(label, this.#place(label), this.#digests, this.#world.now.wall, message);
    phone.connection = this.#connections.get(flow.connection ?? '');
    if (isDesk) {
      this.#desks.set(`${peer} ${message.method}`, phone);
      return phone;
    }
    if (this.#phones.has(label)) throw new Error(`${label} has a call already: name the new one, ${peer}#2`);
    this.#phones.set(label, phone);
    return phone;
  }

  #expectConnect(label: string, { tls, names }: Connecting, text: string): void {
    const seen = this.#connects.shift();
    const peer = seen && this.#peerAt(formatHostPort(seen.flow.remote));
    if (!seen || peer !== peerOf(label)) throw this.#wrong(`no connection is opened to ${label}`, [`- ${text}`]);
    const told = this.#connecting(seen);
    if ((seen.flow.transport === 'tls') !== tls || (tls && seen.tls?.names.join(' ') !== names.join(' ')))
      throw this.#wrong('another connection', [`- ${text}`, `+ ${told}`]);
    this.#asked.set(peer, seen);
  }

  #connecting({ flow, tls }: Extract<Seen, { kind: 'connect' }>): string {
    const how = flow.transport === 'tls' ? ` by tls to ${tls?.names.join(' ')}` : '';
    return `${this.#peerAt(formatHostPort(flow.remote))} <- connect${how}`;
  }

  /** Lets time pass until something leaves. */
  #awaitOne(ms: number): void {
    this.#allNamed('before time passes');
    this.#world.passUntil(ms, () => {
      this.#collect();
      return this.#others().length > 0;
    });
  }

  /** What is known of a trunk, or of those who are kept out, as one text. */
  #view(what: string): string {
    const { trunks, ...views } = this.#world.inspect() as Record<string, object[]> & { trunks: { trunk: string }[] };
    const one = what in views ? views[what] : trunks.find(({ trunk }) => trunk === what);
    return one ? JSON.stringify(one) : `there is no ${what}`;
  }

  #expectRecord(text: string): void {
    const next = [...this.#world.records.values()].find(({ call }) => !this.#records.has(call));
    if (!next) throw this.#wrong('no record is durable', [`- record ${text}`, ...this.#others()]);
    this.#records.add(next.call);
    this.#record = next;
    const seen = recordNotation(next);
    if (seen !== text) throw this.#wrong('another record', [`- record ${text}`, `+ record ${seen}`]);
    const wrong = untruth(next, [...this.#phones.values()], this.#world.steady);
    if (wrong !== undefined)
      throw this.#wrong(`an untruth in a record: ${wrong}`, [`+ record ${JSON.stringify(next)}`]);
  }

  /** Every message that left, every connection, drop and record has its line. */
  #allNamed(when: string): void {
    this.#collect();
    const others = this.#others();
    if (others.length > 0) throw this.#wrong(`${when}, something is not in the ladder`, others);
  }

  /** What has happened and is not named yet, as ladder lines. */
  #others(): string[] {
    const lines: string[] = [];
    for (const [peer, waiting] of this.#waiting) {
      for (const sent of waiting) {
        const phone = [...this.#phones.values()].find(({ callId }) => callId === sent.message.callId);
        lines.push(`+ ${describe(phone?.label ?? peer, sent, phone?.knows(sent.message) ?? false, phone)}`);
      }
    }
    for (const seen of this.#connects) lines.push(`+ ${this.#connecting(seen)}`);
    for (const reason of this.#drops) lines.push(`+ dropped ${reason}`);
    for (const asked of this.#world.questions) lines.push(`+ service asked ${asked}`);
    for (const key of this.#world.made) lines.push(`+ made ${key}`);
    if (this.#idle > 0) lines.push('+ idle');
    return lines;
  }

  /** Nothing of any call is left. */
  #rests(): void {
    const world = this.#world;
    const unnamed = [...world.records.values()].filter(({ call }) => !this.#records.has(call));
    if (unnamed.length > 0)
      throw this.#wrong(
        'records without a line',
        unnamed.map((record) => `+ record ${recordNotation(record)}`),
      );
    const left = unrest(world);
    if (left !== undefined) throw this.#wrong(`not everything is at rest: ${left}`, []);
  }

  /** All timers run out; where trunks register or are asked, everybody is well and answers from now on. */
  #comeToRest(): void {
    const world = this.#world;
    if (!neverEnds(this.#configured)) return world.comeToRest();
    const until = world.elapsed + restWithin;
    this.#wellBeing();
    while (unrest(world) !== undefined && world.elapsed < until) {
      world.pass(100);
      this.#wellBeing();
    }
  }

  #wellBeing(): void {
    for (;;) {
      this.#collect();
      const connect = this.#connects.shift();
      if (connect) {
        this.#world.give({ kind: 'flow-opened', flow: connect.flow });
        continue;
      }
      const asked = [...this.#waiting.values()].flat().find(({ message }) => isAsking(message));
      if (!asked) return;
      const { peer, message } = asked;
      this.#waiting.set(
        peer,
        this.#waiting.get(peer)!.filter((sent) => sent !== asked),
      );
      const phone = this.#phoneOf(asked, peer);
      phone.connection = this.#connections.get(asked.flow.connection ?? '');
      phone.take(message);
      this.#send(peer, parseMessageText(`200 ${message.cseq.method}`));
    }
  }

  #wrong(what: string, lines: readonly string[], octets?: string): LadderError {
    const near = this.#played.slice(-15);
    const raw = octets === undefined ? '' : `\n\n${octets.replaceAll('\r', '')}`;
    return new LadderError(
      this.#ladder.file,
      this.#line,
      `${what} (at ${this.#world.elapsed} ms)\n${[...near, ...lines].join('\n')}${raw}`,
    );
  }
}

/** "says {…}", "says nothing", "fails ECONNREFUSED" */
function outcomeOf(text: string): DecisionOutcome {
  const [how, rest] = span(text);
  if (how === 'says') return { kind: 'answered', text: rest === 'nothing' ? '' : rest };
  if (how === 'fails' && rest !== '') return { kind: 'failed', reason: rest };
  throw new Error(
    `service ${text}: service asked NUMBER of WHO, else …; service says JSON | nothing; service fails WHY`,
  );
}

/** Ms in which a ladder with registrations and the like comes to rest. */
const restWithin = 400_000;

function isAsking(message: Sent['message']): boolean {
  return message instanceof SipRequest && (message.method === 'REGISTER' || message.method === 'OPTIONS');
}

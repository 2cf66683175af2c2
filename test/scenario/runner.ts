/** Plays a ladder against the engine: sends what its parties send, and holds every message that leaves to its lines. */
import { SipRequest } from '#codec/sip-message';
import { formatHostPort } from '#kernel';
import type { Configuration } from '#policy/configuration';
import { describe, difference, type Sent } from './compare.ts';
import { configurationOf } from './configurations.ts';
import { type Ladder, LadderError, type Message, type Signal, type Step } from './ladder.ts';
import { recordNotation, relayNotation } from './notation.ts';
import { Phone, type Place, readSent } from './phone.ts';
import { untruth } from './record-truths.ts';
import { Truths } from './truths.ts';
import { type Seen, World } from './world.ts';

/** Plays it to the end and to rest; throws a LadderError with both ladders where they part. */
export function play(ladder: Ladder): void {
  new Run(ladder).play();
}

class Run {
  readonly #ladder: Ladder;
  readonly #world: World;
  readonly #truths: Truths;
  readonly #places: ReadonlyMap<string, Place>;
  readonly #phones = new Map<string, Phone>();
  /** What has left for each peer and no line has named yet. */
  readonly #waiting = new Map<string, Sent[]>();
  readonly #connects: Extract<Seen, { kind: 'connect' }>[] = [];
  readonly #drops: string[] = [];
  #idle = 0;
  readonly #records = new Set<string>();
  readonly #connections = new Map<string, string>();
  #opened = 0;
  /** The ladder as it was seen so far. */
  readonly #played: string[] = [];
  #line = 0;

  constructor(ladder: Ladder) {
    this.#ladder = ladder;
    const configuration = this.#configuration(ladder.config, ladder.configLine);
    this.#world = new World(configuration);
    this.#truths = new Truths(configuration.media.mode === 'bypass');
    this.#places = placesOf(configuration);
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
      this.#world.comeToRest();
      this.#allNamed('while it came to rest');
      this.#rests();
    } catch (error) {
      throw error instanceof LadderError ? error : this.#wrong((error as Error).message, []);
    }
  }

  #step({ text, after, act }: Step): void {
    if (after !== undefined) {
      this.#allNamed('before time passes');
      this.#world.pass(after);
      this.#collect();
    }
    switch (act.kind) {
      case 'expect':
        return this.#expect(act.party, act.message, text, after !== undefined);
      case 'expect-connect':
        return this.#expectConnect(act.party);
      case 'record':
        return this.#expectRecord(act.text);
      case 'dropped': {
        const seen = this.#drops.shift();
        if (seen !== act.text) throw this.#wrong('another drop', [`- ${text}`, `+ dropped ${seen ?? 'nothing'}`]);
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
    act: Exclude<Step['act'], { kind: `expect${string}` | 'record' | 'dropped' | 'relay' | 'idle' | 'wait' }>,
  ): void {
    const world = this.#world;
    switch (act.kind) {
      case 'send':
        return this.#send(act.party, act.message);
      case 'signal':
        return this.#signal(act.party, act.signal);
      case 'clock':
        return world.jumpClock(act.ms);
      case 'crash':
        this.#connections.clear();
        return world.crash(act.config === undefined ? undefined : this.#configuration(act.config, this.#line));
      case 'drain':
      case 'stop':
        return world.give({ kind: act.kind });
      case 'store':
        if (act.act === 'answers') world.storeAnswers();
        else world.store = act.act;
        return;
      case 'media':
        if (act.act === 'dies') world.mediaDies();
        else if (act.act === 'cut') world.mediaIsCutOff();
        else if (act.act === 'back') world.mediaIsBack();
        else if (act.act === 'silent') world.mediaIsSilent();
        else if (act.act === 'answers') world.mediaAnswers();
        else world.media = act.act;
        return;
    }
  }

  // --- what the parties do -----------------------------------------------------------------------------------------

  #send(label: string, message: Message): void {
    let phone = this.#phones.get(label);
    if (!phone) {
      if (message.what.kind === 'response') throw new Error(`${label} has got nothing to answer`);
      phone = Phone.caller(label, this.#place(label), this.#world.now.wall, message.what.user);
      this.#phones.set(label, phone);
    }
    if (message.transport === 'tcp') phone.connection = this.#connectionOf(label);
    const listener = message.at ?? phone.place.listener;
    const octets = phone.write(message);
    if (message.lost) return;
    this.#world.give({ kind: 'received', flow: phone.flow(listener), octets });
  }

  #signal(label: string, signal: Signal): void {
    const place = this.#place(label);
    const peer = peerOf(label);
    switch (signal) {
      case 'connect': {
        const connection = `in-${++this.#opened}`;
        this.#connections.set(connection, peer);
        const flow = {
          transport: 'tcp',
          listener: `${place.listener}/tcp`,
          remote: place.address,
          connection,
        } as const;
        return this.#world.give({ kind: 'flow-opened', flow });
      }
      case 'keep-alive': {
        const flow = { transport: 'udp', listener: `${place.listener}/udp`, remote: place.address } as const;
        return this.#world.give({ kind: 'received', flow, octets: '\r\n\r\n' });
      }
      case 'unreachable':
        return this.#world.give({
          kind: 'undeliverable',
          listener: `${place.listener}/udp`,
          to: place.address,
          reason: 'port unreachable (ICMP)',
        });
      case 'accept': {
        const wanted = this.#asked.get(peer);
        if (!wanted) throw new Error(`nobody connects to ${label}`);
        this.#asked.delete(peer);
        return this.#world.give({ kind: 'flow-opened', flow: wanted.flow });
      }
      case 'refuse':
      case 'close': {
        const connection = this.#connectionOf(label);
        this.#connections.delete(connection);
        this.#asked.delete(peer);
        // What waited for the connection is lost with it.
        if (signal === 'refuse') this.#waiting.set(peer, []);
        return this.#world.give({
          kind: 'flow-closed',
          connection,
          reason: signal === 'refuse' ? 'connection refused' : 'closed',
        });
      }
    }
  }

  readonly #asked = new Map<string, Extract<Seen, { kind: 'connect' }>>();

  #connectionOf(label: string): string {
    const found = [...this.#connections].filter(([, peer]) => peer === peerOf(label)).at(-1);
    if (!found) throw new Error(`${label} has no connection: "${label} -> connect" first`);
    return found[0];
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
          this.#connections.set(seen.flow.connection!, this.#peerAt(formatHostPort(seen.flow.remote)));
          break;
        }
        case 'send': {
          const { connection, remote } = seen.flow;
          const peer =
            (connection === undefined ? undefined : this.#connections.get(connection)) ??
            this.#peerAt(formatHostPort(remote));
          const waiting = this.#waiting.get(peer) ?? [];
          waiting.push({ ...seen, peer, message: readSent(seen.octets) });
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
    if (!phone.caller && message instanceof SipRequest) phone.connection = sent.flow.connection;
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

  /** The call at the peer that a message belongs to; an INVITE to nobody begins one under the label. */
  #phoneOf({ message, peer, flow }: Sent, label: string): Phone {
    for (const phone of this.#phones.values())
      if (phone.callId === message.callId && peerOf(phone.label) === peer) return phone;
    if (!(message instanceof SipRequest) || message.method !== 'INVITE')
      throw new Error(`a message of no call of ${label} leaves for it:\n${message.octets}`);
    if (this.#phones.has(label)) throw new Error(`${label} has a call already: name the new one, ${peer}#2`);
    const phone = Phone.callee(label, this.#place(label), this.#world.now.wall, message);
    phone.connection = flow.connection;
    this.#phones.set(label, phone);
    return phone;
  }

  #expectConnect(label: string): void {
    const seen = this.#connects.shift();
    const peer = seen && this.#peerAt(formatHostPort(seen.flow.remote));
    if (!seen || peer !== peerOf(label))
      throw this.#wrong(`no connection is opened to ${label}`, [`- ${label} <- connect`]);
    this.#asked.set(peer, seen);
  }

  #expectRecord(text: string): void {
    const next = [...this.#world.records.values()].find(({ call }) => !this.#records.has(call));
    if (!next) throw this.#wrong('no record is durable', [`- record ${text}`, ...this.#others()]);
    this.#records.add(next.call);
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
    for (const { flow } of this.#connects) lines.push(`+ ${this.#peerAt(formatHostPort(flow.remote))} <- connect`);
    for (const reason of this.#drops) lines.push(`+ dropped ${reason}`);
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
    const { calls, transactions, dialogs, deadlines, mediaRequests, trunks } = world.inspect() as Record<
      string,
      object
    >;
    const left = {
      calls,
      transactions,
      dialogs,
      deadlines,
      mediaRequests,
      trunks: (trunks as unknown as { calls: number }[]).filter((trunk) => trunk.calls > 0),
      mediaSessions: [...world.sessions.keys()],
      checkpoints: [...world.checkpoints.values()],
    };
    const clean = {
      calls: [],
      transactions: {},
      dialogs: 0,
      deadlines: 0,
      mediaRequests: 0,
      trunks: [],
      mediaSessions: [],
      checkpoints: [],
    };
    if (JSON.stringify(left) !== JSON.stringify(clean))
      throw this.#wrong(`not everything is at rest: ${JSON.stringify(left, null, 1)}`, []);
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

function peerOf(label: string): string {
  return label.replace(/#\d+$/, '');
}

/** Trunks by name, their further addresses as NAME-2…, and somebody whom no trunk names. */
function placesOf({ trunks, listeners }: Configuration): Map<string, Place> {
  const places = new Map<string, Place>();
  const ours = (side: string) => listeners.find((listener) => listener.side === side)!.advertise;
  for (const { name, side, addresses } of trunks) {
    addresses.forEach(({ host, port }, index) => {
      const label = index === 0 ? name : `${name}-${index + 1}`;
      places.set(label, { trunk: name, address: { host, port }, ours: ours(side), listener: side });
    });
  }
  const stranger = { host: '198.51.100.9', port: 5060 };
  places.set('stranger', { trunk: '', address: stranger, ours: ours('external'), listener: 'external' });
  return places;
}

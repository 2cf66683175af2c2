import { parseMessage, SipRequest, type SipResponse } from '#codec/sip-message';
import { type HostPort, type Instant, seeded } from '#kernel';
import type { Configuration, Listener, Trunk } from '#policy/configuration';
import type { Flow, FlowTransport } from '#sip/flow';
import type { DnsQuestion } from '#sip/locate';
import { Engine } from './engine.ts';
import type { Effect, Input } from './ports/index.ts';

const media = { bind: '192.0.2.1', advertise: '192.0.2.1' };
const transports: readonly FlowTransport[] = ['udp', 'tcp', 'tls'];

function listener(name: string, side: Listener['side'], transport: FlowTransport, host: string): Listener {
  const bind = { host, port: transport === 'tls' ? 5061 : 5060 };
  return { id: `${name}/${transport}`, name, side, transport, bind, advertise: bind };
}

/** A trunk with one address; an ITSP outside unless said otherwise. */
export function trunk(name: string, host: string, more: Partial<Trunk> = {}): Trunk {
  const transport = more.transport ?? 'udp';
  return {
    name,
    kind: 'itsp',
    side: 'external',
    transport,
    addresses: host === '' ? [] : [address(host, transport)],
    capacity: {},
    setupTimeout: 10_000,
    ringTimeout: 60_000,
    ...more,
  };
}

export function address(host: string, transport: FlowTransport = 'udp') {
  return { host, port: transport === 'tls' ? 5061 : 5060, matchPort: false };
}

/** The PBX inside whose calls go to every trunk of the list, in order, and that gets all of theirs. */
export const pbx = trunk('pbx', '10.0.0.2', { kind: 'ip-pbx', side: 'internal' });

export function configuration(trunks: readonly Trunk[], more: Partial<Configuration> = {}): Configuration {
  return {
    listeners: [
      ...transports.map((transport) => listener('lan', 'internal', transport, '10.0.0.1')),
      ...transports.map((transport) => listener('wan', 'external', transport, '192.0.2.1')),
    ],
    trunks: [pbx, ...trunks],
    routes: [
      { name: 'out', from: ['pbx'], to: trunks.map(({ name }) => name) },
      { name: 'in', from: [], to: ['pbx'] },
    ],
    unknownSource: 'refuse',
    media: { mode: 'bypass', internal: media, external: media, ports: { min: 20_000, max: 20_100 }, silence: 0 },
    records: { path: 'data' },
    timers: { t1: 500, t2: 4000, t4: 5000 },
    ...more,
  };
}

export interface Sent {
  readonly flow: Flow;
  readonly octets: string;
  readonly message: SipRequest | SipResponse;
}

/** What a request of a peer's says; the rest is made up. */
export interface Said {
  readonly uri?: string;
  readonly from?: string;
  readonly to?: string;
  readonly callId?: string;
  readonly cseq?: number;
  readonly branch?: string;
  readonly contact?: string;
  readonly headers?: readonly string[];
  readonly body?: string;
}

/** An engine, all that it did, and a clock. */
export class Desk {
  readonly configuration: Configuration;
  engine: Engine;
  mono = 10_000;
  /** Since the last `take`. */
  effects: Effect[] = [];
  readonly #states = new Map<string, string>();
  #count = 0;

  constructor(of: Configuration, kept: readonly (readonly [string, string])[] = []) {
    this.configuration = of;
    this.engine = new Engine({ configuration: of, random: seeded(7) });
    for (const [id, state] of kept) this.#states.set(id, state);
    this.#note(this.engine.restore(kept, this.now));
  }

  get now(): Instant {
    return { mono: this.mono, wall: 1_700_000_000_000 + this.mono };
  }

  /** The process dies, and another takes its place. */
  restart(): void {
    this.engine = new Engine({ configuration: this.configuration, random: seeded(8) });
    this.#note(this.engine.restore(this.kept(), this.now));
  }

  handle(input: Input): void {
    this.#note(this.engine.handle(input, this.now));
  }

  #note(effects: readonly Effect[]): void {
    this.effects.push(...effects);
    for (const effect of effects) {
      if (effect.kind === 'checkpoint') this.#states.set(effect.call, effect.state);
      else if (effect.kind === 'forget') this.#states.delete(effect.call);
    }
  }

  /** Lets time pass, deadline by deadline. */
  pass(ms: number): void {
    const until = this.mono + ms;
    for (let next = this.engine.nextDeadline(); next !== undefined && next <= until; ) {
      this.mono = Math.max(this.mono, next);
      this.handle({ kind: 'wake' });
      next = this.engine.nextDeadline();
    }
    this.mono = until;
  }

  /** Everything since the last `take`, messages taken apart; what the DNS and the store were told stays told. */
  take(): readonly Sent[] {
    const sent = this.effects.flatMap((effect) => {
      if (effect.kind !== 'send') return [];
      const message = parseMessage(effect.octets);
      return message.kind === 'fault' ? [] : [{ flow: effect.flow, octets: effect.octets, message }];
    });
    this.effects = this.effects.filter(({ kind }) => kind === 'resolve' || kind === 'decide' || kind === 'record');
    return sent;
  }

  of<K extends Effect['kind']>(kind: K): readonly Extract<Effect, { kind: K }>[] {
    return this.effects.filter((effect): effect is Extract<Effect, { kind: K }> => effect.kind === kind);
  }

  drops(): readonly string[] {
    return this.of('drop').map(({ reason }) => reason);
  }

  /** The checkpoints that stand, as a process after this one finds them. */
  kept(): readonly (readonly [string, string])[] {
    return [...this.#states];
  }

  /** A peer's request; what it said, to go on with. */
  request(flow: Flow, method: string, said: Said = {}): Required<Said> {
    const n = ++this.#count;
    const { host, port } = flow.remote;
    const full: Required<Said> = {
      uri: 'sip:+49301@192.0.2.1',
      from: `<sip:+4930@${host}>;tag=f${n}`,
      to: '<sip:+49301@192.0.2.1>',
      callId: `c${n}`,
      cseq: 1,
      branch: `z9hG4bKp${n}`,
      contact: `<sip:${host}:${port}${flow.transport === 'udp' ? '' : `;transport=${flow.transport}`}>`,
      headers: [],
      body: '',
      ...said,
    };
    const octets = [
      `${method} ${full.uri} SIP/2.0`,
      `Via: SIP/2.0/${flow.transport.toUpperCase()} ${host}:${port};branch=${full.branch};rport`,
      'Max-Forwards: 70',
      `From: ${full.from}`,
      `To: ${full.to}`,
      `Call-ID: ${full.callId}`,
      `CSeq: ${full.cseq} ${method}`,
      `Contact: ${full.contact}`,
      ...full.headers,
      `Content-Length: ${full.body.length}`,
      '',
      full.body,
    ].join('\r\n');
    this.handle({ kind: 'received', flow, octets });
    return full;
  }

  /** A peer's response to what we sent. */
  respond({ flow, message }: Sent, status: number, headers: readonly string[] = [], tag = 'b'): void {
    const of = (name: string) => message.get(name) ?? '';
    const to = status === 100 || message.to.tag !== undefined ? of('to') : `${of('to')};tag=${tag}`;
    const { host, port } = flow.remote;
    const octets = [
      `SIP/2.0 ${status} Status`,
      ...message.all('via').map((via) => `Via: ${via}`),
      `From: ${of('from')}`,
      `To: ${to}`,
      `Call-ID: ${of('call-id')}`,
      `CSeq: ${of('cseq')}`,
      ...(headers.some((header) => header.startsWith('Contact:'))
        ? []
        : [`Contact: <sip:${host}:${port}${flow.transport === 'udp' ? '' : `;transport=${flow.transport}`}>`]),
      ...headers,
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n');
    this.handle({ kind: 'received', flow, octets });
  }

  /** The name server says where names are. */
  answer(names: Readonly<Record<string, readonly string[]>>, ttl = 60_000): void {
    for (;;) {
      const at = this.effects.findIndex(({ kind }) => kind === 'resolve');
      if (at < 0) return;
      const { question } = this.effects.splice(at, 1)[0] as { readonly question: DnsQuestion };
      const addresses = question.type === 'A' ? names[question.name] : undefined;
      this.handle({
        kind: 'resolved',
        question,
        answer: addresses
          ? { kind: 'records', records: addresses.map((host) => ({ type: 'A', address: host })), ttl }
          : { kind: 'none', reason: 'no-data', ttl },
      });
    }
  }
}

export function requests(sent: readonly Sent[], method: string): readonly (Sent & { readonly message: SipRequest })[] {
  return sent.filter(
    (one): one is Sent & { message: SipRequest } => one.message instanceof SipRequest && one.message.method === method,
  );
}

export function statuses(sent: readonly Sent[]): readonly number[] {
  return sent.flatMap(({ message }) => (message.kind === 'response' ? [message.status] : []));
}

export function udp(side: 'lan' | 'wan', host: string, port = 5060): Flow {
  return { transport: 'udp', listener: `${side}/udp`, remote: { host, port } };
}

export function stream(transport: 'tcp' | 'tls', side: 'lan' | 'wan', remote: HostPort, connection: string): Flow {
  return { transport, listener: `${side}/${transport}`, remote, connection };
}

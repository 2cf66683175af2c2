import { DigestClient } from '#codec/digest';
import {
  formatRequest,
  formatResponse,
  type Header,
  parseMessage,
  type SipRequest,
  SipResponse,
} from '#codec/sip-message';
import { assert, Deadlines, type Instant, Sensitive, seeded } from '#kernel';
import type { Flow } from '#sip/flow';
import type { ClientFailure, OutgoingRequest, Sleeper, Target } from '#sip/transaction';
import type { RegistrationCheckpoint } from './checkpoint.ts';
import { Registration } from './registration.ts';
import { describeTarget } from './request.ts';
import type { Found, RegisterOwner, RegistrationServices, RegistrationSettings } from './settings.ts';

/* A registration in a world of its own: virtual time, scripted registrars. */

export const wallStart = 1_700_000_000_000;

export function settingsOf(over: Partial<RegistrationSettings> = {}): RegistrationSettings {
  return {
    registrars: [registrarOf('itsp.example')],
    user: '+4930123',
    expires: 3_600_000,
    gin: false,
    outbound: false,
    retry: { base: 30_000, most: 1_800_000 },
    ...over,
  };
}

export function registrarOf(host: string, port?: number): RegistrationSettings['registrars'][number] {
  return { host, port: port ?? 5060, matchPort: port !== undefined };
}

export function targetOf(host: string, transport: Target['transport'] = 'udp'): Target {
  return {
    transport,
    remote: { host, port: transport === 'tls' ? 5061 : 5060 },
    listeners: { udp: 'u', tcp: 't', tls: 's' },
  };
}

/** One REGISTER that left. */
export interface Sent {
  /** Monotonic ms. */
  readonly at: number;
  readonly target: Target;
  readonly to: string;
  readonly flow: Flow;
  readonly request: SipRequest;
  readonly owner: RegisterOwner;
}

/** What becomes of a REGISTER: a response, a failure of the transaction, or nothing (Timer F). */
export type Answer =
  | { readonly status: number; readonly headers?: readonly Header[]; readonly phrase?: string; readonly after?: number }
  | 'refused'
  | 'silence';
export type Script = (sent: Sent, count: number) => Answer;

/** A 200 with our Contact as it came, granted as asked or for this many seconds. */
export function ok({ request }: Sent, seconds?: number, headers: readonly Header[] = []): Answer {
  const contact = request.get('contact')!;
  const value = seconds === undefined ? contact : contact.replace(/;expires=\d+/, `;expires=${seconds}`);
  return { status: 200, headers: [['Contact', value], ...headers] };
}

export class World {
  readonly deadlines = new Deadlines<Sleeper>();
  readonly sent: Sent[] = [];
  readonly suspects: string[] = [];
  /** Stages in order, with the ms they were entered at. */
  readonly stages: string[] = [];
  script: Script;
  /** By registrar. */
  found: (registrar: number) => Found = () => ({ kind: 'targets', targets: [targetOf('192.0.2.1')] });
  readonly services: RegistrationServices;
  latency = 20;
  mono = 1_000_000;
  drift = wallStart - 1_000_000;
  onChanged: () => void = () => {};
  #agenda: { readonly at: number; readonly act: () => void }[] = [];
  #connections = 0;

  constructor(script: Script, seed = 1, password = 'secret') {
    this.script = script;
    const random = seeded(seed);
    const credentials = password === '' ? [] : [{ username: 'alice', password: new Sensitive(password) }];
    this.services = {
      deadlines: this.deadlines,
      random,
      registrars: { find: (registrar) => this.found(registrar) },
      authorizer: new DigestClient(credentials, random),
      request: (request, target, owner) => this.#request(request, target, owner),
      advertised: ({ transport, listeners }) =>
        listeners[transport] === undefined
          ? undefined
          : { host: '198.51.100.7', port: transport === 'tls' ? 5061 : 5060 },
      changed: () => this.onChanged(),
      suspect: (flow) => this.suspects.push(flow.connection ?? flow.transport),
    };
  }

  get now(): Instant {
    return { mono: this.mono, wall: this.mono + this.drift };
  }

  registration(over: Partial<RegistrationSettings> = {}): Registration {
    return this.watch(new Registration(settingsOf(over), this.services, this.now));
  }

  restored(checkpoint: RegistrationCheckpoint, over: Partial<RegistrationSettings> = {}, after = 0): Registration {
    const plain = JSON.parse(JSON.stringify(checkpoint)) as RegistrationCheckpoint;
    return this.watch(Registration.restored(plain, settingsOf(over), this.services, this.now, after));
  }

  watch(registration: Registration): Registration {
    let before = registration.stage;
    this.onChanged = () => {
      if (registration.stage === before) return;
      before = registration.stage;
      this.stages.push(`${this.mono} ${before}`);
    };
    return registration;
  }

  /** Lets `ms` go by. */
  run(ms: number): void {
    const until = this.mono + ms;
    while (this.step(until));
    this.mono = until;
  }

  /** Does the next thing due, no later than `until`; false when there is none. */
  step(until: number): boolean {
    const timer = this.deadlines.next() ?? Infinity;
    const event = this.#agenda[0];
    const at = Math.min(timer, event?.at ?? Infinity);
    if (at > until) return false;
    this.mono = Math.max(this.mono, at);
    if (event && event.at <= timer) {
      this.#agenda.shift();
      event.act();
    } else {
      const deadline = this.deadlines.due(this.mono)!;
      deadline.owner.wake(deadline.name, this.now);
    }
    return true;
  }

  /** Ms from now to what the registration waits for next, but for its expiry; undefined when it waits for nothing. */
  wait(): number | undefined {
    let at: number | undefined;
    for (const deadline of this.deadlines) {
      if (deadline.name !== 'expiry') at = Math.min(at ?? Infinity, deadline.at);
    }
    return at === undefined ? undefined : at - this.mono;
  }

  armed(): string {
    return [...this.deadlines]
      .map(({ name }) => name)
      .sort()
      .join(' ');
  }

  /** "REGISTER to" of those since the place. */
  asked(from = 0): readonly string[] {
    return this.sent.slice(from).map(({ to, request }) => `${request.uri} ${to}`);
  }

  respond(sent: Sent, status: number, headers: readonly Header[] = [], phrase = 'Whatever'): void {
    sent.owner.onResponse(responseTo(sent.request, status, headers, phrase), { flow: sent.flow }, this.now);
  }

  later(after: number, act: () => void): void {
    const at = this.mono + after;
    const place = this.#agenda.findIndex((event) => event.at > at);
    this.#agenda.splice(place < 0 ? this.#agenda.length : place, 0, { at, act });
  }

  #request(request: OutgoingRequest, target: Target, owner: RegisterOwner): { readonly flow: Flow } {
    const { method, uri, from, to, callId, cseq, headers, body } = request;
    const via: Header = ['Via', 'SIP/2.0/UDP 198.51.100.7:5060;branch=z9hG4bKx;rport'];
    const fields: Header[] = [via, ['From', from], ['To', to], ['Call-ID', callId], ['CSeq', `${cseq} ${method}`]];
    const parsed = parseMessage(formatRequest(method, uri, [...fields, ...headers], body));
    assert(parsed.kind === 'request', `our REGISTER parses: ${parsed.kind === 'fault' ? parsed.reason : ''}`);
    const { transport, remote, listeners } = target;
    const connection = transport === 'udp' ? undefined : (target.connection ?? `c${++this.#connections}`);
    const flow = { transport, listener: listeners[transport]!, remote, ...(connection && { connection }) };
    const sent: Sent = { at: this.mono, target, to: describeTarget(target), flow, request: parsed, owner };
    this.sent.push(sent);
    const answer = this.script(sent, this.sent.length);
    const fail = (failure: ClientFailure, reason: string) => () => owner.onFailure(failure, reason, this.now);
    if (answer === 'silence') this.later(32_000, fail('timeout', 'Timer F'));
    else if (answer === 'refused') this.later(1, fail('transport', 'connection refused'));
    else {
      const { status, headers: given, phrase, after = this.latency } = answer;
      this.later(after, () => this.respond(sent, status, given, phrase));
    }
    return { flow };
  }
}

function responseTo(request: SipRequest, status: number, headers: readonly Header[], phrase: string): SipResponse {
  const copied = ['Via', 'From', 'To', 'Call-ID', 'CSeq'].map(
    (name): Header => [name, request.get(name.toLowerCase())!],
  );
  const message = parseMessage(formatResponse(status, phrase, [...copied, ...headers]));
  assert(message instanceof SipResponse, 'a response that parses');
  return message;
}

export function challenge(nonce: string, stale = false): readonly Header[] {
  return [
    ['WWW-Authenticate', `Digest realm="itsp.example", nonce="${nonce}", qop="auth"${stale ? ', stale=true' : ''}`],
  ];
}

export const granting: Script = (sent) => ok(sent);
export const hour = 3_600_000;

/** Every registrar has these servers. */
export function targets(...list: readonly Target[]): () => Found {
  return () => ({ kind: 'targets', targets: list });
}

export const first = targetOf('192.0.2.1');
export const second = targetOf('192.0.2.2');
export const twoRegistrars = [registrarOf('a.example'), registrarOf('b.example')];

/** The first registrar has the first server, the second the second. */
export function oneEach(registrar: number): Found {
  return { kind: 'targets', targets: [registrar === 0 ? first : second] };
}

/** Answers by server; whoever is not named is silent. */
export function by(answers: Readonly<Record<string, Script | Answer>>): Script {
  return (sent, count) => {
    const answer = answers[sent.target.remote.host] ?? 'silence';
    return typeof answer === 'function' ? answer(sent, count) : answer;
  };
}

/** Subscriptions and messages between two peers that do whatever comes to their minds: nothing breaks, and nothing is left. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { SipRequest, type SipResponse } from '#codec/sip-message';
import { configurationOf } from './configurations.ts';
import { readSent } from './phone.ts';
import { World } from './world.ts';

const hosts = { pbx: '10.0.0.2', itsp: '203.0.113.10' } as const;
const ours = { pbx: '10.0.0.1', itsp: '192.0.2.1' } as const;
type Name = keyof typeof hosts;
const most = 6;

/** A peer without a memory of its own: it answers, and asks, by what it was sent. */
class Hostile {
  readonly name: Name;
  readonly requests: SipRequest[] = [];
  readonly responses: SipResponse[] = [];
  readonly #world: World;
  readonly #sent: string[] = [];
  #count = 0;

  constructor(name: Name, world: World) {
    this.name = name;
    this.#world = world;
  }

  give(octets: string): void {
    this.#sent.push(octets);
    const listener = this.name === 'pbx' ? 'internal/udp' : 'external/udp';
    const flow = { transport: 'udp', listener, remote: { host: hosts[this.name], port: 5060 } } as const;
    this.#world.give({ kind: 'received', flow, octets });
  }

  again(pick: number): void {
    const octets = this.#sent[pick % Math.max(1, this.#sent.length)];
    if (octets !== undefined) this.give(octets);
  }

  /** A request; `in`: of the dialog that this message stands in. */
  ask(method: string, fields: readonly string[], body: string, within?: SipRequest | SipResponse, tag = 'own'): void {
    const n = ++this.#count;
    const isOurs = within instanceof SipRequest;
    const [from, to] = within
      ? isOurs
        ? [within.to.tag ? within.get('to')! : `${within.get('to')};tag=${tag}`, within.get('from')!]
        : [within.get('from')!, within.get('to')!]
      : [`<sip:1000@${hosts[this.name]}>;tag=${this.name}-${n}`, `<sip:+4930@${ours[this.name]}>`];
    const head = [
      `${method} ${within?.contact?.uri ?? `sip:+4930@${ours[this.name]}`} SIP/2.0`,
      `Via: SIP/2.0/UDP ${hosts[this.name]};branch=z9hG4bK-${this.name}-${n}`,
      'Max-Forwards: 70',
      `From: ${from}`,
      `To: ${to}`,
      `Call-ID: ${within?.callId ?? `${this.name}-${n}`}`,
      `CSeq: ${n} ${method}`,
      `Contact: <sip:${this.name}-${n}@${hosts[this.name]}>`,
      ...fields,
      ...(body === '' ? [] : ['Content-Type: text/plain']),
      `Content-Length: ${body.length}`,
    ];
    this.give(`${head.join('\r\n')}\r\n\r\n${body}`);
  }

  answer(to: SipRequest, status: number, tag: string, fields: readonly string[]): void {
    const head = [
      `SIP/2.0 ${status} Whatever`,
      `Via: ${to.get('via')}`,
      `From: ${to.get('from')}`,
      `To: ${to.get('to')}${to.to.tag === undefined ? `;tag=${tag}` : ''}`,
      `Call-ID: ${to.callId}`,
      `CSeq: ${to.get('cseq')}`,
      `Contact: <sip:${this.name}-${tag}@${hosts[this.name]}>`,
      ...fields,
      'Content-Length: 0',
    ];
    this.give(`${head.join('\r\n')}\r\n\r\n`);
  }
}

/** What a wilful peer does next. */
const step = fc.record({
  who: fc.constantFrom<Name>('pbx', 'itsp', 'itsp', 'pbx'),
  act: fc.constantFrom(
    'message',
    'subscribe',
    'subscribe',
    'refresh',
    'notify',
    'notify',
    'notify',
    'answer',
    'answer',
    'answer',
    'again',
    'wait',
    'crash',
    'stop',
  ),
  pick: fc.nat(50),
  tag: fc.constantFrom('a', 'a', 'a', 'b', 'c'),
  status: fc.constantFrom(200, 200, 200, 202, 302, 401, 404, 407, 423, 481, 489, 503, 603),
  event: fc.constantFrom('presence', 'presence', 'presence', 'presence', 'dialog', 'refer', ';', ''),
  expires: fc.constantFrom('0', '1', '60', '3600', '99999999999', '-1', 'never'),
  state: fc.constantFrom('active;expires=60', 'active', 'pending;expires=0', 'terminated', 'TERMINATED;reason=x', ''),
  ms: fc.constantFrom(0, 100, 4_000, 9_000, 33_000, 100_000),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const first: Step = {
  who: 'pbx',
  act: 'subscribe',
  pick: 1,
  tag: 'a',
  status: 200,
  event: 'presence',
  expires: '60',
  state: 'active;expires=60',
  ms: 0,
};
/** One subscription stands, whatever comes of it. */
const begins: readonly Step[] = [
  first,
  { ...first, who: 'itsp', act: 'answer', pick: 0 },
  { ...first, who: 'itsp', act: 'notify', pick: 0 },
  { ...first, act: 'answer', pick: 0 },
];

class Play {
  readonly world = new World(
    configurationOf(
      `one-itsp, pbx passes=MESSAGE+SUBSCRIBE/presence+REFER subscriptions=${most}, itsp passes=MESSAGE+SUBSCRIBE+REFER`,
    ),
  );
  readonly peers = { pbx: new Hostile('pbx', this.world), itsp: new Hostile('itsp', this.world) };
  readonly #finals = new Map<string, { readonly octets: string; readonly at: number }>();
  readonly #cseqs = new Map<string, number>();
  #stopped = false;

  do({ who, act, pick, tag, status, event, expires, state, ms }: Step): void {
    const peer = this.peers[who];
    const fields = [...(event === '' ? [] : [`Event: ${event}`]), `Expires: ${expires}`];
    const request = peer.requests.at(-1 - (pick % 4));
    const asked = peer.requests
      .filter(({ method }) => method === 'SUBSCRIBE' || method === 'REFER')
      .at(-1 - (pick % 2));
    const notified = peer.requests.filter(({ method }) => method === 'NOTIFY');
    const accepted = peer.responses.filter(({ cseq, status }) => cseq.method === 'SUBSCRIBE' && status < 300);
    const dialog = [...accepted, ...notified].at(-1 - (pick % 3));
    switch (act) {
      case 'message':
        return peer.ask('MESSAGE', [], 'hello');
      case 'subscribe':
        if (pick % 9 === 0) return peer.ask('REFER', ['Refer-To: <sip:+49@192.0.2.99>'], '');
        return peer.ask('SUBSCRIBE', fields, '');
      case 'refresh':
        return dialog && peer.ask('SUBSCRIBE', fields, '', dialog);
      case 'notify':
        if (!asked) return;
        return peer.ask(
          'NOTIFY',
          [`Event: ${event || 'presence'}`, ...(state === '' ? [] : [`Subscription-State: ${state}`])],
          pick % 2 === 0 ? 'open' : '',
          asked,
          tag,
        );
      case 'answer':
        return request && peer.answer(request, status, tag, [`Expires: ${expires}`, 'Retry-After: 5']);
      case 'again':
        return peer.again(pick);
      case 'wait':
        return this.world.pass(ms);
      case 'crash':
        return this.world.crash();
      case 'stop':
        if (pick % 5 === 0 && !this.#stopped) this.world.give({ kind: 'stop' });
        this.#stopped ||= pick % 5 === 0;
    }
  }

  /** What has left goes to whom it was sent, and is held to what holds of all that leaves. */
  look(): void {
    for (const seen of this.world.seen.splice(0)) {
      if (seen.kind !== 'send') continue;
      const name = (Object.keys(hosts) as Name[]).find((one) => hosts[one] === seen.flow.remote.host);
      const message = readSent(seen.octets);
      if (!name) continue;
      const other = name === 'pbx' ? 'itsp' : 'pbx';
      const head = seen.octets.slice(0, seen.octets.length - message.body.length);
      for (const secret of [hosts[other], ours[other]]) expect(head).not.toContain(secret);
      if (message instanceof SipRequest) this.#request(name, message);
      else this.#response(name, message, seen.at);
    }
    const { subscriptions } = this.world.inspect().passing as { subscriptions: object[] };
    expect(subscriptions.length).toBeLessThanOrEqual(most + 2);
  }

  #request(name: Name, request: SipRequest): void {
    const { peers } = this;
    if (peers[name].requests.some(({ octets }) => octets === request.octets)) return;
    peers[name].requests.push(request);
    const dialog = `${name} ${request.callId} ${request.from.tag} ${request.to.tag}`;
    expect(request.cseq.number).toBeGreaterThan(this.#cseqs.get(dialog) ?? 0);
    this.#cseqs.set(dialog, request.cseq.number);
    if (request.method === 'NOTIFY') expect(request.get('event')).toBeDefined();
    this.came.add(`${name} ${request.method} ${request.to.tag === undefined ? 'outside' : 'inside'}`);
  }

  #response(name: Name, response: SipResponse, at: number): void {
    if (response.status < 200) return;
    const key = `${name} ${response.via.branch} ${response.cseq.method}`;
    const before = this.#finals.get(key);
    // Who asks again when his transaction is over asks anew; the next process knows nothing of what the one before has answered.
    if (before && at - before.at < 32_000 && !this.crashed) expect(response.octets).toBe(before.octets);
    else this.#finals.set(key, { octets: response.octets, at });
    this.peers[name].responses.push(response);
  }

  crashed = false;
  /** What kinds of requests crossed. */
  readonly came = new Set<string>();

  rests(): void {
    this.world.comeToRest();
    this.look();
    const { dialogs, deadlines, transactions, passing } = this.world.inspect() as Record<string, object>;
    expect({ dialogs, deadlines, transactions }).toEqual({ dialogs: 0, deadlines: 0, transactions: {} });
    expect(passing).toMatchObject({ subscriptions: [] });
    expect([...this.world.checkpoints]).toEqual([]);
  }
}

test('whatever subscribers and notifiers do, nothing shows of the other side, nothing grows, and all ends', () => {
  const came = new Map<string, number>();
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), (steps) => {
      const play = new Play();
      for (const one of [...begins, ...steps]) {
        if (one.act === 'crash') play.crashed = true;
        play.do(one);
        play.look();
      }
      play.rests();
      for (const kind of play.came) came.set(kind, (came.get(kind) ?? 0) + 1);
    }),
    { numRuns: 150 },
  );
  // It has been about something.
  for (const kind of ['pbx NOTIFY inside', 'itsp SUBSCRIBE inside', 'itsp SUBSCRIBE outside', 'itsp MESSAGE outside'])
    expect(came.get(kind), kind).toBeGreaterThan(10);
});

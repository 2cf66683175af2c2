import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMessage, SipRequest, SipResponse } from '#codec/sip-message';
import { Deadlines, type Instant, type Octets, type Random, seeded } from '#kernel';
import { type Flow, FlowTable } from '#sip/flow';
import {
  type ClientTransaction,
  defaultTimers,
  formatOutgoingResponse,
  type OutgoingRequest,
  type Sleeper,
  type Target,
  TransactionLayer,
} from '#sip/transaction';
import { OptionsPing, type OptionsPingSettings, type PingOwner, type PingResult } from './options-ping.ts';

const remote = { host: '192.0.2.9', port: 5060 };
const target: Target = { transport: 'udp', remote, listeners: { udp: 'u', tcp: 't', tls: 's' } };
const contact = { transport: 'udp', host: 'sbc.example.com', port: 5060 } as const;
const settings: OptionsPingSettings = {
  interval: 60_000,
  uri: 'sip:example.net',
  domain: 'example.com',
  contact,
  allow: 'INVITE, ACK, BYE',
  target: () => target,
};

const at = (mono: number): Instant => ({ mono, wall: 1_700_000_000_000 + mono });

/** A ping by itself: what it sends is answered by hand. */
class Bench {
  readonly deadlines = new Deadlines<Sleeper>();
  readonly sent: { readonly at: number; readonly request: OutgoingRequest; readonly owner: PingOwner }[] = [];
  readonly results: PingResult[] = [];
  readonly ping: OptionsPing;
  now = 1_000;
  /** What else is done when something is heard. */
  onHeard: (result: PingResult, now: Instant) => void = () => {};

  constructor(changes: Partial<OptionsPingSettings> = {}, random: Random = seeded(1)) {
    this.ping = new OptionsPing(
      { ...settings, ...changes },
      {
        deadlines: this.deadlines,
        random,
        request: (request, to, owner, now) => {
          this.sent.push({ at: now, request, owner });
          return { flow: { transport: to.transport, listener: 'u', remote: to.remote } };
        },
        heard: (result, now) => {
          this.results.push(result);
          this.onHeard(result, now);
        },
      },
    );
  }

  start(): this {
    this.ping.start(at(this.now));
    return this;
  }

  /** Lets time pass up to the next deadline. Returns when. */
  next(): number {
    const mono = this.deadlines.next();
    if (mono === undefined) throw new Error('nothing is due');
    this.now = mono;
    const { owner, name } = this.deadlines.due(mono)!;
    owner.wake(name, at(mono));
    return mono;
  }

  answer(status: number, after = 12, retryAfter?: string): this {
    this.now += after;
    this.sent.at(-1)!.owner.onResponse(responseOf(status, retryAfter), { flow }, at(this.now));
    return this;
  }

  fail(failure: 'timeout' | 'transport', after: number): this {
    this.now += after;
    this.sent.at(-1)!.owner.onFailure(failure, 'connection refused', at(this.now));
    return this;
  }
}

const flow: Flow = { transport: 'udp', listener: 'u', remote };

function responseOf(status: number, retryAfter?: string): SipResponse {
  const lines = [
    `SIP/2.0 ${status} X`,
    'Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1',
    'From: <sip:a@192.0.2.1>;tag=1',
    'To: <sip:b@192.0.2.2>;tag=2',
    'Call-ID: 1',
    'CSeq: 1 OPTIONS',
    ...(retryAfter === undefined ? [] : [`Retry-After: ${retryAfter}`]),
    'Content-Length: 0\r\n\r\n',
  ];
  const message = parseMessage(lines.join('\r\n'));
  if (!(message instanceof SipResponse)) throw new Error('no response');
  return message;
}

describe('when it asks', () => {
  test('a thousand targets that start together make no burst, then or later', () => {
    const benches = Array.from({ length: 1000 }, (_, i) => new Bench({}, seeded(i)).start());
    for (const round of [0, 1, 2]) {
      const perSecond = new Map<number, number>();
      for (const bench of benches) {
        const second = Math.floor(bench.next() / 1000);
        perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
        bench.answer(200);
      }
      // Spread evenly over 10 s they would be 100 a second: six standard deviations more at the most.
      expect(Math.max(...perSecond.values()), `round ${round}`).toBeLessThan(160);
    }
  });

  test.each([1_000, 20_000, 60_000, 3_600_000])('every %i ms, give or take a tenth', (interval) => {
    const bench = new Bench({ interval }).start();
    expect(bench.next()).toBeLessThanOrEqual(1_000 + Math.min(interval, 10_000));
    const pauses: number[] = [];
    for (let i = 0; i < 200; i++) {
      const before = bench.now;
      bench.answer(200, 0);
      pauses.push(bench.next() - before);
    }
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(interval === 1_000 ? 1_000 : interval * 0.9);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(interval * 1.1 + 1);
    expect(Math.max(...pauses) - Math.min(...pauses)).toBeGreaterThan(interval * 0.05);
  });

  test('not while one is pending, and soon after when that took longer than the interval', () => {
    const bench = new Bench({ interval: 10_000 }).start();
    bench.next();
    expect(bench.deadlines.size).toBe(0);
    expect(bench.ping.probe(at(bench.now + 1))).toBe(false);
    bench.fail('timeout', 32_000);
    bench.next();
    expect(bench.sent[1]!.at - bench.sent[0]!.at).toBe(33_000);
  });

  test('a target that is down is asked every 10 s, at once', () => {
    const bench = new Bench().start();
    bench.onHeard = ({ kind }, now) => bench.ping.setDown(kind !== 'answered', now);
    bench.next();
    bench.fail('transport', 0);
    const down = bench.now;
    expect(bench.next() - down).toBeLessThanOrEqual(11_000);
    bench.answer(200, 0);
    const up = bench.now;
    expect(bench.next() - up).toBeGreaterThanOrEqual(54_000);
  });

  test('down by what others heard: the one that is due comes sooner, never later', () => {
    const bench = new Bench().start();
    bench.next();
    bench.answer(200);
    bench.ping.setDown(true, at(bench.now));
    expect(bench.deadlines.next()! - bench.now).toBeLessThanOrEqual(11_000);
    bench.ping.setDown(false, at(bench.now));
    bench.ping.setDown(true, at(bench.now + 5_000));
    expect(bench.deadlines.next()! - bench.now).toBeLessThanOrEqual(11_000);
    expect(bench.deadlines.size).toBe(1);
  });

  test('a shorter interval stays when it is down', () => {
    const bench = new Bench({ interval: 5_000 }).start();
    bench.ping.setDown(true, at(bench.now));
    bench.next();
    bench.fail('transport', 0);
    expect(bench.deadlines.next()! - bench.now).toBeLessThanOrEqual(5_500);
  });

  test('whoever has little patience is told sooner, and an answer that comes later is nothing to him', () => {
    const bench = new Bench({ interval: 2_000, patience: 1_500 }).start();
    const sent = bench.next();
    expect(bench.next()).toBe(sent + 1_500);
    expect(bench.results).toEqual([{ kind: 'unanswered' }]);
    bench.answer(200);
    expect(bench.results).toHaveLength(1);
    bench.next();
    bench.answer(200);
    expect(bench.results.map(({ kind }) => kind)).toEqual(['unanswered', 'answered']);
    bench.next();
    bench.ping.stop();
    expect(bench.deadlines.size).toBe(0);
  });

  test('503 with Retry-After is heeded', () => {
    const bench = new Bench().start();
    bench.next();
    bench.answer(503, 10, '300;duration=60');
    expect(bench.results).toEqual([{ kind: 'answered', status: 503, roundTrip: 10, retryAfter: 300 }]);
    bench.ping.setDown(true, at(bench.now));
    expect(bench.deadlines.next()! - bench.now).toBe(300_000);
    const before = bench.now;
    expect(bench.ping.probe(at(bench.now))).toBe(true); // Somebody wants to know.
    bench.answer(503, 0, '99999999999');
    expect(bench.deadlines.next()! - before).toBe(3_600_000);
  });

  test('a Retry-After in anything else is not about the server', () => {
    const bench = new Bench().start();
    bench.next();
    bench.answer(480, 10, '3000');
    expect(bench.deadlines.next()! - bench.now).toBeLessThanOrEqual(66_000);
  });

  test('interval 0: only where it is asked to', () => {
    const bench = new Bench({ interval: 0 }).start();
    expect(bench.deadlines.size).toBe(0);
    expect(bench.ping.probe(at(5_000))).toBe(true);
    bench.now = 5_000;
    bench.answer(200, 7);
    expect(bench.results).toEqual([{ kind: 'answered', status: 200, roundTrip: 7 }]);
    expect(bench.deadlines.size).toBe(0);
  });

  test('a probe takes the place of the next', () => {
    const bench = new Bench().start();
    bench.ping.probe(at(bench.now));
    expect(bench.deadlines.size).toBe(0);
    bench.answer(200, 5);
    expect(bench.deadlines.next()! - bench.now).toBeGreaterThanOrEqual(53_000);
  });

  test('a probe before the start, or from within what is told, is the one that is pending', () => {
    const bench = new Bench();
    bench.ping.probe(at(bench.now));
    bench.start();
    expect(bench.deadlines.size).toBe(0);
    bench.onHeard = (_, now) => bench.results.length === 1 && bench.ping.probe(now);
    bench.answer(200);
    expect(bench.ping.inspect().state).toBe('pending');
    expect(bench.deadlines.size).toBe(0);
    bench.answer(200);
    expect(bench.deadlines.size).toBe(1);
  });

  test('stopped, it sends and tells no more, also what is under way', () => {
    const bench = new Bench().start();
    bench.next();
    bench.ping.stop();
    bench.answer(200);
    expect(bench.results).toEqual([]);
    expect(bench.deadlines.size).toBe(0);
    const [old] = bench.sent;
    bench.start();
    bench.next();
    old!.owner.onFailure('timeout', 'late', at(bench.now));
    expect(bench.results).toEqual([]);
    bench.answer(200);
    expect(bench.results.length).toBe(1);
  });
});

describe('what it tells', () => {
  test.each([200, 302, 400, 401, 404, 405, 407, 408, 481, 486, 500, 503, 603])('%i is an answer', (status) => {
    const bench = new Bench().start();
    bench.next();
    expect(bench.answer(status).results).toEqual([{ kind: 'answered', status, roundTrip: 12 }]);
  });

  test('a provisional response is none', () => {
    const bench = new Bench().start();
    bench.next();
    bench.answer(100).answer(180);
    expect(bench.results).toEqual([]);
    expect(bench.ping.inspect()).toMatchObject({ state: 'pending' });
    expect(bench.answer(200).results).toEqual([{ kind: 'answered', status: 200, roundTrip: 36 }]);
  });

  test('silence, and a transport that fails', () => {
    const bench = new Bench().start();
    bench.next();
    bench.fail('timeout', 32_000);
    bench.next();
    bench.fail('transport', 3);
    expect(bench.results).toEqual([{ kind: 'unanswered' }, { kind: 'unreachable', detail: 'connection refused' }]);
  });

  test('its state is to be seen', () => {
    const bench = new Bench();
    expect(bench.ping.inspect()).toEqual({ state: 'stopped' });
    bench.start();
    expect(bench.ping.inspect()).toEqual({ state: 'waiting', nextAt: bench.deadlines.next() });
    const sentAt = bench.next();
    expect(bench.ping.inspect()).toEqual({ state: 'pending', sentAt });
    bench.answer(404);
    expect(bench.ping.inspect()).toEqual({
      state: 'waiting',
      nextAt: bench.deadlines.next(),
      last: { kind: 'answered', status: 404, roundTrip: 12 },
    });
  });
});

/** The ping on a real transaction layer, whose network is an array. */
class Wire {
  readonly deadlines = new Deadlines<Sleeper>();
  readonly sent: { readonly at: number; readonly flow: Flow; readonly octets: Octets }[] = [];
  readonly results: { readonly at: number; readonly result: PingResult }[] = [];
  readonly layer: TransactionLayer<PingOwner>;
  readonly ping: OptionsPing;
  now = 0;

  constructor(changes: Partial<OptionsPingSettings> = {}) {
    const socket = { advertise: { host: '192.0.2.1', port: 5060 } };
    this.layer = new TransactionLayer<PingOwner>({
      deadlines: this.deadlines,
      timers: defaultTimers,
      random: seeded(3),
      flows: new FlowTable([
        { id: 'u', transport: 'udp', ...socket },
        { id: 's', transport: 'tls', advertise: { host: 'sbc.example.com', port: 5061 } },
      ]),
      maxTransactions: 10,
      send: (to, octets) => void this.sent.push({ at: this.now, flow: to, octets }),
      connect: () => {},
    });
    this.ping = new OptionsPing(
      { ...settings, ...changes },
      {
        deadlines: this.deadlines,
        random: seeded(4),
        request: (request, to, owner, now): ClientTransaction<PingOwner> => this.layer.request(request, to, owner, now),
        heard: (result) => void this.results.push({ at: this.now, result }),
      },
    );
  }

  runTo(end: number): void {
    for (let due = this.deadlines.next(); due !== undefined && due <= end; due = this.deadlines.next()) {
      this.now = due;
      for (let one = this.deadlines.due(due); one; one = this.deadlines.due(due)) one.owner.wake(one.name, at(due));
      this.drain();
    }
    this.now = end;
  }

  drain(): void {
    for (const event of this.layer.events.splice(0)) {
      if (event.kind === 'response')
        event.transaction.owner.onResponse(event.response, event.transaction, at(this.now));
      if (event.kind === 'failed') event.transaction.owner.onFailure(event.failure, event.reason, at(this.now));
    }
  }

  request(octets = this.sent.at(-1)!.octets): SipRequest {
    const message = parseMessage(octets);
    if (!(message instanceof SipRequest)) throw new Error('no request');
    return message;
  }
}

describe('on the wire', () => {
  test('who asks is known by the Contact, with the name and without a user', () => {
    const wire = new Wire({
      target: () => ({ ...target, transport: 'tls', remote: { ...remote, port: 5061 } }),
      contact: { transport: 'tls', host: 'sbc.example.com', port: 5061 },
      userAgent: 'Tandem',
      routes: () => ['<sip:edge.example.net;lr>', '<sip:core.example.net;lr>'],
    });
    wire.ping.probe(at(0));
    const { flow: by, octets } = wire.sent[0]!;
    expect(by).toMatchObject({ transport: 'tls', listener: 's', remote: { host: '192.0.2.9', port: 5061 } });
    const lines = octets
      .split('\r\n')
      .map((line) => line.replace(/(branch|tag)=[^;]+/, '$1=…').replace(/ [0-9a-f]{32}$/, ' …'));
    expect(lines).toEqual([
      'OPTIONS sip:example.net SIP/2.0',
      'Via: SIP/2.0/TLS sbc.example.com:5061;branch=…;rport',
      'Route: <sip:edge.example.net;lr>',
      'Route: <sip:core.example.net;lr>',
      'From: <sip:example.com>;tag=…',
      'To: <sip:example.net>',
      'Call-ID: …',
      'CSeq: 1 OPTIONS',
      'Max-Forwards: 70',
      'Contact: <sip:sbc.example.com:5061;transport=tls>',
      'Accept: application/sdp',
      'Allow: INVITE, ACK, BYE',
      'User-Agent: Tandem',
      'Content-Length: 0',
      '',
      '',
    ]);
  });

  test('addresses of IPv6 stand in brackets', () => {
    const wire = new Wire({ domain: '2001:db8::1', contact: { transport: 'udp', host: '2001:db8::1', port: 5070 } });
    wire.ping.probe(at(0));
    expect(wire.request().get('contact')).toBe('<sip:[2001:db8::1]:5070>');
    expect(wire.request().get('from')).toMatch(/^<sip:\[2001:db8::1\]>;tag=/);
  });

  test('each is a request of its own', () => {
    const wire = new Wire();
    wire.ping.start(at(0));
    wire.runTo(200_000);
    const requests = wire.sent.map(({ octets }) => wire.request(octets));
    const ids = new Set(requests.map(({ callId }) => callId));
    expect(ids.size).toBeGreaterThanOrEqual(3);
    expect(new Set(requests.map(({ from }) => from.tag)).size).toBe(ids.size);
  });

  test('an answer, after a request that was lost', () => {
    const wire = new Wire();
    wire.ping.probe(at(0));
    wire.runTo(500);
    expect(wire.sent.length).toBe(2);
    wire.now = 530;
    const answer = formatOutgoingResponse(wire.request(), remote, { status: 404, toTag: 'x' });
    const response = parseMessage(answer);
    if (response.kind === 'response') wire.layer.receiveResponse(response, flow, 530);
    wire.drain();
    expect(wire.results).toEqual([{ at: 530, result: { kind: 'answered', status: 404, roundTrip: 530 } }]);
  });

  test('a silent target: unanswered once its transaction has given up, and asked again and again', () => {
    const wire = new Wire({ interval: 10_000 });
    wire.ping.start(at(0));
    wire.runTo(200_000);
    const told = wire.results.map((each) => each.at);
    expect(wire.results.every(({ result }) => result.kind === 'unanswered')).toBe(true);
    expect(told.length).toBe(5);
    for (let i = 1; i < told.length; i++) expect(told[i]! - told[i - 1]!).toBe(33_000);
  });

  test('a datagram that nobody takes: unreachable at once', () => {
    const wire = new Wire();
    wire.ping.probe(at(0));
    wire.now = 3;
    wire.layer.undeliverable('u', remote, 'connection refused', 3);
    wire.drain();
    expect(wire.results).toEqual([{ at: 3, result: { kind: 'unreachable', detail: 'connection refused' } }]);
  });
});

test('whatever comes of each, it goes on: one pending or one due, never both, never neither', () => {
  const step = fc.oneof(
    fc.constantFrom('answer', 'timeout', 'transport', 'probe', 'down', 'up').map((kind) => ({ kind, retryAfter: '' })),
    fc.integer({ min: 0, max: 10_000 }).map((seconds) => ({ kind: '503', retryAfter: String(seconds) })),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.integer({ min: 1, max: 120_000 }), (steps, interval) => {
      const bench = new Bench({ interval }).start();
      for (const { kind, retryAfter } of steps) {
        const pending = bench.ping.inspect().state === 'pending';
        if (kind === 'probe') expect(bench.ping.probe(at(bench.now))).toBe(!pending);
        else if (kind === 'down' || kind === 'up') bench.ping.setDown(kind === 'down', at(bench.now));
        else {
          if (!pending) {
            const before = bench.now;
            expect(bench.next()).toBeGreaterThanOrEqual(before);
          }
          if (kind === 'answer') bench.answer(200);
          else if (kind === '503') bench.answer(503, 12, retryAfter);
          else bench.fail(kind === 'timeout' ? 'timeout' : 'transport', 32_000);
        }
        expect(bench.deadlines.size).toBe(bench.ping.inspect().state === 'pending' ? 0 : 1);
      }
    }),
  );
});

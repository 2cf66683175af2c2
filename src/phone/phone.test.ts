import { describe, expect, test } from 'vitest';
import { parseMessage } from '#codec/sip-message';
import { formatHostPort, type HostPort, seeded } from '#kernel';
import type { PhoneEvent, PhoneInput } from './messages.ts';
import { Phone } from './phone.ts';

const alice: HostPort = { host: '192.0.2.1', port: 5060 };
const bob: HostPort = { host: '192.0.2.2', port: 5070 };

/** Two phones on a wire of 10 ms, with a clock that stands still unless it is wound. */
class Wire {
  now = 0;
  readonly phones = new Map(
    [alice, bob].map((at, index) => [formatHostPort(at), new Phone({ address: at, random: seeded(index) })]),
  );
  readonly events: (PhoneEvent & { at: 'alice' | 'bob' })[] = [];
  /** What went over the wire: "alice INVITE", "bob 200 INVITE". */
  readonly seen: string[] = [];
  /** Says which of what is sent gets lost; counted from 1 by what it is. */
  lose: (what: string, count: number) => boolean = () => false;
  readonly #counts = new Map<string, number>();
  #flying: { at: number; to: string; from: HostPort; octets: string }[] = [];

  tell(who: 'alice' | 'bob', input: PhoneInput): void {
    this.#handle(who === 'alice' ? alice : bob, input);
  }

  /** Winds the clock forward. */
  run(ms: number): void {
    for (const end = this.now + ms; ; ) {
      const next = Math.min(
        ...this.#flying.map(({ at }) => at),
        ...[...this.phones.values()].map((phone) => phone.nextDeadline() ?? Infinity),
      );
      if (next > end) {
        this.now = end;
        return;
      }
      this.now = Math.max(this.now, next);
      const landed = this.#flying.filter(({ at }) => at <= this.now);
      this.#flying = this.#flying.filter(({ at }) => at > this.now);
      for (const { to, from, octets } of landed) {
        const address = to === formatHostPort(alice) ? alice : bob;
        this.#handle(address, {
          kind: 'received',
          flow: { transport: 'udp', listener: 'phone/udp', remote: from },
          octets,
        });
      }
      for (const address of [alice, bob]) {
        const phone = this.phones.get(formatHostPort(address))!;
        if ((phone.nextDeadline() ?? Infinity) <= this.now) this.#handle(address, { kind: 'wake' });
      }
    }
  }

  told(who: 'alice' | 'bob'): string[] {
    return this.events.filter(({ at }) => at === who).map(({ kind }) => kind);
  }

  #handle(address: HostPort, input: PhoneInput): void {
    const name = address === alice ? 'alice' : 'bob';
    for (const effect of this.phones.get(formatHostPort(address))!.handle(input, { mono: this.now, wall: this.now })) {
      if (effect.kind === 'tell') {
        this.events.push({ ...effect.event, at: name });
        continue;
      }
      const message = parseMessage(effect.octets);
      if (message.kind === 'fault') throw new Error(message.reason);
      const what = `${name} ${message.kind === 'request' ? message.method : `${message.status} ${message.cseq.method}`}`;
      const count = (this.#counts.get(what) ?? 0) + 1;
      this.#counts.set(what, count);
      const lost = this.lose(what, count);
      this.seen.push(lost ? `${what} (lost)` : what);
      if (lost) continue;
      this.#flying.push({
        at: this.now + 10,
        to: formatHostPort(effect.flow.remote),
        from: address,
        octets: effect.octets,
      });
    }
  }
}

const dial: PhoneInput = { kind: 'dial', call: 'a', caller: '+4930', called: '+4420', to: bob, offer: 'offer' };

/** A wire with a call that both know to stand. */
function talking(lose?: Wire['lose']): Wire {
  const wire = new Wire();
  if (lose) wire.lose = lose;
  wire.tell('alice', dial);
  wire.run(5_000);
  wire.tell('bob', { kind: 'ring', call: 'in-1' });
  wire.run(5_000);
  wire.tell('bob', { kind: 'answer', call: 'in-1', answer: 'answer' });
  wire.run(5_000);
  return wire;
}

describe('setting up', () => {
  test('dial, ring, answer', () => {
    const wire = talking();
    expect(wire.seen).toEqual(['alice INVITE', 'bob 100 INVITE', 'bob 180 INVITE', 'bob 200 INVITE', 'alice ACK']);
    expect(wire.events).toMatchObject([
      { at: 'bob', kind: 'incoming', call: 'in-1', caller: '+4930', called: '+4420', offer: 'offer' },
      { at: 'alice', kind: 'ringing', call: 'a', status: 180 },
      { at: 'alice', kind: 'answered', call: 'a', answer: 'answer' },
      { at: 'bob', kind: 'answered', call: 'in-1' },
    ]);
  });

  test('the 2xx is sent until its ACK comes, and the ACK for each 2xx', () => {
    const wire = talking((what, count) => what === 'alice ACK' && count < 3);
    expect(wire.seen.filter((what) => what === 'bob 200 INVITE')).toHaveLength(3);
    expect(wire.seen.filter((what) => what.startsWith('alice ACK'))).toEqual([
      'alice ACK (lost)',
      'alice ACK (lost)',
      'alice ACK',
    ]);
    expect(wire.told('bob')).toEqual(['incoming', 'answered']);
    expect(wire.told('alice')).toEqual(['ringing', 'answered']);
  });

  test('an answer that is never acknowledged is ended with BYE', () => {
    const wire = talking((what) => what === 'alice ACK');
    wire.run(40_000);
    expect(wire.seen.filter((what) => what === 'bob BYE')).toHaveLength(1);
    expect(wire.events.filter(({ kind }) => kind === 'ended')).toMatchObject([
      { at: 'alice', by: 'peer' },
      { at: 'bob', by: 'us', status: 200 },
    ]);
  });

  test('nobody there', () => {
    const wire = new Wire();
    wire.lose = (what) => what.startsWith('alice');
    wire.tell('alice', dial);
    wire.run(40_000);
    expect(wire.events).toMatchObject([{ kind: 'ended', call: 'a', by: 'nobody', status: 0 }]);
    expect(wire.seen).toHaveLength(7);
  });

  test('refused', () => {
    const wire = new Wire();
    wire.tell('alice', dial);
    wire.run(100);
    wire.tell('bob', { kind: 'refuse', call: 'in-1', status: 503 });
    wire.run(100);
    expect(wire.events.slice(1)).toMatchObject([
      { at: 'bob', kind: 'ended', by: 'us', status: 503 },
      { at: 'alice', kind: 'ended', by: 'peer', status: 503 },
    ]);
    expect(wire.seen.at(-1)).toBe('alice ACK');
  });

  test('the caller gives up while it rings', () => {
    const wire = new Wire();
    wire.tell('alice', dial);
    wire.run(100);
    wire.tell('bob', { kind: 'ring', call: 'in-1' });
    wire.run(100);
    wire.tell('alice', { kind: 'hang-up', call: 'a' });
    wire.run(100);
    expect(wire.events.slice(2)).toMatchObject([
      { at: 'bob', kind: 'ended', by: 'peer', status: 487 },
      { at: 'alice', kind: 'ended', by: 'us', status: 487 },
    ]);
    expect(wire.seen).toContain('bob 200 CANCEL');
  });

  test('the caller gives up too late: ACK, then BYE', () => {
    const wire = new Wire();
    wire.tell('alice', dial);
    wire.run(100);
    wire.tell('bob', { kind: 'ring', call: 'in-1' });
    wire.run(100);
    wire.tell('bob', { kind: 'answer', call: 'in-1', answer: 'answer' });
    wire.tell('alice', { kind: 'hang-up', call: 'a' });
    wire.run(1_000);
    expect(wire.seen.slice(-6)).toEqual(expect.arrayContaining(['alice ACK', 'alice BYE', 'bob 200 BYE']));
    expect(wire.events.at(-1)).toMatchObject({ at: 'alice', kind: 'ended', by: 'us', status: 200 });
  });
});

describe('inside the call', () => {
  test.each(['alice', 'bob'] as const)('%s hangs up', (who) => {
    const wire = talking();
    wire.tell(who, { kind: 'hang-up', call: who === 'alice' ? 'a' : 'in-1' });
    wire.run(100);
    expect(wire.seen.slice(-2)).toEqual([`${who} BYE`, `${who === 'alice' ? 'bob' : 'alice'} 200 BYE`]);
    expect(wire.events.filter(({ kind }) => kind === 'ended')).toMatchObject([
      { by: 'peer' },
      { at: who, by: 'us', status: 200 },
    ]);
  });

  test('both hang up at once', () => {
    const wire = talking();
    wire.tell('alice', { kind: 'hang-up', call: 'a' });
    wire.tell('bob', { kind: 'hang-up', call: 'in-1' });
    wire.run(100);
    expect(
      wire.events
        .filter(({ kind }) => kind === 'ended')
        .map(({ at }) => at)
        .sort(),
    ).toEqual(['alice', 'bob']);
  });

  test.each(['alice', 'bob'] as const)('%s offers anew', (who) => {
    const wire = talking();
    const [here, there] = who === 'alice' ? (['a', 'in-1'] as const) : (['in-1', 'a'] as const);
    const other = who === 'alice' ? 'bob' : 'alice';
    wire.tell(who, { kind: 'offer', call: here, offer: 'hold' });
    wire.run(100);
    expect(wire.events.at(-1)).toMatchObject({ at: other, kind: 'offered', call: there, offer: 'hold' });
    wire.tell(other, { kind: 'answer', call: there, answer: 'held' });
    wire.run(100);
    expect(wire.events.at(-1)).toMatchObject({ at: who, kind: 'offer-answered', call: here, answer: 'held' });
    expect(wire.seen.at(-1)).toBe(`${who} ACK`);
    wire.run(40_000);
    expect(wire.told(who)).not.toContain('ended');
  });

  test('both offer anew at once: each is refused with 491', () => {
    const wire = talking();
    wire.tell('alice', { kind: 'offer', call: 'a', offer: 'x' });
    wire.tell('bob', { kind: 'offer', call: 'in-1', offer: 'y' });
    wire.run(1_000);
    expect(wire.events.slice(-2)).toMatchObject([
      { kind: 'offer-refused', status: 491 },
      { kind: 'offer-refused', status: 491 },
    ]);
  });

  test('a request of a dialog that nobody knows gets 481', () => {
    const wire = new Wire();
    const bye =
      'BYE sip:a@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.2:5070;branch=z9hG4bK1\r\nFrom: <sip:b@b>;tag=1\r\n' +
      'To: <sip:a@a>;tag=2\r\nCall-ID: c\r\nCSeq: 1 BYE\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n';
    wire.tell('alice', {
      kind: 'received',
      flow: { transport: 'udp', listener: 'phone/udp', remote: bob },
      octets: bye,
    });
    expect(wire.seen).toEqual(['alice 481 BYE']);
  });
});

test('OPTIONS is answered', () => {
  const wire = new Wire();
  wire.tell('alice', { kind: 'ask', to: bob });
  wire.run(100);
  expect(wire.events).toEqual([{ at: 'alice', kind: 'asked', status: 200 }]);
});

test('OPTIONS to nobody is answered with nothing', () => {
  const wire = new Wire();
  wire.lose = () => true;
  wire.tell('alice', { kind: 'ask', to: bob });
  wire.run(40_000);
  expect(wire.events).toEqual([{ at: 'alice', kind: 'asked', status: 0 }]);
});

test('when all is over, nothing is left to wake for', () => {
  const wire = talking();
  wire.tell('alice', { kind: 'hang-up', call: 'a' });
  wire.run(60_000);
  for (const phone of wire.phones.values()) {
    expect(phone.nextDeadline()).toBeUndefined();
    expect(phone.layer.inspect()).toEqual({});
    expect(phone.callIdOf('a') ?? phone.callIdOf('in-1')).toBeUndefined();
  }
});

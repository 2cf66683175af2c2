import { describe, expect, test } from 'vitest';
import { readDialogInfo, readPidf } from '#codec/presence';
import { requests, type Sent } from '../desk.testing.ts';
import { type Name, Net } from '../nodes.testing.ts';
import { local, of, phones, register, says, seattleCalled } from './at-nodes.testing.ts';

/** Who watches at one node, and who talks at others. */

type Who = keyof typeof phones;
type Told = Sent & { readonly from: Name };

const bobs = '+15550101';

/** Lamps: what each phone knows of who it watches, by what it was told. */
class Lamps {
  readonly net: Net;
  readonly #known = new Map<string, Map<string, string>>();
  readonly #rung: Told[] = [];
  /** Bodies that came, by phone. */
  readonly heard: string[] = [];

  constructor(net: Net) {
    this.net = net;
  }

  watch(at: Name, who: Who, event = 'dialog', expires = 600): void {
    const uri = `sip:${bobs}@acme.example`;
    const headers = [`Event: ${event}`, `Expires: ${expires}`];
    says(this.net, at, who, 'SUBSCRIBE', uri, `<${uri}>`, { headers });
    this.#settle();
  }

  /** Time enough for what is told once in so many seconds. */
  pass(ms = 12_000): this {
    for (let left = ms; left > 0; left -= 500) {
      this.net.pass(500);
      this.#settle();
    }
    return this;
  }

  #settle(): void {
    for (let sent = this.net.out.splice(0) as Told[]; sent.length > 0; sent = this.net.out.splice(0) as Told[]) {
      this.#rung.push(...(requests(sent, 'INVITE') as unknown as Told[]));
      for (const notify of requests(sent, 'NOTIFY') as unknown as Told[]) {
        this.#hear(notify);
        this.net.respond(notify, 200);
      }
    }
  }

  #hear({ flow, message, octets }: Told): void {
    const known = this.#known.get(flow.remote.host) ?? new Map<string, string>();
    this.#known.set(flow.remote.host, known);
    this.heard.push(`${flow.remote.host} ${message.get('subscription-state')?.split(';')[0]}`);
    if (message.body === '') return;
    if (octets.includes('application/pidf+xml')) {
      const read = readPidf(message.body);
      if ('fault' in read) throw new Error(read.fault);
      known.set('presence', `${read.open ? 'open' : 'closed'}${read.onThePhone ? ', on the phone' : ''}`);
      return;
    }
    const read = readDialogInfo(message.body);
    if ('fault' in read) throw new Error(read.fault);
    if (read.state === 'full') known.clear();
    for (const { id, state } of read.dialogs)
      if (state === 'terminated') known.delete(id);
      else known.set(id, state);
  }

  sees(who: Who): readonly string[] {
    return [...(this.#known.get(phones[who])?.values() ?? [])].toSorted();
  }

  /** Who rings, as a node has it, and hears this. */
  answer(from: Name, status: number): void {
    this.#settle();
    const invite = this.#rung.findLast((one) => one.from === from)!;
    this.net.respond(invite, status);
    this.#settle();
  }
}

/** What a node keeps for those who watch, and asks others. */
function kept(net: Net, at: Name) {
  const { subscriptions, asked } = net.desks[at].engine.inspect().passing as Record<string, object[]>;
  return [subscriptions!.length, asked!.length];
}

/** bob is at dub-2, unless it is at both, and at tuk; alice at tuk, carol at dub-1. */
function house(atBoth: boolean, whole = of): Lamps {
  const net = new Net(whole);
  register(net, 'dub-2', 'bob');
  net.pass(2_000);
  if (atBoth) {
    net.cut.add('dub-2');
    net.pass(20_000);
    register(net, 'tuk', 'bob', 3600);
    net.cut.clear();
    net.pass(5_000);
  }
  register(net, 'tuk', 'alice');
  register(net, 'dub-1', 'carol');
  net.pass(2_000);
  net.out.length = 0;
  return new Lamps(net);
}

describe('who is watched from another node', () => {
  test('is seen in the calls of all of his telephones, wherever they are and whoever watches; no call is two', () => {
    const lamps = house(true);
    lamps.watch('tuk', 'alice');
    lamps.watch('dub-1', 'carol');
    expect([lamps.sees('alice'), lamps.sees('carol')]).toEqual([[], []]);
    seattleCalled(lamps.net, bobs);
    lamps.pass(3_000);
    // Two telephones are being called: one at each node.
    expect([lamps.sees('alice'), lamps.sees('carol')]).toEqual([
      ['trying', 'trying'],
      ['trying', 'trying'],
    ]);
    lamps.answer('tuk', 200);
    lamps.pass();
    expect([lamps.sees('alice'), lamps.sees('carol')]).toEqual([['confirmed'], ['confirmed']]);
  });

  test('is there, and on the phone', () => {
    const lamps = house(false);
    lamps.watch('dub-1', 'carol', 'presence');
    lamps.pass();
    expect(lamps.sees('carol')).toEqual(['open']);
    seattleCalled(lamps.net, bobs);
    lamps.answer('dub-2', 200);
    lamps.pass();
    expect(lamps.sees('carol')).toEqual(['open, on the phone']);
    register(lamps.net, 'dub-2', 'bob', 0);
    lamps.pass();
    expect(lamps.sees('carol')).toEqual(['open, on the phone']);
  });

  test('is seen in a call that stands already, at once, and by who asks only once', () => {
    const lamps = house(false);
    seattleCalled(lamps.net, bobs);
    lamps.answer('dub-2', 200);
    lamps.watch('tuk', 'alice');
    expect(lamps.sees('alice')).toEqual(['confirmed']);
    lamps.watch('dub-1', 'carol', 'dialog', 0);
    lamps.pass(1_000);
    expect(lamps.sees('carol')).toEqual(['confirmed']);
    expect(lamps.heard.at(-1)).toBe(`${phones.carol} terminated`);
    expect(kept(lamps.net, 'dub-1')).toEqual([0, 0]);
  });

  test('is seen on his mobile, by the trunk of a carrier at another node', () => {
    const lamps = house(false, {
      ...of,
      trunks: of.trunks.map((one) => (one === local ? { ...one, mobile: true } : one)),
    });
    lamps.watch('tuk', 'alice');
    // From his mobile to somebody at Tukwila.
    lamps.net.request('dub-2', '203.0.113.3', 'sip:+15550100@192.0.2.1');
    lamps.answer('tuk', 200);
    lamps.pass();
    expect(lamps.sees('alice')).toEqual([]);
    const uri = `sip:${bobs}@10.2.0.1`;
    says(lamps.net, 'tuk', 'alice', 'INVITE', uri, `<${uri}>`);
    lamps.answer('dub-2', 200);
    lamps.pass();
    expect(lamps.sees('alice')).toEqual(['confirmed']);
  });

  test('is seen no more when his node is gone, and again when it is back', () => {
    const lamps = house(false);
    lamps.watch('tuk', 'alice');
    seattleCalled(lamps.net, bobs);
    lamps.answer('dub-2', 200);
    lamps.pass(2_000);
    expect(lamps.sees('alice')).toEqual(['confirmed']);
    lamps.net.cut.add('dub-2');
    lamps.pass(10_000);
    expect(lamps.sees('alice')).toEqual([]);
    lamps.net.cut.clear();
    lamps.pass(8_000);
    expect(lamps.sees('alice')).toEqual(['confirmed']);
  });

  test('is asked about no longer than somebody watches, and once for all of them', () => {
    const lamps = house(false);
    lamps.watch('tuk', 'alice', 'dialog', 100);
    lamps.watch('tuk', 'alice', 'dialog', 200);
    lamps.pass(1_000);
    expect([kept(lamps.net, 'tuk'), kept(lamps.net, 'dub-2')]).toEqual([
      [2, 1],
      [1, 0],
    ]);
    lamps.pass(120_000);
    expect([kept(lamps.net, 'tuk'), kept(lamps.net, 'dub-2')]).toEqual([
      [1, 1],
      [1, 0],
    ]);
    lamps.pass(120_000);
    expect([kept(lamps.net, 'tuk'), kept(lamps.net, 'dub-2')]).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  test('is asked about for as long as it takes, beyond what one SUBSCRIBE lasts', () => {
    const lamps = house(false);
    lamps.watch('tuk', 'alice', 'dialog', 3600);
    lamps.pass(550_000);
    register(lamps.net, 'dub-2', 'bob');
    register(lamps.net, 'tuk', 'alice');
    lamps.pass(550_000);
    register(lamps.net, 'dub-2', 'bob');
    register(lamps.net, 'tuk', 'alice');
    seattleCalled(lamps.net, bobs);
    lamps.pass(3_000);
    expect(lamps.sees('alice')).toEqual(['trying']);
    expect(kept(lamps.net, 'dub-2')).toEqual([1, 0]);
  });

  test('is seen where another node has taken him', () => {
    const lamps = house(false);
    lamps.watch('dub-1', 'carol');
    lamps.net.cut.add('dub-2');
    lamps.pass(20_000);
    register(lamps.net, 'tuk', 'bob');
    lamps.pass(3_000);
    lamps.net.request('tuk', '203.0.113.2', `sip:${bobs}@192.0.2.1`);
    lamps.answer('tuk', 200);
    lamps.pass();
    expect(lamps.sees('carol')).toEqual(['confirmed']);
  });

  test('is asked about anew by a process that takes the place of one that died', () => {
    const lamps = house(false);
    lamps.watch('tuk', 'alice', 'dialog', 3600);
    lamps.pass(1_000);
    lamps.net.desks.tuk.restart();
    lamps.pass(12_000);
    seattleCalled(lamps.net, bobs);
    lamps.answer('dub-2', 200);
    lamps.pass();
    expect(lamps.sees('alice')).toEqual(['confirmed']);
    expect(kept(lamps.net, 'tuk')).toEqual([1, 1]);
  });
});

/** Both peers of an answered call do whatever they may, in any order: each request has one answer, and in the end all agree. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SessionPlan } from '#codec/media-control';
import { configurationOf } from './configurations.ts';
import { type Half, halfOf, isAnswered, Peer, type Verdict } from './in-call.ts';
import { JudgedWorld } from './judged-world.ts';
import { unrest } from './rest.ts';

type Who = 'pbx' | 'itsp';
type Act =
  | { readonly who: Who; readonly what: 'read' | 'ring' | 'cancel' }
  | { readonly who: Who; readonly what: 'answer'; readonly verdict: Verdict; readonly half: Half }
  | { readonly who: Who; readonly what: 'offer'; readonly by: 'INVITE' | 'UPDATE'; readonly half: Half }
  | { readonly who: Who; readonly what: 'ask' | 'touch' }
  | { readonly who: Who; readonly what: 'refresh'; readonly by: 'INVITE' | 'UPDATE' }
  | { readonly what: 'wait'; readonly ms: number };

const who = fc.constantFrom<Who>('pbx', 'itsp');
const by = fc.constantFrom<'INVITE' | 'UPDATE'>('INVITE', 'UPDATE');
const half = fc.record({
  port: fc.integer({ min: 2000, max: 2010 }).map((n) => 2 * n),
  direction: fc.constantFrom('sendrecv', 'sendrecv', 'sendonly', 'recvonly', 'inactive'),
  formats: fc.constantFrom('8', '8 0', '0'),
});
const verdict = fc.constantFrom<Verdict>('accept', 'accept', 'accept', 'refuse', 'busy');
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ who, what: fc.constant('read' as const) }) },
  { weight: 1, arbitrary: fc.record({ who, what: fc.constantFrom('ring' as const, 'cancel' as const) }) },
  { weight: 3, arbitrary: fc.record({ who, what: fc.constant('answer' as const), verdict, half }) },
  { weight: 3, arbitrary: fc.record({ who, what: fc.constant('offer' as const), by, half }) },
  { weight: 1, arbitrary: fc.record({ who, what: fc.constantFrom('ask' as const, 'touch' as const) }) },
  { weight: 1, arbitrary: fc.record({ who, what: fc.constant('refresh' as const), by }) },
  {
    weight: 2,
    arbitrary: fc.record({ what: fc.constant('wait' as const), ms: fc.constantFrom(1, 50, 400, 2_500, 9_000) }),
  },
);

const usual: Half = { port: 4000, direction: 'sendrecv', formats: '8 0' };

class Table {
  readonly world: JudgedWorld;
  readonly peers: Readonly<Record<Who, Peer>>;
  /** Ms that passed with messages unread: a peer that is deaf for 32 s has left the call. */
  #deaf = 0;

  constructor(mode: string, pbxUpdates: boolean, itspUpdates: boolean) {
    this.world = new JudgedWorld(configurationOf(`one-itsp${mode}`));
    const address = (host: string) => ({ host, port: 5060 });
    this.peers = {
      pbx: new Peer('pbx', this.world, address('10.0.0.2'), 'internal', pbxUpdates),
      itsp: new Peer('itsp', this.world, address('203.0.113.10'), 'external', itspUpdates),
    };
    this.peers.pbx.call({ host: '10.0.0.1', port: 5060 });
    this.settle();
  }

  /** What has left is on its way to who it is for. */
  collect(): void {
    this.world.judge();
    for (const seen of this.world.seen.splice(0)) {
      if (seen.kind !== 'send') continue; // What comes again after its transaction is dropped.
      const { host } = seen.flow.remote;
      this.peers[host === '10.0.0.2' ? 'pbx' : 'itsp'].inbox.push(seen.octets);
    }
  }

  play(act: Act): void {
    if (act.what === 'wait') {
      if (this.#deaf + act.ms > 28_000) return;
      this.#deaf += act.ms;
      this.world.pass(act.ms);
    } else {
      this.#do(this.peers[act.who], act);
    }
    this.collect();
  }

  #do(peer: Peer, act: Exclude<Act, { what: 'wait' }>): void {
    switch (act.what) {
      case 'read':
        return void peer.read(usual);
      case 'ring':
        return peer.ring();
      case 'cancel':
        return peer.cancel();
      case 'answer':
        return peer.answer(act.verdict, act.half);
      case 'offer': {
        if (!peer.mayOffer) return;
        const { port, direction, formats } = act.half;
        const offer = peer.describe(port, direction, formats);
        return act.by === 'INVITE' ? peer.reInvite(offer) : peer.update(offer);
      }
      case 'ask':
        return peer.mayOffer ? peer.reInvite('') : undefined;
      case 'touch':
        return peer.mayOffer ? peer.update('') : undefined;
      case 'refresh':
        return peer.mayOffer ? peer.refresh(act.by) : undefined;
    }
  }

  /** Everybody reads and answers at once until nothing happens any more. */
  settle(): void {
    for (let i = 0; i < 400; i++) {
      this.collect();
      let moved = false;
      for (const peer of Object.values(this.peers)) {
        while (peer.read(usual)) moved = true;
        if (peer.isAsked) peer.answer('accept', usual);
      }
      this.collect();
      const isQuiet = Object.values(this.peers).every((peer) => peer.inbox.length === 0 && !peer.isAsked);
      if (!moved && isQuiet && (this.world.deadlines.every(isOfTheDead) || i > 300)) return;
      if (isQuiet) this.world.pass(100);
    }
  }
}

/** Timers of transactions that only watch for what comes again. */
function isOfTheDead(name: string): boolean {
  return name.startsWith('Timer ');
}

/** The two are at sites, and the link between them has room for this call and no more. */
const acrossALink = ', site here, site there, link here+there audio=80, pbx site=here, itsp site=there';

function run(mode: string, pbxUpdates: boolean, itspUpdates: boolean, acts: readonly Act[]): void {
  const table = new Table(mode, pbxUpdates, itspUpdates);
  const { world, peers } = table;
  const { pbx, itsp } = peers;
  for (const act of acts) table.play(act);
  table.settle();
  expect([...world.records.values()]).toEqual([]);
  for (const peer of [pbx, itsp])
    for (const asked of peer.asked) expect(isAnswered(asked), `${peer.name} ${asked.method} ${asked.cseq}`).toBe(true);
  // What one side said last is what the other was told, but that who answers with more than he is asked (RFC 3264 6.1) is not echoed for ever.
  for (const [one, other] of [
    [pbx, itsp],
    [itsp, pbx],
  ] as const) {
    const [said, told] = [halfOf(one.session.local), halfOf(other.session.remote)];
    expect(told.direction).toBe(said.direction);
    expect(said.formats.split(' ')).toEqual(expect.arrayContaining(told.formats.split(' ')));
  }
  if (!mode.includes('bypass')) {
    const [stream] = (world.lastPlan as SessionPlan).streams;
    expect(stream!.a.remote?.rtp.port).toBe(halfOf(pbx.session.local).port);
    expect(stream!.b.remote?.rtp.port).toBe(halfOf(itsp.session.local).port);
  } else {
    expect(halfOf(itsp.session.remote)).toEqual(halfOf(pbx.session.local));
    expect(halfOf(pbx.session.remote)).toEqual(halfOf(itsp.session.local));
  }
  if (mode === acrossALink) {
    // G.711 with 20 ms a packet, whatever else was talked about.
    const { links } = world.inspect() as { links: object[] };
    expect(links).toMatchObject([{ calls: 1, audio: 80, video: 0 }]);
  }
  pbx.bye();
  table.settle();
  world.comeToRest();
  table.collect();
  expect([...world.records.values()].map(({ end }) => end.reason)).toEqual(['hangup']);
  expect(unrest(world)).toBeUndefined();
}

describe('whatever both peers do in a call, at once and in any order', () => {
  for (const mode of ['', ', bypass', acrossALink])
    test(`each request has one answer and all agree in the end${mode}`, () => {
      fc.assert(
        fc.property(fc.boolean(), fc.boolean(), fc.array(act, { minLength: 10, maxLength: 80 }), (one, other, acts) =>
          run(mode, one, other, acts),
        ),
        { numRuns: 400 },
      );
    });
});

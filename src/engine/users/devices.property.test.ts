import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { User } from '#policy/configuration';
import { configuration, Desk, type Sent, trunk, udp } from '../desk.testing.ts';

const ann: User = { name: 'ann', line: '+493010', numbers: [], devices: 5, hidden: false };
const itsp = trunk('itsp', '203.0.113.10');
const caller = udp('wan', '203.0.113.10');
const registrar = { domains: [], realm: 'tandem.test', expires: { min: 60_000, max: 3_600_000 } };

function deviceAt(n: number) {
  const flow = udp('lan', `10.0.9.${n}`);
  const uri = `sip:ann@10.0.9.${n}:5060`;
  const at = { expiresAt: 1_700_100_000_000, registeredAt: 0, callId: `r${n}`, cseq: 1 };
  return { uri, q: 1, ...at, flow, path: [] };
}

const act = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ device: fc.nat(3), status: fc.constantFrom(100, 180, 183, 200, 404, 486, 503, 603) }),
  },
  { weight: 1, arbitrary: fc.constantFrom('cancel' as const, 'wait' as const) },
);

/** The devices of a call, as they see it. */
class House {
  readonly desk: Desk;
  readonly invites = new Map<string, Sent>();
  /** Host -> its final response. */
  readonly finals = new Map<string, number>();
  readonly cancelled = new Set<string>();
  readonly hungUp = new Set<string>();
  /** Final responses that the caller got: the same may come again. */
  readonly told = new Set<number>();
  toCaller: Sent | undefined;

  constructor(devices: number) {
    const kept = JSON.stringify(Array.from({ length: devices }, (_, n) => deviceAt(n)));
    const users = configuration([itsp], { users: [ann], registrar });
    this.desk = new Desk(users, [['devices:ann', kept]]);
  }

  /** Takes in what came; whoever is cancelled or hung up on says so. */
  settle(): void {
    for (let sent = this.desk.take(); sent.length > 0; sent = this.desk.take()) {
      for (const one of sent) {
        const { message, flow } = one;
        const { host } = flow.remote;
        if (message.kind === 'response') {
          if (message.cseq.method !== 'INVITE' || message.status < 200) continue;
          this.told.add(message.status);
          this.toCaller = one;
        } else if (message.method === 'INVITE') {
          this.invites.set(host, one);
        } else if (message.method === 'CANCEL') {
          this.cancelled.add(host);
          this.desk.respond(one, 200);
          this.says(host, 487);
        } else if (message.method === 'BYE') {
          this.hungUp.add(host);
          this.desk.respond(one, 200);
        }
      }
    }
  }

  says(host: string, status: number): void {
    const invite = this.invites.get(host);
    if (!invite || this.finals.has(host)) return;
    if (status >= 200) this.finals.set(host, status);
    this.desk.respond(invite, status, [], `tag-${host}`);
  }
}

test('devices do as they like, in any order: the caller hears one end, one device has the call at most, nobody is left ringing', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.array(act, { maxLength: 14 }), (devices, acts) => {
      const house = new House(devices);
      const { desk } = house;
      const invite = desk.request(caller, 'INVITE', { uri: 'sip:+493010@192.0.2.1' });
      house.settle();
      expect(house.invites.size).toBe(devices);
      let winner: string | undefined;
      for (const one of acts) {
        const open = house.told.size === 0;
        if (one === 'cancel') {
          if (open) desk.request(caller, 'CANCEL', { ...invite, headers: [] });
        } else if (one === 'wait') {
          desk.pass(2_000);
        } else {
          const host = `10.0.9.${one.device}`;
          const mine = house.invites.has(host) && !house.finals.has(host);
          house.says(host, one.status);
          if (open && mine && one.status === 200) winner = host;
        }
        house.settle();
        // The first answer is the caller's, at once.
        if (winner !== undefined) expect([...house.told]).toEqual([200]);
      }
      // Longer than anything may ring.
      for (let i = 0; i < 50; i++) {
        desk.pass(5_000);
        house.settle();
      }
      expect(house.told.size).toBe(1);
      const answered = [...house.finals].filter(([, status]) => status === 200).map(([host]) => host);
      if (winner === undefined) {
        expect([...house.told][0]).toBeGreaterThanOrEqual(400);
        expect(answered.every((host) => house.hungUp.has(host))).toBe(true);
      } else {
        expect(answered.filter((host) => host !== winner && !house.hungUp.has(host))).toEqual([]);
      }
      // Who has not spoken by himself was told that it is over, as soon as he had said that he is there.
      for (const [host, { message }] of house.invites) {
        const final = house.finals.get(host);
        expect(final !== undefined || !house.cancelled.has(host), `${host} ${message.callId}`).toBe(true);
      }
      desk.pass(300_000);
      house.settle();
      for (const { record } of desk.of('record')) desk.handle({ kind: 'recorded', calls: [record.call] });
      expect(desk.of('record')).toHaveLength(1);
      const { attempts } = desk.of('record')[0]!.record;
      expect(attempts).toHaveLength(devices);
      expect(attempts.filter(({ answeredAt }) => answeredAt !== undefined)).toHaveLength(winner === undefined ? 0 : 1);
      desk.pass(60_000);
      expect(desk.engine.inspect()).toMatchObject({ calls: [], transactions: {}, dialogs: 0 });
      expect((desk.engine.inspect().users as { calls: number }[]).every(({ calls }) => calls === 0)).toBe(true);
    }),
    { numRuns: 120 },
  );
});

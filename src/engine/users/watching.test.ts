import { expect, test } from 'vitest';
import type { Configuration, User } from '#policy/configuration';
import { configuration, Desk, requests, statuses, trunk, udp } from '../desk.testing.ts';

const panel = trunk('panel', '10.0.0.9', { kind: 'ip-pbx', side: 'internal', passes: ['SUBSCRIBE/dialog'] });
const itsp = trunk('itsp', '203.0.113.1', {});
const ann: User = { name: 'ann', line: '+493010', numbers: [], devices: 2, hidden: false, watchers: ['panel'] };
const of: Configuration = configuration([panel, itsp], {
  users: [ann],
  registrar: { domains: ['example.com'], realm: 'example.com', expires: { min: 0, max: 3_600_000 } },
});
const device = {
  uri: 'sip:ann@10.0.1.1',
  q: 1,
  expiresAt: 1_800_000_000_000,
  registeredAt: 0,
  callId: 'r',
  cseq: 1,
  flow: udp('lan', '10.0.1.1'),
  path: [],
};

class House extends Desk {
  constructor() {
    super(of, [['devices:ann', JSON.stringify([device])]]);
  }

  watch(): number {
    this.pass(20);
    const uri = 'sip:ann@example.com';
    const headers = ['Event: dialog', 'Expires: 600'];
    this.request(udp('lan', '10.0.0.9'), 'SUBSCRIBE', { uri, to: `<${uri}>`, headers });
    const sent = this.take();
    for (const notify of requests(sent, 'NOTIFY')) this.respond(notify, 200);
    return statuses(sent)[0]!;
  }

  call(): void {
    const uri = 'sip:+493010@192.0.2.1';
    this.request(udp('wan', '203.0.113.1'), 'INVITE', { uri, to: `<${uri}>` });
  }
}

test('so many watch one user at most, and as many again when they have gone', () => {
  const house = new House();
  const answers = Array.from({ length: 401 }, () => house.watch());
  expect(answers.slice(0, 400).every((status) => status === 200)).toBe(true);
  expect(answers[400]).toBe(480);
  house.pass(601_000);
  house.take();
  expect(house.watch()).toBe(200);
});

test('a NOTIFY waits for the answer to the one before, and tells then what has become of all meanwhile', () => {
  const house = new House();
  house.watch();
  house.pass(2_000);
  house.call();
  const sent = house.take();
  const [first] = requests(sent, 'NOTIFY');
  house.respond(requests(sent, 'INVITE')[0]!, 486);
  house.pass(300);
  expect(requests(house.take(), 'NOTIFY')).toEqual([]);
  house.respond(first!, 200);
  house.pass(1_000);
  const told = requests(house.take(), 'NOTIFY');
  expect(told.map(({ octets }) => /<state>(\w+)/.exec(octets)![1])).toEqual(['terminated']);
});

test('a watcher that does not answer is told no more', () => {
  const house = new House();
  expect(house.watch()).toBe(200);
  house.pass(2_000);
  house.call();
  expect(requests(house.take(), 'NOTIFY')).toHaveLength(1);
  house.pass(33_000);
  expect((house.engine.inspect().passing as { subscriptions: object[] }).subscriptions).toEqual([]);
});

import { describe, expect, test } from 'vitest';
import { DigestClient } from '#codec/digest';
import type { SipResponse } from '#codec/sip-message';
import { Sensitive, seeded } from '#kernel';
import type { Configuration, RegistrarConfiguration, User } from '#policy/configuration';
import { configuration, Desk, requests, statuses, trunk, udp } from '../desk.testing.ts';

/** The registrar is changed while devices are registered. */

const person = (name: string, line: string): User => ({
  name,
  line,
  numbers: [],
  devices: 2,
  hidden: false,
  password: new Sensitive(`${name}'s`),
});
const [ann, bob] = [person('ann', '+493010'), person('bob', '+493011')];
const registrar: RegistrarConfiguration = {
  domains: ['example.com'],
  realm: 'example.com',
  expires: { min: 60_000, max: 3_600_000 },
};
const itsp = trunk('itsp', '203.0.113.1', {});
function of(change: Partial<RegistrarConfiguration> = {}, users: readonly User[] = [ann, bob]): Configuration {
  return configuration([itsp], { users, registrar: { ...registrar, ...change } });
}
const { registrar: _, ...none } = of();

class House extends Desk {
  configure(next: Configuration): void {
    this.handle({ kind: 'configure', configuration: next });
  }

  /** The answer to a REGISTER, with credentials where they are asked for. */
  register(user: User, domain = 'example.com', seconds = 1200): SipResponse {
    const flow = udp('lan', user === ann ? '10.0.1.1' : '10.0.1.2');
    const [uri, address] = [`sip:${domain}`, `<sip:${user.name}@${domain}>`];
    const contact = `<sip:${user.name}@${flow.remote.host}>;expires=${seconds}`;
    this.take();
    const said = this.request(flow, 'REGISTER', { uri, from: `${address};tag=r`, to: address, contact });
    const asked = this.answered();
    if (asked.status !== 401) return asked;
    const client = new DigestClient([{ username: user.name, password: user.password! }], seeded(3));
    const request = { method: 'REGISTER', uri, body: '' };
    const proof = client.answer({ www: asked.all('www-authenticate'), proxy: [] }, request, []);
    if (proof.kind !== 'authorised') throw new Error(proof.text);
    const headers = proof.headers.map(([name, value]) => `${name}: ${value}`);
    this.request(flow, 'REGISTER', { ...said, branch: `${said.branch}b`, cseq: 2, headers });
    return this.answered();
  }

  answered(): SipResponse {
    const last = this.take().findLast(({ message }) => message.kind === 'response');
    return last!.message as SipResponse;
  }

  /** Which phones ring that are called from outside, or what the caller is told. */
  called(user: User): readonly (string | number)[] {
    this.take();
    const uri = `sip:${user.line}@192.0.2.1`;
    this.request(udp('wan', '203.0.113.1'), 'INVITE', { uri, to: `<${uri}>` });
    const sent = this.take();
    const rung = requests(sent, 'INVITE').map(({ flow }) => flow.remote.host);
    return rung.length > 0 ? rung : statuses(sent).filter((status) => status >= 200);
  }
}

const registered = () => {
  const house = new House(of());
  for (const user of [ann, bob]) expect(house.register(user).status).toBe(200);
  return house;
};

test('who is registered is told page by page, by name', () => {
  const house = new House(of());
  for (const user of [bob, ann]) expect(house.register(user).status).toBe(200);
  const { standing } = house.engine;
  const names = (page: Parameters<typeof standing.users>[0]) => {
    const { users, total, more } = standing.users(page);
    return [users.map(({ user }) => user), total, more];
  };
  expect(names({ limit: 1 })).toEqual([['ann'], 2, true]);
  expect(names({ limit: 1, after: 'ann' })).toEqual([['bob'], 2, false]);
  expect(names({ limit: 9, text: 'b' })).toEqual([['bob'], 1, false]);
  expect(names({ limit: 9, after: 'bob' })).toEqual([[], 2, false]);
  expect(standing.users({ limit: 1 }).users[0]).toMatchObject({ devices: [{ contact: 'sip:ann@10.0.1.1' }], calls: 0 });
});

describe('what a running registrar takes over', () => {
  test('how long devices register; those that are there stay', () => {
    const house = registered();
    house.configure(of({ expires: { min: 60_000, max: 300_000 } }));
    expect(house.called(ann)).toEqual(['10.0.1.1']);
    expect(house.register(ann).get('contact')).toContain('expires=300');
    house.configure(of({ expires: { min: 900_000, max: 3_600_000 } }));
    const refused = house.register(bob, 'example.com', 300);
    expect([refused.status, refused.get('min-expires')]).toEqual([423, '900']);
    expect(house.called(bob)).toEqual(['10.0.1.2']);
  });

  test('its domains and its realm; who registered by the old ones is still reached', () => {
    const house = registered();
    house.configure(of({ domains: ['new.example'], realm: 'new' }));
    expect(house.called(ann)).toEqual(['10.0.1.1']);
    expect(house.register(ann, 'new.example').status).toBe(200);
    expect(house.register(bob).status).not.toBe(200);
  });

  test('what devices are spoken to with, for the calls that begin after it', () => {
    const house = registered();
    const marks = () => {
      house.take();
      house.request(udp('wan', '203.0.113.1'), 'INVITE', { uri: 'sip:+493010@192.0.2.1' });
      return house.of('send').find(({ octets }) => octets.startsWith('INVITE'))?.dscp;
    };
    const before = marks();
    house.configure(of({ dscp: { signalling: 40, media: 46 } }));
    expect([before, marks()]).toEqual([undefined, 40]);
  });

  test('who is a user: the devices of who is gone are forgotten, those of others stay', () => {
    const house = registered();
    house.configure(of({}, [bob]));
    expect(house.called(ann)).not.toContain('10.0.1.1');
    expect(house.called(bob)).toEqual(['10.0.1.2']);
    house.configure(of());
    expect(house.called(ann)).toEqual([480]);
    expect(
      house
        .kept()
        .map(([id]) => id)
        .filter((id) => id.startsWith('devices:')),
    ).toEqual(['devices:bob']);
  });

  test('that there is none any more, and that there is one', () => {
    const house = registered();
    house.configure(none);
    expect(house.called(ann)).not.toEqual(['10.0.1.1']);
    expect(house.kept().filter(([id]) => id.startsWith('devices:'))).toEqual([]);
    house.configure(of());
    expect(house.called(ann)).toEqual([480]);
    expect(house.register(ann).status).toBe(200);
    expect(house.called(ann)).toEqual(['10.0.1.1']);
  });
});

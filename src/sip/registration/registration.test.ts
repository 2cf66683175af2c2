import { describe, expect, test } from 'vitest';
import {
  type Answer,
  challenge,
  first,
  granting,
  hour,
  ok,
  registrarOf,
  second,
  targetOf,
  targets,
  twoRegistrars,
  World,
  wallStart,
} from './registration.testing.ts';

describe('REGISTER as it leaves', () => {
  test('names the domain in the Request-URI and the address of record in From and To (RFC 3261 10.2)', () => {
    const world = new World(granting);
    const registration = world.registration({ display: 'Acme "Ltd"', headers: [['User-Agent', 'Tandem']] });
    registration.start(world.now);
    world.run(100);
    const { request } = world.sent[0]!;
    expect(request.uri).toBe('sip:itsp.example');
    expect(request.get('to')).toBe('"Acme \\"Ltd\\"" <sip:+4930123@itsp.example>');
    expect(request.get('from')).toBe(`${request.get('to')};tag=${registration.identifiers.tag}`);
    expect(request.get('contact')).toBe('<sip:+4930123@198.51.100.7:5060>;expires=3600');
    expect(request.get('expires')).toBe('3600');
    expect(request.get('supported')).toBe('path');
    expect(request.get('require')).toBeUndefined();
    expect(request.get('user-agent')).toBe('Tandem');
    expect(request.get('authorization')).toBeUndefined();
  });

  test('a domain, a contact user, an escaped user, a registrar with its port, IPv6', () => {
    const world = new World(granting);
    const registrars = [registrarOf('2001:db8::9', 5070)];
    world.registration({ user: 'a b', domain: 'acme.example', contactUser: 'trunk/1', registrars }).start(world.now);
    world.run(100);
    const { request } = world.sent[0]!;
    expect(request.uri).toBe('sip:[2001:db8::9]:5070');
    expect(request.get('to')).toBe('<sip:a%20b@acme.example>');
    expect(request.get('contact')).toContain('<sip:trunk/1@198.51.100.7:5060>');
  });

  test('GIN (RFC 6140 5.2): bnc and no user in the Contact; required of proxies too', () => {
    const world = new World(granting);
    world.found = targets(targetOf('192.0.2.1', 'tls'));
    const registration = world.registration({ gin: true });
    registration.start(world.now);
    world.run(100);
    const { request } = world.sent[0]!;
    expect(request.get('contact')).toBe('<sip:198.51.100.7:5061;transport=tls;bnc>;expires=3600');
    expect(request.get('require')).toBe('gin');
    expect(request.get('proxy-require')).toBe('gin');
    expect(request.get('supported')).toBe('path, gin');
    expect(registration.stage).toBe('registered');
    expect(registration.contact).toBe('sip:198.51.100.7:5061;transport=tls;bnc');
  });

  test('outbound (RFC 5626 4.2.1): instance and reg-id; the same instance each time; Require and Flow-Timer are read', () => {
    const world = new World((sent) =>
      ok(sent, 600, [
        ['Require', 'outbound'],
        ['Flow-Timer', '90'],
      ]),
    );
    world.found = targets(targetOf('192.0.2.1', 'tcp'));
    const registration = world.registration({ outbound: true });
    registration.start(world.now);
    world.run(hour);
    const contacts = world.sent.map(({ request }) => request.get('contact')!);
    const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';
    expect(contacts[0]).toMatch(new RegExp(`>;\\+sip\\.instance="<urn:uuid:${uuid}>";reg-id=1;expires=3600$`));
    expect(new Set(contacts).size).toBe(1);
    expect(world.sent[0]!.request.get('supported')).toBe('path, outbound');
    expect(registration.status()).toMatchObject({ outbound: 'granted', keepAlive: 90_000, granted: 600_000 });
  });

  test('one Call-ID and tag, a CSeq that rises with every one (RFC 3261 10.2.4)', () => {
    const world = new World((sent, count) => (count % 2 === 1 ? { status: 503 } : ok(sent, 300)));
    world.found = targets(first, second);
    world.registration({ registrars: twoRegistrars }).start(world.now);
    world.run(2 * hour);
    expect(world.sent.length).toBeGreaterThan(20);
    expect(new Set(world.sent.map(({ request }) => request.callId)).size).toBe(1);
    expect(new Set(world.sent.map(({ request }) => request.from.tag)).size).toBe(1);
    expect(world.sent.map(({ request }) => request.cseq.number)).toEqual(world.sent.map((_, place) => place + 1));
  });
});

describe('what the registrar asks for', () => {
  test('digest: challenged once, then answered beforehand with the count going on', () => {
    const world = new World((sent) =>
      sent.request.get('authorization') ? ok(sent, 600) : { status: 401, headers: challenge('n1') },
    );
    const registration = world.registration();
    registration.start(world.now);
    world.run(hour);
    const values = world.sent.map(({ request }) => request.get('authorization'));
    expect(values[0]).toBeUndefined();
    expect(values[1]).toContain('uri="sip:itsp.example"');
    expect(values[1]).toContain('nc=00000001');
    expect(values[2]).toContain('nc=00000002');
    expect(registration.stage).toBe('registered');
    expect(registration.status().lastAnswer).toMatchObject({ status: 200, from: 'udp 192.0.2.1:5060' });
  });

  test('a stale nonce at the refresh costs one more REGISTER', () => {
    let nonce = 'n1';
    const world = new World((sent) => {
      const value = sent.request.get('authorization');
      if (value?.includes(`nonce="${nonce}"`)) return ok(sent, 600);
      return { status: 401, headers: challenge(nonce, value !== undefined) };
    });
    const registration = world.registration();
    registration.start(world.now);
    world.run(1_000);
    nonce = 'n2';
    const before = world.sent.length;
    world.run(600_000);
    expect(registration.stage).toBe('registered');
    expect(world.sent[before]!.request.get('authorization')).toContain('nonce="n1"');
    expect(world.sent[before + 1]!.request.get('authorization')).toContain('nonce="n2"');
    expect(world.sent[before + 1]!.at - world.sent[before]!.at).toBe(world.latency);
  });

  test('the next nonce that a 200 names is used', () => {
    const world = new World((sent) =>
      sent.request.get('authorization')
        ? ok(sent, 600, [['Authentication-Info', 'nextnonce="n2"']])
        : { status: 401, headers: challenge('n1') },
    );
    world.registration().start(world.now);
    world.run(600_000);
    expect(world.sent.at(-1)!.request.get('authorization')).toContain('nonce="n2"');
  });

  test('a proxy and the registrar may both ask', () => {
    const world = new World((sent) => {
      const { request } = sent;
      if (!request.get('proxy-authorization')) {
        return { status: 407, headers: [['Proxy-Authenticate', 'Digest realm="edge", nonce="p"']] };
      }
      return request.get('authorization') ? ok(sent) : { status: 401, headers: challenge('n') };
    });
    const registration = world.registration();
    registration.start(world.now);
    world.run(1_000);
    expect(registration.stage).toBe('registered');
    expect(world.sent).toHaveLength(3);
  });

  test('a password that is not taken is said so, and not tried over and over', () => {
    const world = new World((_, count) => ({ status: 401, phrase: 'Unauthorized', headers: challenge(`n${count}`) }));
    const registration = world.registration();
    registration.start(world.now);
    world.run(1_000);
    expect(world.sent).toHaveLength(2);
    expect(registration.stage).toBe('failed');
    expect(registration.status().lastError!.text).toBe(
      '401 Unauthorized: "itsp.example" does not take our credentials: are username and password right?',
    );
    expect(world.wait()).toBeGreaterThan(200_000);
    world.run(6 * hour);
    expect(world.sent.length).toBeLessThan(50);
  });

  test('realms that ask in turn come to an end', () => {
    const world = new World((_, count) => ({
      status: 401,
      headers: [['WWW-Authenticate', `Digest realm="r${count}", nonce="n"`]],
    }));
    const registration = world.registration();
    registration.start(world.now);
    world.run(1_000);
    expect(world.sent).toHaveLength(4);
    expect(registration.status().lastError!.text).toContain('again and again');
  });

  test('no credentials', () => {
    const world = new World(() => ({ status: 401, headers: challenge('n') }), 1, '');
    const registration = world.registration();
    registration.start(world.now);
    world.run(1_000);
    expect(registration.status().lastError!.text).toContain('there are no credentials for "itsp.example"');
  });

  test('423: asks for Min-Expires at once, and from then on (RFC 3261 10.2.8)', () => {
    const world = new World((sent) =>
      Number(sent.request.get('expires')) < 7200 ? { status: 423, headers: [['Min-Expires', '7200']] } : ok(sent),
    );
    const registration = world.registration();
    registration.start(world.now);
    world.run(1_000);
    expect(registration.status()).toMatchObject({ stage: 'registered', granted: 7_200_000 });
    world.run(3 * hour);
    expect(world.sent.length).toBeGreaterThan(2);
    const asked = world.sent.map(({ request }) => request.get('expires'));
    expect(asked).toEqual(['3600', ...asked.slice(1).map(() => '7200')]);
    const next = world.restored(registration.state());
    expect(next.asked).toBe(7_200_000);
  });

  test('423 with digest: the nonce is counted on, not shown again', () => {
    const world = new World((sent) => {
      const { request } = sent;
      if (!request.get('authorization')) return { status: 401, headers: challenge('n') };
      return request.get('expires') === '3600' ? { status: 423, headers: [['Min-Expires', '4000']] } : ok(sent);
    });
    world.registration().start(world.now);
    world.run(1_000);
    expect(world.sent.map(({ request }) => /nc=\d+/.exec(request.get('authorization') ?? '')?.[0])).toEqual([
      undefined,
      'nc=00000001',
      'nc=00000002',
    ]);
  });

  test.each<[string, Answer]>([
    ['without Min-Expires', { status: 423 }],
    ['with one that we asked for already', { status: 423, headers: [['Min-Expires', '60']] }],
  ])('423 %s is a refusal', (_, answer) => {
    const world = new World(() => answer);
    const registration = world.registration();
    registration.start(world.now);
    world.run(1_000);
    expect(world.sent).toHaveLength(1);
    expect(registration.stage).toBe('failed');
  });

  test('423s that ask for ever more come to an end', () => {
    const world = new World((_, count) => ({ status: 423, headers: [['Min-Expires', String(4_000 * count)]] }));
    const registration = world.registration();
    registration.start(world.now);
    world.run(1_000);
    expect(world.sent).toHaveLength(3);
    expect(registration.stage).toBe('failed');
  });

  test('439: registers without outbound there', () => {
    const world = new World((sent) =>
      sent.request.get('contact')!.includes('reg-id') ? { status: 439 } : ok(sent, 600),
    );
    const registration = world.registration({ outbound: true });
    registration.start(world.now);
    world.run(600_000);
    expect(registration.status()).toMatchObject({ stage: 'registered', outbound: 'off' });
    const asked = () => world.sent.filter(({ request }) => request.get('contact')!.includes('reg-id')).length;
    expect(asked()).toBe(1);
    // A registration that begins anew asks again: the edge may have learned it.
    registration.unregister(world.now);
    world.run(100);
    registration.start(world.now);
    world.run(100);
    expect(asked()).toBe(2);
  });
});

describe('what was granted', () => {
  test('is shown', () => {
    const world = new World((sent) =>
      ok(sent, 1800, [
        ['Service-Route', '<sip:edge.itsp.example;lr>, <sip:core.itsp.example;lr>'],
        ['Path', '<sip:p1.itsp.example;lr>'],
      ]),
    );
    const registration = world.registration();
    registration.start(world.now, 5_000);
    expect(registration.status()).toMatchObject({ stage: 'unregistered', nextAt: wallStart + 5_000 });
    world.run(5_100);
    expect(registration.serviceRoute).toEqual(['<sip:edge.itsp.example;lr>', '<sip:core.itsp.example;lr>']);
    const granted = wallStart + 5_020;
    const status = registration.status();
    expect(status).toEqual({
      stage: 'registered',
      since: granted,
      addressOfRecord: 'sip:+4930123@itsp.example',
      registrar: 'sip:itsp.example',
      target: 'udp 192.0.2.1:5060',
      contact: 'sip:+4930123@198.51.100.7:5060',
      granted: 1_800_000,
      expiresAt: granted + 1_800_000,
      nextAt: status.nextAt,
      lastAnswer: { status: 200, phrase: 'Whatever', at: granted, from: 'udp 192.0.2.1:5060' },
      tries: 0,
      serviceRoute: ['<sip:edge.itsp.example;lr>', '<sip:core.itsp.example;lr>'],
      path: ['<sip:p1.itsp.example;lr>'],
      outbound: 'off',
      flow: { transport: 'udp', listener: 'u', remote: { host: '192.0.2.1', port: 5060 } },
    });
    expect(status.nextAt).toBeGreaterThanOrEqual(granted + 900_000);
    expect(status.nextAt).toBeLessThanOrEqual(granted + 1_620_000);
    expect(JSON.parse(JSON.stringify(status))).toEqual(status);
  });

  test('nothing: since when counts from the first try, however many follow', () => {
    const world = new World(() => ({ status: 503 }));
    const registration = world.registration();
    registration.start(world.now);
    world.run(100);
    const { since, tries } = registration.status();
    world.run(3_600_000);
    expect(registration.status().tries).toBeGreaterThan(tries);
    expect(registration.status().since).toBe(since);
  });

  test.each<[string, (contact: string) => Answer, string]>([
    ['no Contact', () => ({ status: 200 }), 'no Contact'],
    ['others only', () => ({ status: 200, headers: [['Contact', '<sip:bob@203.0.113.1>']] }), '1 Contact, none ours'],
    [
      'expires=0',
      (contact) => ({ status: 200, headers: [['Contact', contact.replace(/=\d+$/, '=0')]] }),
      'expired at once',
    ],
    [
      'four seconds',
      (contact) => ({ status: 200, headers: [['Contact', contact.replace(/=\d+$/, '=4')]] }),
      'granted for 4 s only',
    ],
  ])('a 200 with %s is a failure with its reason', (_, answer, reason) => {
    const world = new World(({ request }) => answer(request.get('contact')!));
    const registration = world.registration();
    registration.start(world.now);
    world.run(1_000);
    expect(registration.stage).toBe('failed');
    expect(registration.status().lastError!.text).toContain(reason);
    expect(world.wait()).toBeGreaterThan(200_000);
  });

  test('a registration of 10 s is kept up all the same', () => {
    const world = new World((sent) => ok(sent, 10));
    const registration = world.registration();
    registration.start(world.now);
    world.run(1_000);
    world.stages.length = 0;
    world.run(600_000);
    expect(world.stages.filter((stage) => !/ (registered|refreshing)$/.test(stage))).toEqual([]);
    expect(world.sent.length).toBeLessThan(130);
    expect(registration.stage).toBe('registered');
  });
});

/** The resolver against a name server of our own on loopback; and that server against c-ares, so that both speak DNS. */
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { encode } from 'dns-packet';
import { afterEach, describe, expect, test } from 'vitest';
import type { DnsAnswer, DnsQuestion } from '#engine/ports';
import { Deadlines, formatHostPort, type HostPort, type Instant, seeded } from '#kernel';
import { DnsResolver } from '#shell/dns';
import { type LocateRequest, Locator } from '#sip/locate';
import type { Sleeper } from '#sip/transaction';
import { DnsServer, type DnsServerOptions, type Fault } from '../support/dns-server.ts';

const zone = [
  'example.com 3600 SOA ns.example.com admin.example.com 1 3600 600 86400 30',
  'example.com 60 NAPTR 10 20 "s" "SIP+D2U" "" _sip._udp.example.com',
  'example.com 120 NAPTR 20 10 "s" "SIPS+D2T" "" _sips._tcp.example.com',
  '_sip._udp.example.com 300 SRV 10 60 5060 A.example.com.',
  '_sip._udp.example.com 200 SRV 20 0 5070 b.example.com',
  '_sip._tcp.example.com 300 SRV 0 0 0 .',
  'a.example.com 60 A 127.0.0.11',
  'a.example.com 60 A 127.0.0.12',
  'a.example.com 60 AAAA 2001:DB8:0:0:1::1',
  'mapped.example.com 60 AAAA ::ffff:127.0.0.1',
  'alias.example.com 40 CNAME second.example.com',
  'second.example.com 20 CNAME a.example.com',
  'lost.example.com 40 CNAME nowhere.example.com',
  'empty.example.com 15 CNAME b.example.com',
  'b.example.com 60 A 127.0.0.13',
  'loop.example.com 60 CNAME pool.example.com',
  'pool.example.com 60 CNAME loop.example.com',
  ...Array.from(
    { length: 60 },
    (_, index) => `big.example.com 60 SRV ${index} 0 5060 host-${index}.far.away.example.com`,
  ),
];

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function serve(options: DnsServerOptions = { zone }): Promise<DnsServer> {
  const server = await DnsServer.start(options);
  cleanups.push(() => server.close());
  return server;
}

type Ask = (type: DnsQuestion['type'], name: string) => Promise<DnsAnswer>;

function resolver(servers: readonly HostPort[], timeout = 2000): { ask: Ask; resolver: DnsResolver } {
  const waiting = new Map<string, (answer: DnsAnswer) => void>();
  const made = new DnsResolver({
    servers,
    timeout,
    onAnswer: ({ type, name }, answer) => {
      const tell = waiting.get(`${type} ${name}`);
      if (!tell) throw new Error(`${type} ${name} is answered, and nobody asks`);
      waiting.delete(`${type} ${name}`);
      tell(answer);
    },
  });
  cleanups.push(() => made.close());
  const ask: Ask = (type, name) =>
    new Promise((resolve) => {
      waiting.set(`${type} ${name}`, resolve);
      made.resolve({ type, name });
    });
  return { ask, resolver: made };
}

async function took(work: Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work;
  return performance.now() - start;
}

const b = { kind: 'records', records: [{ type: 'A', address: '127.0.0.13' }], ttl: 60_000 };

/** A port of loopback at which nobody listens. */
async function deadEnd(): Promise<HostPort> {
  const server = await DnsServer.start();
  await server.close();
  return server.address;
}

test('the server says to c-ares what its zone says', async () => {
  const server = await serve();
  const cares = new Resolver();
  cares.setServers([formatHostPort(server.address)]);
  expect(await cares.resolve4('alias.example.com', { ttl: true })).toEqual([
    { address: '127.0.0.11', ttl: 20 },
    { address: '127.0.0.12', ttl: 20 },
  ]);
  expect(await cares.resolve6('a.example.com')).toEqual(['2001:db8::1:0:0:1']);
  expect(await cares.resolveSrv('_sip._udp.example.com')).toMatchObject([
    { priority: 10, weight: 60, port: 5060, name: 'a.example.com' },
    { priority: 20, weight: 0, port: 5070, name: 'b.example.com' },
  ]);
  expect(await cares.resolveNaptr('example.com')).toMatchObject([
    { order: 10, preference: 20, flags: 's', service: 'SIP+D2U', regexp: '', replacement: '_sip._udp.example.com' },
    { order: 20, preference: 10, flags: 's', service: 'SIPS+D2T', regexp: '', replacement: '_sips._tcp.example.com' },
  ]);
  expect(await cares.resolveSrv('big.example.com')).toHaveLength(60);
  await expect(cares.resolve4('nowhere.example.com')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  await expect(cares.resolveSrv('a.example.com')).rejects.toMatchObject({ code: 'ENODATA' });
});

describe('what is asked for', () => {
  const rows: readonly { type: DnsQuestion['type']; name: string; answer: unknown }[] = [
    { type: 'A', name: 'b.example.com', answer: b },
    {
      type: 'AAAA',
      name: 'a.example.com',
      answer: { kind: 'records', records: [{ type: 'AAAA', address: '2001:db8::1:0:0:1' }], ttl: 60_000 },
    },
    {
      type: 'AAAA',
      name: 'mapped.example.com',
      answer: { kind: 'records', records: [{ type: 'AAAA', address: '::ffff:127.0.0.1' }], ttl: 60_000 },
    },
    {
      type: 'SRV',
      name: '_sip._udp.example.com',
      answer: {
        kind: 'records',
        records: [
          { type: 'SRV', priority: 10, weight: 60, port: 5060, target: 'a.example.com' },
          { type: 'SRV', priority: 20, weight: 0, port: 5070, target: 'b.example.com' },
        ],
        ttl: 200_000,
      },
    },
    {
      type: 'SRV',
      name: '_sip._tcp.example.com',
      answer: {
        kind: 'records',
        records: [{ type: 'SRV', priority: 0, weight: 0, port: 0, target: '.' }],
        ttl: 300_000,
      },
    },
    {
      type: 'NAPTR',
      name: 'example.com',
      answer: {
        kind: 'records',
        records: [
          {
            type: 'NAPTR',
            order: 10,
            preference: 20,
            flags: 's',
            service: 'SIP+D2U',
            replacement: '_sip._udp.example.com',
          },
          {
            type: 'NAPTR',
            order: 20,
            preference: 10,
            flags: 's',
            service: 'SIPS+D2T',
            replacement: '_sips._tcp.example.com',
          },
        ],
        ttl: 60_000,
      },
    },
    // Aliases: the least TTL of the chain.
    {
      type: 'A',
      name: 'alias.example.com',
      answer: {
        kind: 'records',
        records: [
          { type: 'A', address: '127.0.0.11' },
          { type: 'A', address: '127.0.0.12' },
        ],
        ttl: 20_000,
      },
    },
    { type: 'A', name: 'lost.example.com', answer: { kind: 'none', reason: 'no-such-name', ttl: 30_000 } },
    { type: 'SRV', name: 'empty.example.com', answer: { kind: 'none', reason: 'no-data', ttl: 15_000 } },
    // How long there is nothing: the SOA record's minimum, not its TTL.
    { type: 'A', name: 'nowhere.example.com', answer: { kind: 'none', reason: 'no-such-name', ttl: 30_000 } },
    { type: 'SRV', name: 'b.example.com', answer: { kind: 'none', reason: 'no-data', ttl: 30_000 } },
    { type: 'A', name: '_udp.example.com', answer: { kind: 'none', reason: 'no-data', ttl: 30_000 } },
    { type: 'A', name: 'elsewhere.example', answer: { kind: 'none', reason: 'no-such-name', ttl: 0 } },
  ];

  test.each(rows)('$type $name', async ({ type, name, answer }) => {
    const server = await serve();
    const { ask } = resolver([server.address]);
    expect(await ask(type, name)).toEqual(answer);
    expect(server.queries).toHaveLength(1);
    expect(server.queries[0]).toMatchObject({ type, name, over: 'udp', size: 1232 });
  });

  test('what does not fit into a datagram, by TCP', async () => {
    const server = await serve();
    const { ask } = resolver([server.address]);
    const answer = await ask('SRV', 'big.example.com');
    expect(answer.kind === 'records' && answer.records).toHaveLength(60);
    expect(server.queries.map(({ over }) => over)).toEqual(['udp', 'tcp']);
  });

  test('localhost, of nobody', async () => {
    const server = await serve();
    const { ask } = resolver([server.address]);
    expect(await ask('A', 'localhost')).toMatchObject({ records: [{ address: '127.0.0.1' }] });
    expect(await ask('AAAA', 'sip.localhost')).toMatchObject({ records: [{ address: '::1' }] });
    expect(await ask('SRV', '_sip._udp.localhost')).toMatchObject({ kind: 'none', reason: 'no-data' });
    expect(server.queries).toEqual([]);
  });

  test.runIf(hasIpv6())('a server by IPv6', async () => {
    const server = await serve({ host: '::1', zone });
    const { ask } = resolver([server.address]);
    expect(await ask('A', 'b.example.com')).toEqual(b);
  });

  test('the system names servers where none are configured', async () => {
    // Which, and whether they answer, is not ours to say: only that nothing else happens than an answer.
    const { ask } = resolver([], 200);
    expect(['failed', 'none']).toContain((await ask('A', 'name.invalid')).kind);
  });
});

describe('one server that misbehaves', () => {
  const ok: readonly { fault: Fault; queries: number; name?: string }[] = [
    { fault: 'truncated', queries: 2 },
    { fault: 'forged', queries: 1 },
    { fault: 'no-edns', queries: 2 },
    { fault: 'silent-once', queries: 2 },
    { fault: 'slow 300', queries: 1 },
    // Slower than the pause after which it is asked again: the first query may still be answered.
    { fault: 'slow 900', queries: 2 },
  ];
  test.each(ok)('$fault: the right answer all the same', async ({ fault, queries }) => {
    const server = await serve();
    server.fault(fault);
    const { ask } = resolver([server.address], 3000);
    expect(await ask('A', 'b.example.com')).toEqual(b);
    expect(server.queries).toHaveLength(queries);
  });

  test.each([
    ['silent', 'no answer'],
    ['wrong-id', 'no answer'],
    ['wrong-question', 'no answer'],
    ['slow 700', 'no answer'],
  ] as const)('%s: no answer, when the time is over', async (fault, reason) => {
    const server = await serve();
    server.fault(fault);
    const { ask } = resolver([server.address], 500);
    const start = performance.now();
    expect(await ask('A', 'b.example.com')).toEqual({
      kind: 'failed',
      reason: `${formatHostPort(server.address)}: ${reason}`,
    });
    const elapsed = performance.now() - start;
    expect(elapsed).toBeGreaterThan(490);
    expect(elapsed).toBeLessThan(1500);
    expect(server.queries).toHaveLength(3);
    // Each from a port and with a number of its own.
    expect(new Set(server.queries.map(({ port }) => port)).size).toBe(3);
  });

  test.each([
    ['servfail', 'SERVFAIL'],
    ['refused', 'REFUSED'],
    ['malformed', 'malformed reply'],
    ['referral', 'it refers to others: it does not recurse'],
  ] as const)('%s: failed at once', async (fault, reason) => {
    const server = await serve();
    server.fault(fault);
    const { ask } = resolver([server.address], 10_000);
    const work = ask('A', 'b.example.com');
    expect(await took(work)).toBeLessThan(1000);
    expect(await work).toEqual({ kind: 'failed', reason: `${formatHostPort(server.address)}: ${reason}` });
    expect(server.queries).toHaveLength(1);
  });

  test('a server that does not follow aliases: we do, name by name', async () => {
    const server = await serve();
    server.fault('aliases-only');
    const { ask } = resolver([server.address]);
    expect(await ask('A', 'alias.example.com')).toMatchObject({ kind: 'records', ttl: 20_000 });
    expect(server.queries.map(({ name }) => name)).toEqual([
      'alias.example.com',
      'second.example.com',
      'a.example.com',
    ]);
  });

  test.each(['aliases-only', undefined] as const)('aliases that go round: failed (%s)', async (fault) => {
    const server = await serve();
    server.fault(fault);
    const { ask } = resolver([server.address]);
    expect(await ask('A', 'loop.example.com')).toMatchObject({ kind: 'failed', reason: /too many aliases$/ });
    expect(server.queries.length).toBeLessThan(12);
  });

  test('nobody there: failed at once', async () => {
    const nowhere = await deadEnd();
    const { ask } = resolver([nowhere], 10_000);
    const work = ask('A', 'b.example.com');
    expect(await took(work)).toBeLessThan(1000);
    expect(await work).toEqual({ kind: 'failed', reason: `${formatHostPort(nowhere)}: ECONNREFUSED` });
  });

  test('TCP that is refused after a truncated reply: failed at once', async () => {
    const udp = createSocket('udp4');
    udp.bind(0, '127.0.0.1');
    await once(udp, 'listening');
    cleanups.push(() => udp.close());
    udp.on('message', (data, from) => {
      const reply = Buffer.from(data);
      reply.writeUInt16BE(0x8200, 2);
      udp.send(reply, from.port, from.address);
    });
    const address = { host: '127.0.0.1', port: udp.address().port };
    const { ask } = resolver([address], 10_000);
    expect(await ask('A', 'b.example.com')).toEqual({
      kind: 'failed',
      reason: `${formatHostPort(address)}: ECONNREFUSED`,
    });
  });
});

describe('several servers', () => {
  test.each(['servfail', 'refused', 'malformed', 'referral'] as const)('%s: the next one, at once', async (fault) => {
    const [first, second] = [await serve(), await serve()];
    first.fault(fault);
    const { ask } = resolver([first.address, second.address], 10_000);
    const work = ask('A', 'b.example.com');
    expect(await took(work)).toBeLessThan(500);
    expect(await work).toEqual(b);
  });

  test('the first is dead: the next one, at once', async () => {
    const second = await serve();
    const { ask } = resolver([await deadEnd(), second.address], 10_000);
    const work = ask('A', 'b.example.com');
    expect(await took(work)).toBeLessThan(500);
    expect(await work).toEqual(b);
  });

  test('the first is silent: the next one soon, and first of all when that has happened twice', async () => {
    const [first, second] = [await serve(), await serve()];
    first.fault('silent');
    const { ask } = resolver([first.address, second.address], 1200);
    for (const name of ['b.example.com', 'a.example.com']) {
      const time = await took(ask('A', name));
      expect(time).toBeGreaterThan(250);
      expect(time).toBeLessThan(800);
    }
    expect(await took(ask('A', 'alias.example.com'))).toBeLessThan(250);
    expect(first.queries).toHaveLength(2);
  });

  test('the first is slow: it may answer after the second was asked', async () => {
    const [first, second] = [await serve(), await serve()];
    first.fault('slow 500');
    second.fault('silent');
    const { ask } = resolver([first.address, second.address], 1200);
    expect(await ask('A', 'b.example.com')).toEqual(b);
  });

  test('the first is slow, the second fails: the first is waited for', async () => {
    const [first, second] = [await serve(), await serve()];
    first.fault('slow 700');
    second.fault('servfail');
    const { ask } = resolver([first.address, second.address], 1200);
    expect(await ask('A', 'b.example.com')).toEqual(b);
  });

  test('who is silent now and then keeps its place', async () => {
    const [first, second] = [await serve(), await serve()];
    const { ask } = resolver([first.address, second.address], 800);
    for (const fault of ['silent', undefined, 'silent', undefined] as const) {
      first.fault(fault);
      await ask('A', `${fault}.example.com`);
    }
    expect(first.queries).toHaveLength(4);
    expect(second.queries).toHaveLength(2);
  });

  test('that there is nothing is an answer: nobody else is asked', async () => {
    const [first, second] = [await serve(), await serve()];
    first.remove('b.example.com');
    const { ask } = resolver([first.address, second.address]);
    expect(await ask('A', 'b.example.com')).toMatchObject({ kind: 'none' });
    expect(second.queries).toEqual([]);
  });

  test('each one says why', async () => {
    const [first, second] = [await serve(), await serve()];
    first.fault('servfail');
    second.fault('refused');
    const { ask } = resolver([first.address, second.address]);
    expect(await ask('A', 'b.example.com')).toEqual({
      kind: 'failed',
      reason: `${formatHostPort(first.address)}: SERVFAIL, ${formatHostPort(second.address)}: REFUSED`,
    });
    expect([first.queries.length, second.queries.length]).toEqual([1, 1]);
  });
});

test('who guesses the number of a query but sends from elsewhere is not heard', async () => {
  const server = await serve();
  server.fault('slow 200');
  const { ask } = resolver([server.address]);
  const work = ask('A', 'b.example.com');
  while (server.queries.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const { id, port } = server.queries[0]!;
  const stranger = createSocket('udp4');
  cleanups.push(() => stranger.close());
  const forged = encode({
    type: 'response',
    id,
    questions: [{ type: 'A', name: 'b.example.com', class: 'IN' }],
    answers: [{ type: 'A', name: 'b.example.com', class: 'IN', ttl: 600, data: '203.0.113.66' }],
  });
  await new Promise((resolve) => stranger.send(forged, port, '127.0.0.1', resolve));
  expect(await work).toEqual(b);
});

test('ports and numbers cannot be foretold', async () => {
  const server = await serve();
  const { ask } = resolver([server.address]);
  for (let i = 0; i < 60; i++) await ask('A', `n${i}.example.com`);
  const differing = (values: readonly number[]) => new Set(values).size;
  expect(differing(server.queries.map(({ id }) => id))).toBeGreaterThan(55);
  expect(differing(server.queries.map(({ port }) => port))).toBeGreaterThan(50);
  const steps = server.queries.slice(1).map(({ id }, index) => id - server.queries[index]!.id);
  expect(differing(steps)).toBeGreaterThan(50);
});

test('a thousand questions at once are answered, a hundred at a time', async () => {
  const server = await serve();
  server.fault('slow 20');
  const { ask } = resolver([server.address], 5000);
  const names = Array.from({ length: 1000 }, (_, index) => `n${index}.example.com`);
  const answers = await Promise.all(names.map((name) => ask('A', name)));
  expect(answers.every(({ kind }) => kind === 'none')).toBe(true);
  expect(server.queries).toHaveLength(1000);
});

test('those that do not get their turn fail in their time', async () => {
  const server = await serve();
  server.fault('silent');
  const { ask } = resolver([server.address], 300);
  const work = Promise.all(Array.from({ length: 250 }, (_, index) => ask('A', `n${index}.example.com`)));
  expect(await took(work)).toBeLessThan(1500);
  const reasons = (await work).map((answer) => (answer.kind === 'failed' ? answer.reason : answer.kind));
  expect(reasons.filter((reason) => reason === 'other questions were not answered in time')).toHaveLength(150);
  expect(server.queries.length).toBeLessThanOrEqual(300);
});

test('after it is closed nothing is answered, and nothing keeps the process', async () => {
  const server = await serve();
  server.fault('slow 50');
  const answers: DnsAnswer[] = [];
  const made = new DnsResolver({
    servers: [server.address],
    timeout: 1000,
    onAnswer: (_, answer) => answers.push(answer),
  });
  made.resolve({ type: 'A', name: 'b.example.com' });
  made.resolve({ type: 'A', name: 'localhost' });
  made.close();
  made.resolve({ type: 'A', name: 'a.example.com' });
  await new Promise((resolve) => setTimeout(resolve, 120));
  expect(answers).toEqual([]);
});

test('locator and resolver: by NAPTR and SRV to the addresses, which outlive the server', async () => {
  const server = await serve();
  const deadlines = new Deadlines<Sleeper>();
  let ahead = 0;
  const now = (): Instant => ({ mono: performance.now() + ahead, wall: Date.now() + ahead });
  const made = new DnsResolver({
    servers: [server.address],
    timeout: 500,
    onAnswer: (question, answer) => {
      for (const waiter of locator.answered(question, answer, now())) waiter.onLocated(now());
    },
  });
  cleanups.push(() => made.close());
  const locator = new Locator({
    deadlines,
    random: seeded(1),
    timeout: 600,
    ask: (question) => made.resolve(question),
  });
  const request: LocateRequest = {
    host: 'Example.COM.',
    port: undefined,
    transport: undefined,
    supported: ['udp', 'tcp'],
    families: [4, 6],
  };
  const find = async () => {
    if (locator.find(request, now()).kind === 'pending') {
      await new Promise<void>((resolve) => {
        expect(locator.await(request, { onLocated: () => resolve() }, now())).toBe(true);
      });
    }
    return locator.find(request, now());
  };
  const found = await find();
  expect(found).toMatchObject({ kind: 'targets', stale: false });
  const targets = found.kind === 'targets' ? found.targets.map(({ remote }) => formatHostPort(remote)) : [];
  // The better of priority 10 has two addresses by IPv4 and one by IPv6, in turn; then the one of priority 20.
  expect([...targets].sort()).toEqual([
    '127.0.0.11:5060',
    '127.0.0.12:5060',
    '127.0.0.13:5070',
    '[2001:db8::1:0:0:1]:5060',
  ]);
  expect(targets[1]).toBe('[2001:db8::1:0:0:1]:5060');
  expect(targets[3]).toBe('127.0.0.13:5070');
  server.fault('servfail');
  ahead = 400_000;
  expect(await find()).toMatchObject({ kind: 'targets', stale: true });
});

test('the server as a child process', async () => {
  const script = join(import.meta.dirname, '../support/dns-server.ts');
  const child = spawn(process.execPath, ['--conditions=source', script, '127.0.0.1:0'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  cleanups.push(() => child.kill());
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const say = async (line: string) => {
    child.stdin!.write(`${line}\n`);
    return (await lines.next()).value as string;
  };
  const ready = (await lines.next()).value as string;
  expect(ready).toMatch(/^ready 127\.0\.0\.1:\d+$/);
  const { ask } = resolver([{ host: '127.0.0.1', port: Number(ready.split(':')[1]) }]);
  expect(await say('set b.example.com 60 A 127.0.0.13')).toBe('ok');
  expect(await ask('A', 'b.example.com')).toEqual(b);
  expect(await say('fault servfail b.example.com')).toBe('ok');
  expect(await ask('A', 'b.example.com')).toMatchObject({ kind: 'failed' });
  expect(await say('fault none b.example.com')).toBe('ok');
  expect(await say('fault slow 10')).toBe('ok');
  expect(await ask('A', 'b.example.com')).toEqual(b);
  expect(await say('fault nonsense')).toMatch(/^error/);
  expect(await say('set nonsense')).toMatch(/^error/);
  expect(await say('remove b.example.com')).toBe('ok');
  expect(await ask('A', 'b.example.com')).toMatchObject({ kind: 'none' });
  expect(JSON.parse(await say('queries'))).toHaveLength(4);
  child.stdin!.end();
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
});

function hasIpv6(): boolean {
  return Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'));
}

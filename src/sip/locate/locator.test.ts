import { describe, expect, test } from 'vitest';
import { Bench, hour, record, request, second, texts, Waiter, type Zone } from './locate.testing.ts';

const zone: Zone = {
  'SRV _sip._udp.example.com': ['10 50 5060 a.example.com', '10 50 5060 b.example.com'],
  'A a.example.com': ['192.0.2.1'],
  'A b.example.com': ['192.0.2.2'],
};
const udp = { transport: 'udp' } as const;
const servfail = { kind: 'failed', reason: 'SERVFAIL' } as const;
const minute = 60 * second;

describe('asking', () => {
  test('one question at a time, however many want to know', () => {
    const bench = new Bench(zone);
    for (let i = 0; i < 100; i++) expect(bench.find(udp).kind).toBe('pending');
    expect(bench.asked).toEqual(['SRV _sip._udp.example.com']);
    bench.answerAll();
    for (let i = 0; i < 100; i++) expect(bench.find(udp).kind).toBe('pending');
    expect(bench.asked.slice(1).sort()).toEqual(['A a.example.com', 'A b.example.com']);
    bench.answerAll();
    expect(bench.find(udp).kind).toBe('targets');
    expect(bench.asked).toHaveLength(3);
  });

  test('the order is drawn anew for each call', () => {
    const bench = new Bench(zone);
    bench.settle(udp);
    const orders = new Set(Array.from({ length: 40 }, () => String(texts(bench.find(udp)))));
    expect([...orders].sort()).toEqual([
      'udp 192.0.2.1:5060,udp 192.0.2.2:5060',
      'udp 192.0.2.2:5060,udp 192.0.2.1:5060',
    ]);
    expect(bench.asked).toHaveLength(3);
  });

  test('a name of several addresses shares its load among them', () => {
    const bench = new Bench({ 'A example.com': ['192.0.2.1', '192.0.2.2', '192.0.2.3'] });
    const wanted = { port: 5060 };
    bench.settle(wanted);
    const firsts = new Set(Array.from({ length: 60 }, () => texts(bench.find(wanted))[0]));
    expect(firsts.size).toBe(3);
  });

  test('what nobody asked for is let fall', () => {
    const bench = new Bench();
    const question = { type: 'A', name: 'example.com' } as const;
    const records = [record('A', '192.0.2.66')];
    expect(bench.answer(question, { kind: 'records', records, ttl: hour })).toEqual([]);
    expect(bench.locator.size).toBe(0);
    expect(bench.find({ port: 5060 }).kind).toBe('pending');
  });

  test('records of another type than asked for are let fall', () => {
    const bench = new Bench();
    bench.find({ port: 5060 });
    bench.answerAll({
      kind: 'records',
      records: [
        record('AAAA', '2001:db8::1'),
        record('SRV', '1 1 1 a.b'),
        record('A', '192.0.2.300'),
        record('A', '0.0.0.0'),
      ],
      ttl: minute,
    });
    expect(texts(bench.find({ port: 5060 }))).toBe('A example.com: no such record');
  });
});

describe('time to live', () => {
  test.each([
    { ttl: 60 * second, held: 60 * second },
    { ttl: 0, held: second },
    { ttl: Number.NaN, held: second },
    { ttl: 7 * 24 * hour, held: 24 * hour },
  ])('records of $ttl ms are kept for $held', ({ ttl, held }) => {
    const bench = new Bench({ 'A example.com': ['192.0.2.1'] });
    bench.ttl = ttl;
    bench.settle({ port: 5060 });
    bench.pass(held - 1);
    expect(bench.find({ port: 5060 }).kind).toBe('targets');
    bench.pass(1);
    expect(bench.find({ port: 5060 }).kind).toBe('pending');
    expect(bench.asked).toHaveLength(2);
  });

  test.each([
    { ttl: 60 * second, held: 60 * second },
    { ttl: 0, held: 5 * second },
    { ttl: hour, held: 300 * second },
  ])('that there is nothing, with $ttl ms, is known for $held', ({ ttl, held }) => {
    const bench = new Bench();
    bench.ttl = ttl;
    bench.settle({ port: 5060 });
    bench.pass(held - 1);
    expect(bench.find({ port: 5060 }).kind).toBe('failed');
    expect(bench.asked).toHaveLength(1);
    bench.pass(1);
    expect(bench.find({ port: 5060 }).kind).toBe('pending');
  });

  test('records that change are seen once the old ones have expired', () => {
    const bench = new Bench({ 'A example.com': ['192.0.2.1'] });
    bench.settle({ port: 5060 });
    bench.zone = { 'A example.com': ['192.0.2.2'] };
    bench.pass(minute);
    expect(texts(bench.settle({ port: 5060 }))).toEqual(['udp 192.0.2.2:5060']);
  });
});

describe('failure', () => {
  test('is known for five seconds, then asked again', () => {
    const bench = new Bench({ 'A example.com': servfail });
    expect(texts(bench.settle({ port: 5060 }))).toBe('A example.com: SERVFAIL');
    bench.pass(5 * second - 1);
    expect(bench.find({ port: 5060 }).kind).toBe('failed');
    expect(bench.asked).toHaveLength(1);
    bench.pass(1);
    expect(bench.find({ port: 5060 }).kind).toBe('pending');
    bench.zone = { 'A example.com': ['192.0.2.1'] };
    bench.answerAll();
    expect(texts(bench.find({ port: 5060 }))).toEqual(['udp 192.0.2.1:5060']);
  });

  test('no answer is one, after the time allowed', () => {
    const bench = new Bench();
    bench.find({ port: 5060 });
    bench.pass(3 * second - 1);
    expect(bench.find({ port: 5060 }).kind).toBe('pending');
    bench.pass(1);
    expect(texts(bench.find({ port: 5060 }))).toBe('A example.com: no answer within 3000 ms');
  });

  test('an answer that comes too late is an answer all the same; that it failed is no news', () => {
    const bench = new Bench({ 'A example.com': ['192.0.2.1'] });
    bench.find({ port: 5060 });
    bench.pass(4 * second);
    const [question] = bench.open;
    bench.answer(question!, servfail);
    expect(texts(bench.find({ port: 5060 }))).toBe('A example.com: no answer within 3000 ms');
    bench.answerAll();
    expect(texts(bench.find({ port: 5060 }))).toEqual(['udp 192.0.2.1:5060']);
  });

  test('one target that cannot be resolved holds up its first call only', () => {
    const bench = new Bench({ ...zone, 'A b.example.com': servfail });
    expect(texts(bench.settle(udp))).toEqual(['udp 192.0.2.1:5060']);
    bench.pass(6 * second);
    // Asked again, in the background.
    expect(texts(bench.find(udp))).toEqual(['udp 192.0.2.1:5060']);
    expect(bench.open.map(({ name }) => name)).toEqual(['b.example.com']);
    bench.zone = zone;
    bench.answerAll();
    expect(texts(bench.find(udp))).toHaveLength(2);
  });

  test('with nothing else to try, the next answer is waited for', () => {
    const bench = new Bench({ 'A example.com': servfail });
    bench.settle({ port: 5060 });
    bench.pass(6 * second);
    const waiter = new Waiter((now) => bench.locator.find(request({ port: 5060 }), now));
    expect(bench.find({ port: 5060 }).kind).toBe('pending');
    expect(bench.locator.await(request({ port: 5060 }), waiter, bench.now)).toBe(true);
    bench.pass(3 * second);
    expect(waiter.seen.map(texts)).toEqual(['A example.com: no answer within 3000 ms']);
  });
});

describe('stale answers', () => {
  /** All known, and then no server answers any more. */
  function lost(): Bench {
    const bench = new Bench(zone);
    bench.settle(udp);
    bench.pass(minute);
    bench.zone = Object.fromEntries(Object.keys(zone).map((key) => [key, servfail]));
    return bench;
  }

  test('are used, and said to be, while the DNS fails', () => {
    const bench = lost();
    const found = bench.settle(udp);
    expect(found).toMatchObject({ kind: 'targets', stale: true });
    expect(texts(found)).toHaveLength(2);
  });

  test('are used without waiting after the first failure, and asked for again every five seconds', () => {
    const bench = lost();
    bench.settle(udp);
    const before = bench.asked.length;
    for (let i = 0; i < 60; i++) {
      bench.pass(second);
      expect(bench.find(udp)).toMatchObject({ kind: 'targets', stale: true });
      bench.answerAll();
    }
    // Twelve rounds of three questions.
    expect(bench.asked.length - before).toBe(36);
  });

  test('are used after a second when the DNS says nothing at all', () => {
    const bench = lost();
    expect(bench.find(udp).kind).toBe('pending');
    const waiter = new Waiter((now) => bench.locator.find(request(udp), now));
    bench.locator.await(request(udp), waiter, bench.now);
    // The SRV records first, then the addresses.
    bench.pass(2 * second - 1);
    expect(waiter.seen).toEqual([]);
    bench.pass(1);
    expect(waiter.seen).toMatchObject([{ kind: 'targets', stale: true }]);
  });

  test('are used for a day', () => {
    const bench = lost();
    bench.settle(udp);
    bench.pass(24 * hour - second);
    expect(bench.settle(udp)).toMatchObject({ kind: 'targets', stale: true });
    bench.pass(hour);
    expect(bench.settle(udp)).toMatchObject({ kind: 'failed', reason: 'SRV _sip._udp.example.com: SERVFAIL' });
  });

  test('are gone with the first answer, whatever it says', () => {
    const bench = lost();
    bench.settle(udp);
    bench.pass(10 * second);
    bench.find(udp);
    bench.zone = {};
    bench.answerAll();
    expect(bench.settle(udp).kind).toBe('failed');
  });

  test('are no longer used when the DNS has recovered', () => {
    const bench = lost();
    bench.settle(udp);
    bench.pass(10 * second);
    bench.zone = zone;
    bench.find(udp);
    bench.answerAll();
    expect(bench.settle(udp)).toMatchObject({ kind: 'targets', stale: false });
    bench.pass(minute);
    expect(bench.find(udp).kind).toBe('pending');
  });

  test('count for what is not there as well', () => {
    // Without an SRV record the host itself is meant: that must be known to use its address.
    const bench = new Bench({ 'A example.com': ['192.0.2.1'] });
    bench.settle(udp);
    bench.pass(minute);
    bench.zone = { 'SRV _sip._udp.example.com': servfail, 'A example.com': servfail };
    expect(bench.settle(udp)).toMatchObject({ kind: 'targets', stale: true });
  });

  test('are said to be even when only what is not there is', () => {
    const none = { kind: 'none', reason: 'no-data', ttl: 10 * second } as const;
    const bench = new Bench({ 'SRV _sip._udp.example.com': none, 'A example.com': ['192.0.2.1'] });
    bench.settle(udp);
    bench.pass(20 * second);
    bench.zone = { 'SRV _sip._udp.example.com': servfail };
    expect(bench.settle(udp)).toMatchObject({ kind: 'targets', stale: true });
  });
});

describe('waiting', () => {
  const wait = (bench: Bench, wanted = udp as Parameters<typeof request>[0]) => {
    const waiter = new Waiter((now) => bench.locator.find(request(wanted), now));
    expect(bench.locator.await(request(wanted), waiter, bench.now)).toBe(true);
    return waiter;
  };

  test('who waits is named with the answer that ends the waiting, once', () => {
    const bench = new Bench(zone);
    bench.find(udp);
    const first = wait(bench);
    const second_ = wait(bench);
    expect(bench.answerAll()).toEqual([]);
    const [a, b] = bench.open.splice(0);
    expect(bench.answer(a!, bench.said(a!))).toEqual([]);
    expect(bench.answer(b!, bench.said(b!))).toEqual([first, second_]);
    expect(bench.answer(b!, bench.said(b!))).toEqual([]);
    expect(bench.deadlines.size).toBe(0);
  });

  test('a silent DNS ends it too', () => {
    const bench = new Bench();
    const waiter = wait(bench);
    bench.pass(3 * second);
    expect(waiter.seen.map(texts)).toEqual(['SRV _sip._udp.example.com: no answer within 3000 ms']);
    bench.pass(minute);
    expect(waiter.seen).toHaveLength(1);
  });

  test('who does not want to know any more is not told', () => {
    const bench = new Bench(zone);
    const waiter = wait(bench);
    const other = wait(bench);
    bench.locator.forgetWaiter(waiter);
    bench.locator.forgetWaiter(waiter);
    bench.answerAll();
    expect(bench.answerAll()).toEqual([other]);
  });

  test('nobody waits for what is there', () => {
    const bench = new Bench(zone);
    bench.settle(udp);
    const waiter = new Waiter((now) => bench.locator.find(request(udp), now));
    expect(bench.locator.await(request(udp), waiter, bench.now)).toBe(false);
    expect(bench.locator.await(request({ host: '192.0.2.1' }), waiter, bench.now)).toBe(false);
  });

  test('one may wait for several', () => {
    const bench = new Bench({ ...zone, 'A other.example': ['192.0.2.9'] });
    const waiter = wait(bench);
    bench.locator.await(request({ host: 'other.example', port: 5060 }), waiter, bench.now);
    // The SRV records leave the one pending, the address ends the other: called once, and not again for the first.
    expect(bench.answerAll()).toEqual([waiter]);
    expect(bench.answerAll()).toEqual([]);
  });

  test('a chain that is slower than its TTLs comes to its end', () => {
    const bench = new Bench({
      'SRV _sip._tcp.example.com': ['1 1 5060 a.example.com'],
      'A a.example.com': ['192.0.2.1'],
    });
    bench.ttl = 0;
    const wanted = { supported: ['tcp'] } as const;
    const waiter = wait(bench, wanted);
    for (let i = 0; i < 3; i++) {
      expect(waiter.seen).toEqual([]);
      bench.pass(2 * second);
      for (const ready of bench.answerAll()) ready.onLocated(bench.now);
    }
    expect(waiter.seen.map(texts)).toEqual([['tcp 192.0.2.1:5060']]);
    expect(bench.asked).toEqual(['NAPTR example.com', 'SRV _sip._tcp.example.com', 'A a.example.com']);
  });

  test('all that fails, one after the other and slowly, comes to its end', () => {
    const bench = new Bench();
    const waiter = wait(bench, {});
    bench.pass(minute);
    expect(waiter.seen).toHaveLength(1);
    expect(texts(waiter.seen[0]!)).toContain('SRV _sips._tcp.example.com: no answer within 3000 ms');
    // NAPTR first, then the services together.
    expect(bench.asked).toHaveLength(4);
  });
});

describe('keeping', () => {
  const questions = ['SRV _sip._udp.example.com', 'A a.example.com', 'A b.example.com'];

  /** Keeps, and answers as things are asked; a second at a time. */
  function run(bench: Bench, seconds: number, each: () => void = () => {}): void {
    for (let i = 0; i < seconds; i++) {
      while (bench.open.length > 0) bench.answerAll();
      each();
      bench.pass(second);
    }
  }

  test('names are asked for before they expire: calls never wait', () => {
    const bench = new Bench(zone);
    bench.locator.keep([request(udp)], bench.now);
    run(bench, 3600, () => expect(bench.find(udp)).toMatchObject({ kind: 'targets', stale: false }));
    // An hour with a TTL of a minute, asked at 75 to 90 % of it.
    for (const question of questions) {
      const times = bench.asked.filter((asked) => asked === question).length;
      expect(times).toBeGreaterThan(3600 / 60);
      expect(times).toBeLessThan(3600 / 45 + 2);
    }
    expect(bench.asked.length).toBe(questions.reduce((n, q) => n + bench.asked.filter((a) => a === q).length, 0));
  });

  test('a thousand names do not come at once', () => {
    const names = Array.from({ length: 1000 }, (_, index) => `t${index}.example.com`);
    const bench = new Bench(Object.fromEntries(names.map((name) => [`A ${name}`, ['192.0.2.1']])));
    bench.locator.keep(
      names.map((host) => request({ host, port: 5060 })),
      bench.now,
    );
    bench.answerAll();
    let most = 0;
    for (let i = 0; i < 60; i++) {
      bench.pass(second);
      most = Math.max(most, bench.open.length);
      bench.answerAll();
    }
    expect(most).toBeGreaterThan(50);
    expect(most).toBeLessThan(200);
  });

  test('names that change are followed', () => {
    const bench = new Bench(zone);
    bench.locator.keep([request(udp)], bench.now);
    run(bench, 10);
    bench.zone = { 'SRV _sip._udp.example.com': ['1 1 5060 c.example.com'], 'A c.example.com': ['192.0.2.3'] };
    run(bench, 60);
    expect(texts(bench.find(udp))).toEqual(['udp 192.0.2.3:5060']);
    const before = bench.asked.length;
    run(bench, 120);
    expect(new Set(bench.asked.slice(before))).toEqual(new Set(['SRV _sip._udp.example.com', 'A c.example.com']));
  });

  test('are told by each question that they hang on, and by no other', () => {
    const bench = new Bench({ ...zone, 'A other.example.com': ['192.0.2.9'] });
    const [named, other, found] = [request(udp), request({ host: 'other.example.com', port: 5060 }), request(udp)];
    bench.locator.keep([named, other], bench.now);
    run(bench, 10);
    const by = (type: 'SRV' | 'A', name: string) => bench.locator.keptBy({ type, name });
    expect(by('SRV', '_sip._udp.example.com')).toEqual([named]);
    expect(by('A', 'other.example.com')).toEqual([other]);
    expect(by('A', 'nobody.example.com')).toEqual([]);
    for (const question of bench.asked.filter((asked) => asked.startsWith('A ') && !asked.includes('other')))
      expect(by('A', question.slice(2))).toEqual([named]);
    expect(bench.locator.await(found, { onLocated: () => {} }, bench.now)).toBe(false);
    expect(by('SRV', '_sip._udp.example.com')).toEqual([named]);
  });

  test('an outage is never waited for', () => {
    const bench = new Bench(zone);
    bench.locator.keep([request(udp)], bench.now);
    run(bench, 10);
    bench.zone = {};
    // Nothing is answered: the questions pile up.
    for (let i = 0; i < 600; i++) {
      bench.pass(second);
      expect(bench.find(udp).kind).toBe('targets');
    }
    expect(bench.find(udp)).toMatchObject({ stale: true });
    bench.zone = zone;
    run(bench, 1);
    expect(bench.find(udp)).toMatchObject({ stale: false });
  });

  test('while it fails and nobody calls, the pauses grow', () => {
    const bench = new Bench({});
    bench.locator.keep([request({ port: 5060 })], bench.now);
    for (let i = 0; i < 600; i++) {
      bench.answerAll(servfail);
      bench.pass(second);
    }
    expect(bench.asked.length).toBeGreaterThan(5);
    expect(bench.asked.length).toBeLessThan(16);
  });

  test('what is kept no more is not asked for, and nothing remains', () => {
    const bench = new Bench({ ...zone, 'A other.example': ['192.0.2.9'] });
    const other = request({ host: 'other.example', port: 5060 });
    bench.locator.keep([request(udp), other], bench.now);
    run(bench, 100);
    bench.locator.keep([other], bench.now);
    const before = bench.asked.length;
    run(bench, 100);
    expect(new Set(bench.asked.slice(before))).toEqual(new Set(['A other.example']));
    bench.locator.keep([], bench.now);
    run(bench, 10);
    expect(bench.deadlines.size).toBe(0);
    expect(bench.locator.inspect().every(({ isKept, isAsked }) => !isKept && !isAsked)).toBe(true);
  });
});

describe('limits', () => {
  test('names: those that were answered longest ago go first, kept ones stay', () => {
    const bench = new Bench({ 'A kept.example.com': ['192.0.2.1'] });
    bench.ttl = 24 * hour;
    const kept = { host: 'kept.example.com', port: 5060 };
    bench.locator.keep([request(kept)], bench.now);
    bench.answerAll();
    for (let i = 0; i < 10_500; i++) bench.settle({ host: `n${i}.example.com`, port: 5060 });
    expect(bench.locator.size).toBe(10_000);
    const before = bench.asked.length;
    expect(bench.find(kept).kind).toBe('targets');
    expect(bench.find({ host: 'n10499.example.com', port: 5060 }).kind).toBe('failed');
    expect(bench.asked.length).toBe(before);
    expect(bench.find({ host: 'n0.example.com', port: 5060 }).kind).toBe('pending');
  });

  test('when all names are waited for, a new one is refused at once', () => {
    const bench = new Bench();
    for (let i = 0; i < 10_000; i++) bench.find({ host: `n${i}.example.com`, port: 5060 });
    expect(texts(bench.find({ host: 'more.example.com', port: 5060 }))).toBe(
      'A more.example.com: too many names are asked for',
    );
    bench.pass(3 * second);
    expect(bench.find({ host: 'more.example.com', port: 5060 }).kind).toBe('pending');
    expect(bench.locator.size).toBe(10_000);
  });

  test('records and targets: the best of them', () => {
    const records = Array.from({ length: 500 }, (_, index) => `${500 - index} 0 5060 h${500 - index}.example.com`);
    const addresses = Object.fromEntries(
      records.map((_, index) => [`A h${index + 1}.example.com`, [`192.0.2.1`, `198.51.${index >> 8}.${index & 255}`]]),
    );
    const bench = new Bench({ 'SRV _sip._udp.example.com': records, ...addresses });
    const found = bench.settle(udp);
    expect(bench.asked).toHaveLength(1 + 32);
    expect(texts(found)).toHaveLength(32);
    expect(texts(found).slice(0, 2)).toContain('udp 198.51.0.0:5060');
  });
});

test('a peek asks nothing, and changes nothing that is drawn after it', () => {
  const bench = new Bench(zone);
  expect(bench.locator.peek(request(udp), bench.now).kind).toBe('pending');
  expect([bench.asked, bench.locator.size]).toEqual([[], 0]);
  bench.settle(udp);
  const other = new Bench(zone);
  other.settle(udp);
  for (let i = 0; i < 20; i++) {
    const peeked = texts(bench.locator.peek(request(udp), bench.now));
    expect(peeked).toEqual(['udp 192.0.2.2:5060', 'udp 192.0.2.1:5060']);
    expect(texts(bench.find(udp))).toEqual(texts(other.find(udp)));
  }
  bench.mono += hour;
  bench.locator.peek(request(udp), bench.now);
  expect(bench.asked).toHaveLength(3);
});

test('inspection: what is known, since when and how long, and what failed', () => {
  const bench = new Bench({
    ...zone,
    'A b.example.com': servfail,
    'NAPTR example.com': ['1 2 s SIP+D2U u.example.com'],
  });
  const { wall } = bench.now;
  bench.locator.keep([request(udp)], bench.now);
  bench.answerAll();
  bench.answerAll();
  bench.find({ host: 'example.com' });
  bench.answerAll();
  expect(bench.locator.inspect().toSorted((a, b) => a.question.localeCompare(b.question))).toEqual([
    {
      question: 'A a.example.com',
      answer: ['192.0.2.1'],
      answeredAt: wall,
      expiresAt: wall + minute,
      isAsked: false,
      isKept: true,
    },
    { question: 'A b.example.com', failure: 'SERVFAIL', failedAt: wall, isAsked: false, isKept: true },
    {
      question: 'NAPTR example.com',
      answer: ['1 2 sip+d2u u.example.com'],
      answeredAt: wall,
      expiresAt: wall + minute,
      isAsked: false,
      isKept: false,
    },
    {
      question: 'SRV _sip._udp.example.com',
      answer: ['10 50 a.example.com:5060', '10 50 b.example.com:5060'],
      answeredAt: wall,
      expiresAt: wall + minute,
      isAsked: false,
      isKept: true,
    },
  ]);
});

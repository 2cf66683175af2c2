import { type Answer, encode, type Packet } from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeQuery, readReply } from './message.ts';

const question = { type: 'A', name: 'example.com' } as const;

function reply(parts: Partial<Packet> = {}): Buffer {
  return encode({ type: 'response', id: 7, questions: [{ type: 'A', name: 'Example.com', class: 'IN' }], ...parts });
}

function address(data: string, ttl: number | undefined = 60, name = 'EXAMPLE.com'): Answer {
  return { type: 'A', name, ttl, class: 'IN', data };
}

test('a query, octet by octet (RFC 1035 4.1, RFC 6891 6.1)', () => {
  const name = '076578616d706c6503636f6d00';
  const options = '00002904d0000000000000';
  expect(encodeQuery(0x1234, { type: 'SRV', name: 'example.com' }, true).toString('hex')).toBe(
    `123401000001000000000001${name}00210001${options}`,
  );
  expect(encodeQuery(0x1234, { type: 'NAPTR', name: 'example.com' }, false).toString('hex')).toBe(
    `123401000001000000000000${name}00230001`,
  );
});

describe('what is no reply to the question', () => {
  test.each([
    ['another number', reply({ id: 8 })],
    ['a query', reply({ type: 'query' })],
    ['an update', reply({ flags: 5 << 11 })],
    ['another name', reply({ questions: [{ type: 'A', name: 'example.org', class: 'IN' }] })],
    ['another type', reply({ questions: [{ type: 'AAAA', name: 'example.com', class: 'IN' }] })],
    ['another class', reply({ questions: [{ type: 'A', name: 'example.com', class: 'CH' }] })],
    ['no question', reply({ questions: [] })],
    [
      'two questions',
      reply({
        questions: [
          { type: 'A', name: 'example.com' },
          { type: 'A', name: 'example.com' },
        ],
      }),
    ],
    ['half a header', reply().subarray(0, 11)],
    ['nothing', Buffer.alloc(0)],
  ])('%s', (_, data) => {
    expect(readReply(data, 7, question)).toBeUndefined();
  });
});

describe('what counts', () => {
  test('capitals do not, and records of other names and classes do not', () => {
    const answers: Answer[] = [
      address('192.0.2.66', 60, 'other.example'),
      { ...address('192.0.2.67'), class: 'CH' } as Answer,
      address('192.0.2.1'),
    ];
    expect(readReply(reply({ answers }), 7, question)).toEqual({
      kind: 'said',
      answer: { kind: 'records', records: [{ type: 'A', address: '192.0.2.1' }], ttl: 60_000 },
    });
  });

  test.each([
    { ttls: [60, 30], ttl: 30_000 },
    { ttls: [0], ttl: 0 },
    { ttls: [0x7fff_ffff], ttl: 0x7fff_ffff * 1000 },
    // RFC 2181 8
    { ttls: [0x8000_0000], ttl: 0 },
  ])('the least TTL: $ttls', ({ ttls, ttl }) => {
    const answers = ttls.map((seconds) => address('192.0.2.1', seconds));
    expect(readReply(reply({ answers }), 7, question)).toMatchObject({ answer: { ttl } });
  });

  test.each([
    { ttl: 3600, minimum: 30, expected: 30_000 },
    { ttl: 20, minimum: 30, expected: 20_000 },
  ])('how long there is nothing: the lesser of TTL and minimum ($ttl, $minimum)', ({ ttl, minimum, expected }) => {
    const data = { mname: 'a.b', rname: 'c.d', serial: 1, refresh: 1, retry: 1, expire: 1, minimum };
    const authorities: Answer[] = [{ type: 'SOA', name: 'example.com', class: 'IN', ttl, data }];
    for (const [flags, reason] of [
      [0, 'no-data'],
      [3, 'no-such-name'],
    ] as const) {
      expect(readReply(reply({ flags, authorities }), 7, question)).toEqual({
        kind: 'said',
        answer: { kind: 'none', reason, ttl: expected },
      });
    }
  });

  test.each([
    [1, 'FORMERR', true],
    [2, 'SERVFAIL', false],
    [4, 'NOTIMP', true],
    [5, 'REFUSED', false],
    [9, 'RCODE 9', false],
  ])('code %i is %s', (flags, reason, plain) => {
    expect(readReply(reply({ flags }), 7, question)).toEqual({ kind: 'failed', reason, plain });
    expect(readReply(reply({ flags, questions: [] }), 7, question)).toEqual({ kind: 'failed', reason, plain });
  });

  test('BADVERS, by the extended code', () => {
    const options: Answer = {
      type: 'OPT',
      name: '.',
      udpPayloadSize: 1232,
      extendedRcode: 1,
      ednsVersion: 0,
      flags: 0,
      flag_do: false,
      options: [],
    };
    expect(readReply(reply({ additionals: [options] }), 7, question)).toEqual({
      kind: 'failed',
      reason: 'RCODE 16',
      plain: true,
    });
  });

  test('an alias that cannot be asked for is none', () => {
    const answers: Answer[] = [{ type: 'CNAME', name: 'example.com', class: 'IN', ttl: 60, data: 'a b\u0007.com' }];
    expect(readReply(reply({ answers }), 7, question)).toMatchObject({ kind: 'failed', reason: 'malformed alias' });
  });

  test('more records than anybody needs are not even read', () => {
    const data = reply({ answers: Array.from({ length: 513 }, () => address('192.0.2.1')) });
    expect(readReply(data, 7, question)).toMatchObject({ kind: 'failed', reason: 'too many records' });
  });
});

describe('nothing that comes makes it throw', () => {
  const whole = reply({
    answers: [
      { type: 'CNAME', name: 'example.com', class: 'IN', ttl: 60, data: 'a.example.com' },
      address('192.0.2.1'),
    ],
    authorities: [{ type: 'NS', name: 'example.com', class: 'IN', ttl: 60, data: 'ns.example.com' }],
  });

  test('random octets behind the right number', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => {
        readReply(Buffer.concat([Buffer.from([0, 7, 0x80, 0]), octets]), 7, question);
      }),
      { numRuns: 500 },
    );
  });

  test('a reply with octets changed, or cut short', () => {
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 6 }), fc.nat(whole.length), (changes, end) => {
        const data = Buffer.from(whole);
        for (const [at, octet] of changes) data[at] = octet;
        readReply(data.subarray(0, end), 7, question);
      }),
      { numRuns: 1000 },
    );
  });
});

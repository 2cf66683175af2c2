import { beforeEach, describe, expect, test } from 'vitest';
import type { CallRecord } from '#cdr';
import type { Configuration, OutsideDecisions } from '#policy/configuration';
import type { DnsRecord } from '#sip/locate';
import { configuration, Desk, requests, type Sent, statuses, trunk, udp } from '../desk.testing.ts';

/* Somebody outside is asked where a call goes. */

const acme = trunk('acme', '198.51.100.1', { domain: 'carrier.example' });
const beta = trunk('beta', '198.51.100.2');
const service = { url: 'https://decide.example/calls', when: 'first', otherwise: 'routes', timeout: 300 } as const;
const enumeration = { domain: 'e164.arpa', when: 'first', otherwise: 'routes', timeout: 400 } as const;
const lan = udp('lan', '10.0.0.2');

let desk: Desk;
const begin = (decisions: OutsideDecisions, more: Partial<Configuration> = {}) => {
  open = [];
  desk = new Desk(configuration([acme, beta], { decisions, ...more }));
};
const invite = (uri = 'sip:+4930123@10.0.0.1') => desk.request(lan, 'INVITE', { uri });
/** What was sent and is not answered. */
let open: readonly Sent[] = [];
const tried = () => {
  const sent = requests(desk.take(), 'INVITE');
  open = [...open, ...sent];
  return sent.map(({ message, flow }) => `${message.uri} ${flow.remote.host}`);
};
const asked = () => desk.of('decide').map(({ question }) => question);
const answer = (value: unknown) => {
  const id = desk.of('decide').at(-1)!.id;
  desk.handle({ kind: 'decided', id, outcome: { kind: 'answered', text: JSON.stringify(value) } });
};
const trace = (): CallRecord['decisions'] => {
  // All that was tried fails, so that the call ends and its record says why it went where it went.
  for (let round = 0; round < 5; round++) {
    tried();
    for (const sent of open) desk.respond(sent, 503);
    open = [];
  }
  return desk.of('record').at(-1)!.record.decisions;
};

describe('the service', () => {
  beforeEach(() => begin({ service }));

  test('is told what routing knows, and the call waits for what it says', () => {
    const { from } = invite();
    expect(from).toContain('+4930');
    expect(asked()).toEqual([
      {
        ...{ version: 1, call: expect.any(String), source: 'pbx', kind: 'trunk', caller: '+4930' },
        ...{ dialled: '+4930123', number: '+4930123', at: new Date(desk.now.wall).toISOString() },
        routes: { route: 'out', trunks: ['acme', 'beta'] },
      },
    ]);
    expect(statuses(desk.take())).toEqual([100]);
    desk.pass(20);
    answer({ trunks: ['beta'], called: '+4930999', caller: '+4977', reason: 'cheap today' });
    const [sent] = requests(desk.take(), 'INVITE');
    expect(sent?.flow.remote.host).toBe('198.51.100.2');
    expect(sent?.message.uri).toBe('sip:+4930999@198.51.100.2:5060');
    expect(sent?.message.get('from')).toContain('+4977@');
    desk.respond(sent!, 486);
    desk.take();
    const { record } = desk.of('record').at(-1)!;
    expect(record.route).toBe('decision service');
    expect(record.decisions[0]).toEqual({
      rule: 'decision service',
      outcome: 'says call +4930999 as +4977 by beta, after 20 ms (cheap today)',
    });
  });

  test('that says nothing leaves it to the routes', () => {
    invite();
    answer({});
    expect(tried()).toEqual(['sip:+4930123@carrier.example 198.51.100.1']);
    expect(trace().slice(0, 2)).toEqual([
      { rule: 'decision service', outcome: 'says nothing, after 0 ms' },
      { rule: 'out', outcome: 'matches: acme, beta' },
    ]);
  });

  test('may refuse', () => {
    invite();
    desk.take();
    answer({ refuse: 603 });
    expect(statuses(desk.take())).toEqual([603]);
  });

  test.each([
    ['is late', () => desk.pass(300), 'no answer within 300 ms'],
    [
      'can not be reached',
      () => desk.handle({ kind: 'decided', id: 1, outcome: { kind: 'failed', reason: 'ECONNREFUSED' } }),
      'of no use, after 0 ms: ECONNREFUSED',
    ],
    [
      'says what nobody can read',
      () => answer({ trunk: 'beta' }),
      'of no use, after 0 ms: its answer has a key "trunk"',
    ],
  ])('that %s: the routes decide', (_, happens, outcome) => {
    invite();
    happens();
    expect(tried()).toEqual(['sip:+4930123@carrier.example 198.51.100.1']);
    expect(trace()[0]).toEqual({ rule: 'decision service', outcome });
  });

  test('where nothing stands in for it, the caller is refused', () => {
    begin({ service: { ...service, otherwise: 'refuse' } });
    invite();
    desk.take();
    desk.pass(300);
    expect(statuses(desk.take())).toEqual([503]);
    expect(trace().at(-1)?.outcome).toBe('the caller is refused, as the configuration has it then');
  });

  test('an answer that comes too late, twice, or to nobody changes nothing', () => {
    invite();
    desk.pass(300);
    tried();
    answer({ trunks: ['beta'] });
    desk.handle({ kind: 'decided', id: 99, outcome: { kind: 'answered', text: '{}' } });
    expect(tried()).toEqual([]);
  });

  test('who hangs up meanwhile is let go, and nobody is called', () => {
    const said = invite();
    desk.take();
    desk.request(lan, 'CANCEL', said);
    expect(statuses(desk.take()).toSorted()).toEqual([200, 487]);
    answer({ trunks: ['beta'] });
    desk.pass(1_000);
    expect(tried()).toEqual([]);
    expect(desk.engine.inspect().decisions).toMatchObject({ waiting: 0 });
  });

  test('that fails five times in a row is let rest; then one call tries, and the others follow when it is answered', () => {
    const fail = () => {
      invite();
      desk.pass(300);
    };
    for (let i = 0; i < 5; i++) fail();
    expect(desk.of('log').map(({ event }) => event)).toContain('decisions-resting');
    desk.effects = [];
    invite();
    expect(asked()).toEqual([]);
    expect(tried()).toEqual(['sip:+4930123@carrier.example 198.51.100.1']);
    desk.pass(10_000);
    desk.effects = [];
    invite();
    invite();
    expect(asked()).toHaveLength(1);
    answer({});
    invite();
    expect(asked()).toHaveLength(2);
    expect(desk.of('log').map(({ event }) => event)).toContain('decisions-again');
  });

  test('a process that takes over ends a call that waited', () => {
    invite();
    const next = new Desk(desk.configuration, desk.kept());
    next.pass(5_000);
    expect(statuses(next.take()).every((status) => status >= 500)).toBe(true);
    expect(next.of('record').at(-1)?.record.end.reason).toBe('restarted');
  });

  test('is not asked about what stays within, nor by whom it is not for, nor where the routes know', () => {
    const ann = { name: 'ann', line: '+4930123', numbers: [], devices: 1, hidden: false };
    begin({ service }, { users: [ann] });
    invite();
    begin({ service: { ...service, from: ['acme'] } });
    invite();
    begin({ service: { ...service, when: 'unrouted' } });
    invite();
    expect(asked()).toEqual([]);
    begin({ service: { ...service, when: 'unrouted' } }, { routes: [] });
    invite();
    expect(asked()).toHaveLength(1);
  });
});

describe('numbers in the DNS', () => {
  const naptr = (regexp: string, more: object = {}): DnsRecord => ({
    ...{ type: 'NAPTR', order: 100, preference: 10, flags: 'u', service: 'E2U+sip', regexp, replacement: '.' },
    ...more,
  });
  const questions = () => desk.of('resolve').map(({ question }) => `${question.type} ${question.name}`);
  const name = '3.2.1.0.3.9.4.e164.arpa';
  const resolve = (records: readonly DnsRecord[], ttl = 60_000, of = name) =>
    desk.handle({
      kind: 'resolved',
      question: { type: 'NAPTR', name: of },
      answer: records.length > 0 ? { kind: 'records', records, ttl } : { kind: 'none', reason: 'no-such-name', ttl },
    });

  beforeEach(() => begin({ enum: enumeration }));

  test('lead to the trunk that is at the host, with the number as they say it', () => {
    invite();
    expect(questions()).toEqual([`NAPTR ${name}`]);
    resolve([
      naptr('!^\\+49(.*)$!sip:0\\1@carrier.example!', { preference: 20 }),
      naptr('!^.*$!sip:desk@198.51.100.2!'),
      naptr('!^.*$!sip:x@nowhere.example!', { preference: 15 }),
    ]);
    expect(tried()).toEqual(['sip:desk@198.51.100.2:5060 198.51.100.2']);
    desk.effects = desk.effects.filter(({ kind }) => kind !== 'record');
    invite();
    // It is kept: nobody is asked, and nobody waits.
    expect(questions()).toHaveLength(1);
    const [first] = requests(desk.take(), 'INVITE');
    desk.respond(first!, 503);
    expect(tried()).toEqual(['sip:030123@carrier.example 198.51.100.1']);
    expect(trace().slice(0, 3)).toEqual([
      { rule: 'ENUM', outcome: `${name}: desk at 198.51.100.2, by trunk beta, after 0 ms` },
      { rule: 'ENUM', outcome: `${name}: x at nowhere.example, where no trunk is` },
      { rule: 'ENUM', outcome: `${name}: 030123 at carrier.example, by trunk acme, after 0 ms` },
    ]);
  });

  test('that are not there leave it to the routes, and so does a DNS that is silent', () => {
    invite();
    resolve([]);
    expect(tried()).toEqual(['sip:+4930123@carrier.example 198.51.100.1']);
    invite('sip:+4930124@10.0.0.1');
    desk.pass(399);
    expect(tried()).toEqual([]);
    desk.pass(1);
    expect(tried()).toEqual(['sip:+4930124@carrier.example 198.51.100.1']);
    invite('sip:112@10.0.0.1');
    expect(tried()).toHaveLength(1);
  });

  test('that are not there are refused where nothing else is to be tried: 404, but 503 when the DNS fails', () => {
    begin({ enum: { ...enumeration, otherwise: 'refuse' } });
    invite();
    resolve([]);
    expect(statuses(desk.take())).toEqual([100, 404]);
    invite('sip:+4930124@10.0.0.1');
    desk.pass(400);
    expect(statuses(desk.take())).toEqual([100, 503]);
  });

  test('calls to one number ask once, and all go on', () => {
    invite();
    invite();
    expect(questions()).toHaveLength(1);
    resolve([naptr('!^.*$!sip:desk@198.51.100.2!')]);
    expect(tried()).toHaveLength(2);
  });

  test('another name is followed, within the time of the first, and never round and round', () => {
    const on = (replacement: string) => naptr('', { flags: '', service: '', replacement });
    invite();
    resolve([on('one.example')]);
    desk.pass(200);
    resolve([naptr('!^.*$!sip:desk@198.51.100.2!')], 60_000, 'one.example');
    expect(tried()).toEqual(['sip:desk@198.51.100.2:5060 198.51.100.2']);
    invite('sip:+4930124@10.0.0.1');
    resolve([on('4.2.1.0.3.9.4.e164.arpa')], 60_000, '4.2.1.0.3.9.4.e164.arpa');
    expect(tried()).toEqual(['sip:+4930124@carrier.example 198.51.100.1']);
  });

  test('the service is asked when they say nothing', () => {
    begin({ enum: { ...enumeration, otherwise: 'refuse' }, service });
    invite();
    expect(asked()).toEqual([]);
    resolve([]);
    expect(asked()).toHaveLength(1);
    answer({ trunks: ['beta'] });
    expect(tried()).toEqual(['sip:+4930123@198.51.100.2:5060 198.51.100.2']);
    expect(trace().slice(0, 2)).toEqual([
      { rule: 'ENUM', outcome: `${name}: the number is not there` },
      { rule: 'decision service', outcome: 'says by beta, after 0 ms' },
    ]);
  });
});

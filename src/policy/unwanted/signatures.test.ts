import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Signatures } from './signatures.ts';

const builtIn = new Signatures([]);
const more = new Signatures(['evil agent', 'lab']);

/** An OPTIONS as SIPVicious' svmap sends it, with one line replaced. */
function message(change: Readonly<Record<string, string>>, body = ''): string {
  const lines: Record<string, string> = {
    start: 'OPTIONS sip:200@192.0.2.1 SIP/2.0',
    Via: 'SIP/2.0/UDP 203.0.113.5:5060;branch=z9hG4bK-1;rport',
    From: '"a"<sip:200@203.0.113.5>;tag=1',
    To: '<sip:200@192.0.2.1>',
    'Call-ID': '1',
    CSeq: '1 OPTIONS',
    'User-Agent': 'Phone 1.0',
    ...change,
  };
  const { start, ...fields } = lines;
  const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${start}\r\n${head.join('')}\r\n${body}`;
}

describe('scanners are known by', () => {
  test.each([
    [{ 'User-Agent': 'friendly-scanner' }, 'friendly-scanner'],
    [{ 'User-Agent': 'Friendly-Scanner/1.2' }, 'friendly-scanner'],
    [{ 'User-Agent': 'sipcli/v1.8' }, 'sipcli'],
    [{ 'User-Agent': 'VaxSIPUserAgent/3.5' }, 'vaxsipuseragent'],
    [{ 'User-Agent': 'sundayddr' }, 'sundayddr'],
    [{ 'User-Agent': 'pplsip' }, 'pplsip'],
    [{ 'User-Agent': 'sip-scan' }, 'sip-scan'],
    [{ 'User-Agent': 'iWar' }, 'iwar'],
    [{ 'User-Agent': 'sipsak 0.9.8.1' }, 'sipsak'],
    [{ 'USER-AGENT ': 'sipvicious' }, 'sipvicious'],
    [{ From: '"sipvicious"<sip:300@203.0.113.5>;tag=1' }, 'sipvicious'],
    [{ To: '"x"<sip:100@1.1.1.1>' }, '100@1.1.1.1'],
    [{ f: '<sip:nm@nm>;tag=root' }, 'nm@nm'],
    [{ t: '<sip:nm2@nm2>' }, 'nm2@nm2'],
    [{ start: 'OPTIONS sip:100@1.1.1.1 SIP/2.0' }, '100@1.1.1.1'],
    [{ start: '\r\n\r\nOPTIONS sip:100@1.1.1.1 SIP/2.0' }, '100@1.1.1.1'],
  ])('%j', (change, word) => {
    expect(builtIn.find(message(change))).toBe(word);
  });

  test.each([
    [{ 'User-Agent': 'An Evil Agent' }, 'evil agent'],
    [{ From: '<sip:lab@203.0.113.5>;tag=1' }, 'lab'],
    [{ To: '<sip:1@lab.test>' }, 'lab'],
    [{ start: 'OPTIONS sip:lab@192.0.2.1 SIP/2.0' }, 'lab'],
    [{ 'User-Agent': 'sipcli' }, 'sipcli'],
  ])('words of the configuration: %j', (change, word) => {
    expect(more.find(message(change))).toBe(word);
    if (word !== 'sipcli') expect(builtIn.find(message(change))).toBeUndefined();
  });
});

describe('taken for no scanner are', () => {
  test.each([
    [{}],
    [{ From: '<sip:iwar@203.0.113.5>;tag=1' }],
    [{ 'User-Agent': 'Kiwari/1.0' }],
    [{ 'User-Agent': 'Smaps' }],
    [{ To: '<sip:5100@1.1.1.1>' }],
    [{ To: '<sip:100@1.1.1.10>' }],
    [{ 'X-User-Agent': 'friendly-scanner' }],
    [{ 'User-Agents': 'friendly-scanner' }],
    [{ Subject: 'sipvicious' }],
    [{ Via: 'SIP/2.0/UDP sipvicious.test:5060;branch=z9hG4bK-1' }],
    [{ start: 'LAB sip:200@192.0.2.1 SIP/2.0' }],
  ])('%j', (change) => {
    expect(more.find(message(change))).toBeUndefined();
  });

  test('bodies', () => {
    expect(builtIn.find(message({}, 'User-Agent: friendly-scanner\r\n'))).toBeUndefined();
  });

  test('names of header fields', () => {
    expect(new Signatures(['user', 'agent', 'from', 'to']).find(message({}))).toBeUndefined();
  });
});

test('any octets are looked at without harm', () => {
  const piece = fc.oneof(
    fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)), maxLength: 20 }),
    fc.constantFrom('\r\n', '\n', 'User-Agent:', 'From', ': ', 'sipcli', 't:', ' '),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = pieces.join('');
      const word = builtIn.find(text);
      if (word !== undefined) expect(text.toLowerCase()).toContain(word);
    }),
    { numRuns: 1000 },
  );
});

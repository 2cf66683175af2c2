import { describe, expect, test } from 'vitest';
import { parseNameAddress, parseVia, quoted } from './index.ts';

describe('parseNameAddress', () => {
  test.each([
    ['<sip:a@h>', '', 'sip:a@h', undefined],
    ['sip:a@h;tag=x', '', 'sip:a@h', 'x'],
    ['  "A \\"B\\" <C>, D"   <sip:a@h;x=y?z=w> ; tag = x9 ; q="1;2"', 'A "B" <C>, D', 'sip:a@h;x=y?z=w', 'x9'],
    ['Anna Lena <sip:a@h>', 'Anna Lena', 'sip:a@h', undefined],
    ['Anna<sip:a@h>;TAG=y', 'Anna', 'sip:a@h', 'y'],
    ['J\xc3\xbcrgen <sip:a@h>', 'J\xc3\xbcrgen', 'sip:a@h', undefined],
    ['"" <tel:+4930>', '', 'tel:+4930', undefined],
    ['sip:a@h ;tag=x', '', 'sip:a@h', 'x'],
    ['<sip:a@h>;x;tag=x', '', 'sip:a@h', 'x'],
    ['sip:a@h;x="<"', '', 'sip:a@h', undefined],
  ])('%s', (value, displayName, uri, tag) => {
    expect(parseNameAddress(value)).toMatchObject({ displayName, uri, tag });
  });

  test('parameters are the field’s, unquoted', () => {
    const { params } = parseNameAddress('<sip:a@h;no>;+sip.instance="<urn:uuid:\\"1>";q=0.5;Expires=60;bare')!;
    expect(params.get('+sip.instance')).toBe('<urn:uuid:"1>');
    expect(params.get('q')).toBe('0.5');
    expect(params.get('expires')).toBe('60');
    expect([params.has('bare'), params.has('no'), params.size]).toEqual([true, false, 4]);
    expect(params.raw).toBe(';+sip.instance="<urn:uuid:\\"1>";q=0.5;Expires=60;bare');
  });

  test.each([
    '',
    ' ',
    '<>',
    '< sip:a@h>',
    '<sip:a@h >',
    '<sip:a@h',
    'sip:a@h>',
    '"A <sip:a@h>',
    '"A" sip:a@h',
    '"A"',
    'A, B <sip:a@h>',
    'alice',
    'alice@h',
    '<alice@h>',
    'sip:a@h?x=y',
    'sip:a@h,sip:b@h',
    '<sip:a@h>x',
    '<sip:a@h>;',
    '<sip:a@h>;;x',
    '<sip:a@h>;x=',
    '<sip:a@h>;=x',
    '<sip:a@h>;tag=1;tag=1',
    '<sip:a@h>;x="y',
    '<sip:a<b@h>',
    '<sip:>',
    'sip:a b@h',
    '<sip:a@h>, <sip:b@h>',
    '*',
  ])('%j is none', (value) => expect(parseNameAddress(value)).toBeUndefined());

  test('a quoted name comes back', () => {
    for (const name of ['A', '', 'a"b\\c', '\\', '<;,>', '\xff']) {
      expect(parseNameAddress(`${quoted(name)} <sip:a@h>`)?.displayName).toBe(name);
    }
    expect(quoted('a\r\nb')).toBe('"a  b"');
  });
});

describe('parseVia', () => {
  test.each([
    [
      'SIP/2.0/UDP 192.0.2.1',
      { transport: 'UDP', host: '192.0.2.1', port: undefined, branch: undefined, rport: false },
    ],
    ['SIP/2.0/UDP 192.0.2.1:5070;rport;branch=z9hG4bK7', { port: 5070, branch: 'z9hG4bK7', rport: true }],
    [
      'SIP/2.0/udp h;rport=49152;received=192.0.2.9',
      { transport: 'UDP', host: 'h', rport: true, received: '192.0.2.9' },
    ],
    ['SIP / 2.0 / TLS   h : 5061 ; Branch = x', { transport: 'TLS', host: 'h', port: 5061, branch: 'x' }],
    [
      'SIP/2.0/TCP [2001:db8::1]:5060;received=[2001:db8::2]',
      { host: '2001:db8::1', port: 5060, received: '2001:db8::2' },
    ],
    ['SIP/2.0/TCP [2001:db8::1];received=2001:db8::3;maddr=224.2.0.1', { received: '2001:db8::3', maddr: '224.2.0.1' }],
    ['SIP/7.0/UDP h', { host: 'h' }],
    ['SIP/2.0/WSS df7jal.invalid;branch=z9hG4bK1;alias', { transport: 'WSS', host: 'df7jal.invalid' }],
  ])('%s', (value, parts) => {
    expect(parseVia(value)).toMatchObject(parts);
    expect(parseVia(value)?.raw).toBe(value);
  });

  test('other parameters', () => expect(parseVia('SIP/2.0/TCP h;keep=30;alias')?.params.get('keep')).toBe('30'));

  test.each([
    '',
    'SIP/2.0/UDP',
    'SIP/2.0/UDP ',
    'SIP/2.0 h',
    'SIP/2.0/ h',
    'XMPP/2.0/UDP h',
    'SIP/2.0/UDPh',
    'SIP/2.0/UDP h;',
    'SIP/2.0/UDP h;;x',
    'SIP/2.0/UDP h x',
    'SIP/2.0/UDP h:',
    'SIP/2.0/UDP h:0',
    'SIP/2.0/UDP h:99999',
    'SIP/2.0/UDP h;branch',
    'SIP/2.0/UDP h;branch=z9hG4bK',
    'SIP/2.0/UDP h;branch=a;branch=b',
    'SIP/2.0/UDP h;rport=x',
    'SIP/2.0/UDP h;rport;rport',
    'SIP/2.0/UDP h;received=a;received=b',
    'SIP/2.0/UDP 2001:db8::1',
    'SIP/2.0/UDP [::1',
    'SIP/2.0/UDP :::]',
    'SIP/2.0/\x16UD~PTo :::]',
    'SIP/2.0/UDP h, SIP/2.0/UDP i',
  ])('%j is none', (value) => expect(parseVia(value)).toBeUndefined());
});

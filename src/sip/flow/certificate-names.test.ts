import { describe, expect, test } from 'vitest';
import { bearsName, certificateIdentity, type GeneralName } from './certificate-names.ts';

const uri = (value: string): GeneralName => ({ kind: 'uri', value });
const dns = (value: string): GeneralName => ({ kind: 'dns', value });
const ip = (value: string): GeneralName => ({ kind: 'ip', value });

describe('who a certificate proves somebody to be (RFC 5922 7.1)', () => {
  test.each<[string, readonly GeneralName[] | undefined, string | undefined, readonly string[], readonly string[]]>([
    ['a sip URI', [uri('sip:example.com')], 'cn.example', ['example.com'], []],
    ['a sip URI before DNS names', [dns('host.example.com'), uri('sip:example.com')], undefined, ['example.com'], []],
    ['two sip URIs', [uri('sip:a.example'), uri('SIP:B.example')], undefined, ['a.example', 'b.example'], []],
    ['the same twice', [uri('sip:a.example'), uri('sip:A.EXAMPLE')], undefined, ['a.example'], []],
    ['port and parameters', [uri('sip:a.example:5061;transport=tls?x=y')], undefined, ['a.example'], []],
    ['a URI with a user is no domain', [uri('sip:alice@a.example'), dns('b.example')], undefined, ['b.example'], []],
    ['sips is not sip', [uri('sips:a.example'), dns('b.example')], undefined, ['b.example'], []],
    ['nor is https', [uri('https://a.example/'), dns('b.example')], undefined, ['b.example'], []],
    ['DNS names', [dns('A.example'), dns('b.example.')], 'cn.example', ['a.example', 'b.example'], []],
    ['wildcards stay wildcards', [dns('*.a.example')], undefined, ['*.a.example'], []],
    ['addresses stand apart', [ip('192.0.2.1'), ip('2001:DB8::1')], 'cn.example', [], ['192.0.2.1', '2001:db8::1']],
    ['CN where there is no subjectAltName', undefined, 'CN.example', ['cn.example'], []],
    ['no CN where there is one', [], 'cn.example', [], []],
    ['neither', undefined, undefined, [], []],
    ['a person is no domain', undefined, 'Alice Smith', [], []],
    ['an end of string in the midst', [dns('a.example\0.b.example')], undefined, [], []],
    ['no label', [dns('a..example'), dns('.a'), dns('.'), dns('')], undefined, [], []],
    ['stars elsewhere', [dns('a.*.example'), dns('w*.example'), dns('*'), dns('**.a.example')], undefined, [], []],
    ['too long', [dns(`${'a'.repeat(64)}.example`), dns(`${'a.'.repeat(127)}a`)], undefined, [], []],
    ['an underscore', [dns('_sips._tcp.example')], undefined, ['_sips._tcp.example'], []],
  ])('%s', (_what, alternatives, commonName, names, addresses) => {
    expect(certificateIdentity({ alternatives, commonName })).toEqual({ names, addresses });
  });
});

describe('whether it is the name that is wanted (RFC 5922 7.2)', () => {
  const names = ['example.com', '*.lab.example'];
  const addresses = ['192.0.2.1', '2001:db8:0:0:0:0:0:1', '0:0:0:0:0:ffff:c000:207'];
  test.each<[string, boolean, boolean]>([
    ['example.com', true, true],
    ['EXAMPLE.com', true, true],
    ['example.com.', true, true],
    ['sip.example.com', false, false],
    ['com', false, false],
    ['xexample.com', false, false],
    ['a.lab.example', false, true],
    ['A.LAB.example', false, true],
    ['a.b.lab.example', false, false],
    ['lab.example', false, false],
    ['.lab.example', false, false],
    ['*.lab.example', false, false],
    ['', false, false],
    ['192.0.2.1', true, true],
    ['192.0.2.2', false, false],
    ['2001:db8::1', true, true],
    ['[2001:DB8::1]', true, true],
    ['2001:db8:0::0:1', true, true],
    ['2001:db8::2', false, false],
    ['::ffff:192.0.2.7', true, true],
    ['::192.0.2.7.1', false, false],
    ['1::2::3', false, false],
    ['1:2:3:4:5:6:7:8:9', false, false],
  ])('%j', (wanted, strict, lenient) => {
    expect(bearsName({ names, addresses }, wanted)).toBe(strict);
    expect(bearsName({ names, addresses }, wanted, true)).toBe(lenient);
  });

  test('an address is no name and a name no address', () => {
    expect(bearsName({ names: ['192.0.2.1'], addresses: [] }, '192.0.2.1')).toBe(false);
    expect(bearsName({ names: ['*.0.2.1'], addresses: [] }, '192.0.2.1', true)).toBe(false);
    expect(bearsName({ names: [], addresses: ['a.example'] }, 'a.example')).toBe(false);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeUser, parseUri, unescapeUser } from './index.ts';

describe('parseUri', () => {
  test.each([
    ['sip:alice@atlanta.example.com', { scheme: 'sip', user: 'alice', host: 'atlanta.example.com' }],
    [
      'SIPS:alice:secret@ATLANTA.example.com:5061',
      { scheme: 'sips', user: 'alice', password: 'secret', host: 'atlanta.example.com', port: 5061 },
    ],
    ['sip:192.0.2.1', { scheme: 'sip', user: undefined, host: '192.0.2.1', port: undefined }],
    ['sip:[2001:db8::9]:5080', { scheme: 'sip', host: '2001:db8::9', port: 5080 }],
    ['sip:a@[::ffff:192.0.2.1]', { host: '::ffff:192.0.2.1' }],
    ['sip:a:@h', { user: 'a', password: '' }],
    ['sip:*21#5@h', { user: '*21#5', host: 'h' }],
    ['sip:a%40b@h', { user: 'a%40b' }],
    ['sip:a?b=c@h?Subject=x&y=z', { user: 'a?b=c', host: 'h', headers: 'Subject=x&y=z' }],
    ['tel:+49-30-(901)820.1;phone-context=example.com', { scheme: 'tel', user: '+49-30-(901)820.1', host: '' }],
    ['urn:service:sos', { scheme: 'urn', user: undefined, host: '' }],
  ])('%s', (uri, parts) => expect(parseUri(uri)).toMatchObject(parts));

  test('parameters', () => {
    const { params } = parseUri('sip:a@h;Transport=TCP;lr;maddr=[2001:db8::1];x=1;X=2')!;
    expect([...params]).toEqual([
      ['transport', 'TCP'],
      ['lr', undefined],
      ['maddr', '[2001:db8::1]'],
      ['x', '1'],
    ]);
    expect([params.has('lr'), params.get('lr'), params.has('nope'), params.size]).toEqual([true, undefined, false, 4]);
    expect(params.raw).toBe(';Transport=TCP;lr;maddr=[2001:db8::1];x=1;X=2');
  });

  test.each([
    '',
    ':',
    'alice@h',
    '1sip:a@h',
    'sip:',
    'sip:@h',
    'sip:a@',
    'sip:a@b@c',
    'sip:a b@h',
    'sip:a@h:',
    'sip:a@h:0',
    'sip:a@h:65536',
    'sip:a@h:5x',
    'sip:a@h;',
    'sip:a@h;;x',
    'sip:a@h;x=',
    'sip:a@h; x',
    'sip:a@h;x=a b',
    'sip:<a@h>',
    'sip:a@[2001:db8::1',
    'sip:a@[2001:db8::1::2]',
    'sip:a@[1:2:3:4:5:6:7]',
    'sip:a@[1:2:3:4:5:6:7:8:9]',
    'sip:a@[12345::]',
    'sip:a@[::1.2.3]',
    'sip:2001:db8::10@[',
    'sip:a@h/x',
    'sip:a%4@h',
    'sip:a%zz@h',
    'sip:a"b@h',
    'sip:a@h?x="y"',
    'tel:',
    'tel:abcxyz',
    'tel:+1;',
    'sip:a@h\0',
    'sip:\x7f@h',
    'urn:a<b',
  ])('%j is none', (uri) => expect(parseUri(uri)).toBeUndefined());
});

describe('the user part', () => {
  test.each([
    ['+4930', '+4930', '+4930'],
    ['%2B4930', '+4930', '+4930'],
    ['a%40b%25', 'a@b%', 'a%40b%25'],
    ['%', '%', '%25'],
    ['%4', '%4', '%254'],
    ['%C3%bc', '\xc3\xbc', '%C3%BC'],
  ])('%s says %j', (escaped, plain, again) => {
    expect(unescapeUser(escaped)).toBe(plain);
    expect(escapeUser(plain)).toBe(again);
  });

  test('any octets escape to a user part and come back', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)), minLength: 1 }),
        (octets) => {
          const escaped = escapeUser(octets);
          expect(unescapeUser(escaped)).toBe(octets);
          expect(parseUri(`sip:${escaped}@example.com`)?.user).toBe(escaped);
        },
      ),
    );
  });
});

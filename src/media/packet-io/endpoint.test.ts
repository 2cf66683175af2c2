import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Endpoint, maySendTo, parseAddress } from './index.ts';

const at = (host: string, port = 4000) => Endpoint.of(host, port)!;

describe('addresses', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['255.255.255.255', '255.255.255.255'],
    ['0.0.0.0', '0.0.0.0'],
    ['::', '::'],
    ['::1', '::1'],
    ['2001:DB8::1', '2001:db8::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['fe80::', 'fe80::'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
  ])('%s is %s (RFC 5952)', (text, canonical) => expect(at(text).host).toBe(canonical));

  test.each([
    '',
    '1.2.3',
    '1.2.3.256',
    '1.2.3.4.5',
    '1.2.3.0004',
    '1.2.3.a',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '12345::',
    'g::',
    '::1.2.3',
    '1.2.3.4::',
    'example.com',
    '[::1]',
    'fe80::1%eth0',
  ])('%o is none', (text) => expect(parseAddress(text)).toBeUndefined());

  test('agree with the platform about what an address is', () => {
    fc.assert(fc.property(fc.ipV4(), (text) => isIPv4(text) && at(text).host === text));
    fc.assert(fc.property(fc.ipV6(), (text) => isIPv6(text) === (parseAddress(text) !== undefined)));
    const scraps = fc.array(fc.constantFrom(':', '::', '.', '0', '1f', 'ffff', '255', '1.2.3.4'), { maxLength: 10 });
    fc.assert(
      fc.property(scraps, (parts) => {
        const text = parts.join('');
        // Leading zeros in IPv4, which some read as octal, are the one thing we let pass and Node does not.
        fc.pre(!/(^|[.:])0\d/.test(text) || !text.includes('.'));
        expect(parseAddress(text) !== undefined).toBe(isIPv4(text) || isIPv6(text));
      }),
    );
  });

  test('text and words go both ways', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { minLength: 4, maxLength: 4 }),
        (words) => {
          const endpoint = new Endpoint(words[0]!, words[1]!, words[2]!, words[3]!, 1);
          expect(parseAddress(endpoint.host)).toEqual(words);
        },
      ),
    );
  });
});

describe('where media may go', () => {
  const outside = at('192.0.2.10');
  const loopback = at('127.0.0.1', 5000);
  test.each([
    ['198.51.100.7', outside, true],
    ['10.0.0.1', outside, true],
    ['0.0.0.0', outside, false],
    ['0.1.2.3', outside, false],
    ['127.0.0.1', outside, false],
    ['127.9.9.9', outside, false],
    ['127.9.9.9', loopback, true],
    ['127.0.0.1', at('0.0.0.0'), false],
    ['224.0.0.1', outside, false],
    ['239.255.255.255', loopback, false],
    ['255.255.255.255', outside, false],
    ['2001:db8::2', outside, false],
    ['2001:db8::2', at('2001:db8::1'), true],
    ['198.51.100.7', at('2001:db8::1'), false],
    ['::1', at('2001:db8::1'), false],
    ['::1', at('::1'), true],
    ['::', at('::1'), false],
    ['ff02::1', at('2001:db8::1'), false],
  ])('%s from %o: %s', (to, from, expected) => expect(maySendTo(at(to), from)).toBe(expected));

  test('port 0 is nowhere', () => expect(maySendTo(at('198.51.100.7', 0), outside)).toBe(false));
});

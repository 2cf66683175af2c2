import { Buffer } from 'node:buffer';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detach, toOctets, toText } from './octets.ts';

const octets = fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes).toString('latin1'));

describe('octets', () => {
  test("toOctets is Node's UTF-8, of halves of surrogate pairs too", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.oneof(fc.constantFrom('a', 'ß', '€', '😀', '\ud83d', '\ude00'), fc.string()) }),
        (text) => {
          expect(toOctets(text)).toBe(Buffer.from(text, 'utf8').toString('latin1'));
        },
      ),
    );
  });

  test('toText gives back what toOctets took', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(toText(toOctets(text))).toBe(text);
      }),
    );
  });

  test('toText takes what is not UTF-8 as latin1, and never throws', () => {
    fc.assert(
      fc.property(octets, (some) => {
        const bytes = Buffer.from(some, 'latin1');
        const text = bytes.toString('utf8');
        const isUtf8 = Buffer.from(text, 'utf8').equals(bytes);
        expect(toText(some)).toBe(isUtf8 ? text : some);
      }),
    );
  });

  test.each([
    ['Zo\xc3\xab', 'Zoë'],
    ['Zo\xeb', 'Zoë'],
    ['50 % of %41', '50 % of %41'],
    ['%41 \xc3\xab', '%41 ë'],
    ['\xc3', '\xc3'],
    ['\xed\xa0\xbd', '\xed\xa0\xbd'],
    ['', ''],
  ])('%j reads %j', (some, text) => {
    expect(toText(some)).toBe(text);
  });

  test('detach changes nothing that can be seen', () => {
    fc.assert(
      fc.property(octets, fc.nat(2_000), fc.nat(2_000), (some, a, b) => {
        const slice = some.slice(Math.min(a, b), Math.max(a, b));
        expect(detach(slice)).toBe(slice);
      }),
    );
  });

  test.each([0, 12, 13, 511, 512, 513, 1024, 1025])('detach keeps all of %i octets', (length) => {
    const some = Array.from({ length }, (_, i) => String.fromCharCode(i & 0xff)).join('');
    expect(detach(some)).toBe(some);
  });

  test('what is detached does not keep the whole', () => {
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc') as () => void;
    const held = (keep: (slice: string) => string) => {
      gc();
      const before = process.memoryUsage().heapUsed;
      const kept = Array.from({ length: 100 }, (_, i) =>
        keep(
          Buffer.alloc(100_000, `${i} ${'x'.repeat(i)}`)
            .toString('latin1')
            .slice(50, 90),
        ),
      );
      gc();
      return process.memoryUsage().heapUsed - before + 0 * kept.length;
    };
    expect(held((slice) => slice)).toBeGreaterThan(9_000_000);
    expect(held(detach)).toBeLessThan(1_000_000);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type EnumRecord, enumName, placesOf } from './enum.ts';

const record = (regexp: string, more: Partial<EnumRecord> = {}): EnumRecord => ({
  order: 100,
  preference: 10,
  flags: 'u',
  service: 'E2U+sip',
  regexp,
  replacement: '',
  ...more,
});
const number = '+442079460148';
const made = (regexp: string) => placesOf([record(regexp)], number);

describe('the name of a number', () => {
  test('is its digits the other way round (RFC 6116 3.2)', () => {
    expect(enumName('+442079460148', 'e164.arpa')).toBe('8.4.1.0.6.4.9.7.0.2.4.4.e164.arpa');
    expect(enumName('+44', 'enum.example')).toBe('4.4.enum.example');
  });

  test('is none of what is no whole number', () => {
    for (const other of ['442079460148', '+', '+1', '+1;ext=2', '+1234567890123456', '+1-2', '112'])
      expect(enumName(other, 'e164.arpa')).toBeUndefined();
  });
});

describe('a record', () => {
  test.each([
    // RFC 6116 3.4.3 and 6.1, as they stand there.
    ['!^.*$!sip:customer-service@example.com!', 'customer-service', 'example.com'],
    ['!^(\\+441632960083)$!sip:\\1@example.com!', undefined, undefined],
    ['!^\\+44(.*)$!sip:0\\1@Carrier.Example;user=phone!', '02079460148', 'carrier.example'],
    ['!^(.*)$!sip:\\1@[2001:db8::1]:5080!', '+442079460148', '2001:db8::1'],
    ['/^\\+(.*)$/sip:\\1@example.com/i', '442079460148', 'example.com'],
    // An escaped delimiter is itself, and an escaped character too.
    ['!^.*$!sip:a\\!b@example.com!', 'a!b', 'example.com'],
    ['!^(.)(.)(.*)$!sip:\\3\\1@example.com!', '42079460148+', 'example.com'],
  ])('%s', (regexp, user, host) => {
    if (user === undefined) expect(made(regexp)).toMatchObject({ kind: 'nothing' });
    else expect(made(regexp)).toEqual({ kind: 'places', places: [{ user, host }] });
  });

  test.each([
    '',
    '!',
    '!^.*$!',
    '!^.*$!sip:a@b',
    '!^(.*!sip:a@b!',
    '!^.*$!sip:a@b!g',
    '1^.*$1sip:a@b1',
    '!^.*$!tel:+1!',
  ])('%s is of no use', (regexp) => {
    expect(made(regexp)).toMatchObject({ kind: 'nothing' });
  });

  test.each([
    [{ service: 'e2u+SIP' }, true],
    [{ service: 'E2U+pstn:sip' }, true],
    [{ service: 'E2U+email:mailto+sip' }, true],
    [{ service: 'E2U+web:http' }, false],
    [{ service: 'SIP+D2U' }, false],
    [{ service: 'E2U+sip', flags: 's' }, false],
    [{ service: 'E2U+sip', flags: 'U' }, true],
  ])('of %o', (more, isOurs) => {
    const found = placesOf([record('!^.*$!sip:a@b.example!', more)], number);
    expect(found.kind).toBe(isOurs ? 'places' : 'nothing');
  });
});

describe('records', () => {
  const at = (order: number, preference: number, host: string) => record(`!^.*$!sip:a@${host}!`, { order, preference });
  const hosts = (...records: EnumRecord[]) => {
    const found = placesOf(records, number);
    return found.kind === 'places' ? found.places.map(({ host }) => host) : found;
  };

  test('those of the lowest order, the preferred first (RFC 3403 4.1)', () => {
    expect(hosts(at(2, 1, 'late'), at(1, 20, 'second'), at(1, 10, 'first'))).toEqual(['first', 'second']);
  });

  test('a lower order of which nothing can be used does not hide the next', () => {
    expect(hosts(record('!nonsense!', { order: 1 }), at(2, 1, 'late'))).toEqual(['late']);
  });

  test('another name has them (RFC 6116 3.3)', () => {
    const other = record('', { flags: '', service: '', replacement: 'Enum.Example' });
    expect(placesOf([other], number)).toEqual({ kind: 'ask', name: 'enum.example' });
    expect(hosts(at(1, 1, 'first'), other)).toEqual(['first']);
    expect(placesOf([record('', { flags: '', service: '', replacement: '' })], number)).toMatchObject({
      kind: 'nothing',
    });
  });

  test('a pattern that would keep a backtracking matcher busy for ever is none that fits', () => {
    expect(made(`!^(\\+?(4|4|2|0)*(\\d*)*(\\d+)*)*x$!sip:a@b!`)).toMatchObject({ kind: 'nothing' });
  });

  test('whatever they are, nothing breaks', () => {
    const any = fc.record({
      order: fc.nat(3),
      preference: fc.nat(3),
      flags: fc.constantFrom('u', '', 's', 'x'),
      service: fc.constantFrom('E2U+sip', '', 'sip', 'E2U'),
      regexp: fc.oneof(
        fc.string(),
        fc.string().map((text) => `!^.*$!${text}!`),
        fc.constant(undefined),
      ),
      replacement: fc.string(),
    });
    fc.assert(
      fc.property(fc.array(any), (list) => {
        expect(['places', 'ask', 'nothing']).toContain(placesOf(list, number).kind);
      }),
    );
  });
});

/** Whatever a peer writes: reading never throws, what is written is whole and short, and says what was read. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseNameAddress, parseUri } from '#codec/sip-message';
import { readDiversions, writeDiversions } from './diversion.ts';
import { type DiversionReason, type Diverted, reasonOfCause } from './history.ts';
import { readHistoryInfo, writeHistoryInfo } from './history-info.ts';
import { across, inviteOf, policyOf, trunkOf } from './identity.testing.ts';
import { type Person, readPerson, type Side, writePerson } from './person.ts';

const side: Side = { home: { host: '192.0.2.1', port: 5060 }, hides: () => false, isTheirs: () => false };

const person: fc.Arbitrary<Person> = fc
  .record({
    display: fc.string({ maxLength: 20 }).filter((text) => text.trim() === text),
    user: fc.oneof(
      fc.stringMatching(/^\+[1-9]\d{3,14}(;ext=\d{1,4})?(;npdi)?$/),
      fc.stringMatching(/^[a-z][a-z0-9._-]{0,10}$/),
    ),
    tel: fc.boolean(),
    phone: fc.boolean(),
  })
  .map(({ display, user, tel, phone }) => {
    const scheme = tel && user.startsWith('+') ? 'tel' : 'sip';
    return { display, scheme, user, phone: scheme === 'tel' || phone };
  });

const reason = fc.constantFrom<DiversionReason>(
  'unknown',
  'user-busy',
  'no-answer',
  'unavailable',
  'unconditional',
  'away',
);
const history = fc.array(
  fc.record({ who: person, reason, count: fc.integer({ min: 1, max: 4 }), private: fc.boolean() }),
  { maxLength: 6 },
) satisfies fc.Arbitrary<readonly Diverted[]>;

/** What a sip URI makes of a number. */
const inSip = ({ who, ...rest }: Diverted) => ({ ...rest, who: { ...who, scheme: 'sip' } });

describe('what is written is read again', () => {
  test('a person', () => {
    fc.assert(
      fc.property(person, (who) => {
        expect(readPerson(writePerson(who, side))).toEqual(who);
      }),
    );
  });

  test('a history in Diversion', () => {
    fc.assert(
      fc.property(history, (entries) => {
        expect(readDiversions(writeDiversions(entries, side, true))).toEqual(entries.map(inSip));
      }),
    );
  });

  test('a history in History-Info, its reasons as causes', () => {
    fc.assert(
      fc.property(history, (entries) => {
        const again = readHistoryInfo(writeHistoryInfo(entries, 'sip:+49@y', side, true));
        expect(again.map(({ cause, ...entry }) => ({ ...entry, reason: reasonOfCause(cause!) }))).toEqual(
          entries.map((entry) => ({ ...inSip(entry), reason: entry.reason === 'away' ? 'unknown' : entry.reason })),
        );
      }),
    );
  });
});

const piece = fc.oneof(
  fc.constantFrom(
    '<sip:',
    '<tel:',
    '>',
    '@',
    '"',
    '\\',
    ',',
    ';',
    '=',
    '?',
    '&',
    '%',
    '%3B',
    'sip:+49301@pbx.hidden.example',
    '<sip:bob@pbx.hidden.example;user=phone>',
    '<tel:0123;phone-context=pbx.hidden.example>',
    ';tgrp=1;trunk-context=pbx.hidden.example',
    ';index=1',
    ';index=1.1.1',
    ';mp=1',
    ';cause=302',
    '?Reason=SIP%3Bcause%3D486',
    '&Privacy=history',
    ';reason=away',
    ';counter=9',
    ';privacy=full',
    ';party=calling',
    ';screen=no',
    'id',
    'user',
    'anonymous',
    '.invalid',
    '+4930',
    'Bob ',
  ),
  fc.stringMatching(/^[\x20-\x7e\x80-\xff]{0,6}$/),
);
const value = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join('').trim());
const name = fc.constantFrom(
  'P-Asserted-Identity',
  'P-Preferred-Identity',
  'Remote-Party-ID',
  'Privacy',
  'Diversion',
  'History-Info',
  'P-Called-Party-ID',
);
const lines = fc.array(
  fc.tuple(name, value).map(([field, text]) => `${field}: ${text}`),
  { maxLength: 12 },
);

const targets = (['p-asserted-identity', 'p-preferred-identity', 'remote-party-id', 'none'] as const).flatMap(
  (header) =>
    ([true, false] as const).map((trusted) => trunkOf('itsp', policyOf({ header, trusted, history: 'both' }))),
);
const source = trunkOf('ip-pbx', { domain: 'pbx.hidden.example' });

describe('whatever comes', () => {
  test('what is written is whole, bounded, and shows no host of the other side', () => {
    fc.assert(
      fc.property(lines, (fields) => {
        const invite = inviteOf(fields);
        for (const target of targets) {
          const written = across(invite, source, target);
          expect(written.lines.length).toBeLessThan(30);
          for (const line of written.lines) {
            const [field, text] = [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)];
            expect(line.length).toBeLessThan(1500);
            if (field === 'Privacy') continue;
            const address = parseNameAddress(text);
            expect(address && parseUri(address.uri), line).toBeDefined();
            // A name is text: what stands there names nobody's host to a machine.
            expect(address!.uri + address!.params.raw).not.toContain('hidden');
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test('what has crossed once crosses again as it is', () => {
    const trusted = trunkOf('ip-pbx', policyOf({ trusted: true, history: 'both' }));
    fc.assert(
      fc.property(lines, (fields) => {
        const once = across(inviteOf(fields), trusted, trusted).lines;
        const again = across(
          inviteOf(once.map((line) => (line.startsWith('From') ? `${line};tag=1` : line))),
          trusted,
          trusted,
        );
        expect(again.lines).toEqual(once);
      }),
      { numRuns: 300 },
    );
  });
});

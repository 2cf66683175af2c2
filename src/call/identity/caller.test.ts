/** Who calls, as one trunk says it and another is to hear it: the shapes that providers and PBXs send. */
import { describe, expect, test } from 'vitest';
import { across, inviteOf, policyOf, trunkOf } from './identity.testing.ts';

const pbx = trunkOf('ip-pbx');
const itsp = trunkOf('itsp');
const anonymousFrom = 'From: "Anonymous" <sip:anonymous@anonymous.invalid>';
const account = { identity: { user: '+49301', display: 'ACME', from: 'identity' } } as const;

describe('a caller of a PBX, to a provider', () => {
  test.each([
    ['From alone', ['From: "Bob" <sip:+49301000@10.0.0.2>;tag=1'], {}, ['From: "Bob" <sip:+49301000@192.0.2.1>']],
    [
      'sips and user=phone',
      ['From: <sips:+49301000@10.0.0.2;user=phone;x=y>;tag=1'],
      {},
      ['From: <sip:+49301000@192.0.2.1;user=phone>'],
    ],
    ['a tel URI stays one', ['From: <tel:+49301000;ext=5>;tag=1'], {}, ['From: <tel:+49301000;ext=5>']],
    [
      'a local tel URI that nobody could place gets our host',
      ['From: <tel:1000;phone-context=10.0.0.2>;tag=1'],
      {},
      ['From: <sip:1000@192.0.2.1;user=phone>'],
    ],
    ['nobody', ['From: <sip:10.0.0.2>;tag=1'], {}, ['From: <sip:192.0.2.1>']],
    [
      'a number that the network does not know',
      ['From: "Unavailable" <sip:unavailable@unknown.invalid>;tag=1'],
      {},
      ['From: "Unavailable" <sip:unavailable@unknown.invalid>'],
    ],
    [
      'asserted, sip and tel',
      [
        'From: <sip:+49301000@10.0.0.2>;tag=1',
        'P-Asserted-Identity: "Bob" <sip:+49301000@10.0.0.2>, <tel:+49301000>',
        'P-Asserted-Identity: <sip:third@10.0.0.2>',
      ],
      {},
      [
        'From: <sip:+49301000@192.0.2.1>',
        'P-Asserted-Identity: "Bob" <sip:+49301000@192.0.2.1>',
        'P-Asserted-Identity: <tel:+49301000>',
      ],
    ],
    [
      'From names the account (field: registering trunks)',
      ['From: "Bob" <sip:+49301000@10.0.0.2>;tag=1'],
      account,
      ['From: "ACME" <sip:+49301@192.0.2.1>', 'P-Asserted-Identity: "Bob" <sip:+49301000@192.0.2.1>'],
    ],
    [
      'P-Preferred-Identity is what the provider wants',
      ['From: <sip:+49301000@10.0.0.2>;tag=1'],
      policyOf({ header: 'p-preferred-identity' }),
      ['From: <sip:+49301000@192.0.2.1>', 'P-Preferred-Identity: <sip:+49301000@192.0.2.1>'],
    ],
    [
      'Remote-Party-ID is what the provider wants',
      ['P-Asserted-Identity: "Bob" <sip:+49301000@10.0.0.2>'],
      policyOf({ header: 'remote-party-id' }),
      [
        'From: <sip:+49301000@192.0.2.1>',
        'Remote-Party-ID: "Bob" <sip:+49301000@192.0.2.1>;party=calling;screen=yes;privacy=off',
      ],
    ],
    [
      'nothing beside From',
      ['P-Asserted-Identity: <sip:+49301000@10.0.0.2>'],
      policyOf({ header: 'none' }),
      ['From: <sip:+49301000@192.0.2.1>'],
    ],
    [
      'Remote-Party-ID of the PBX, in P-Asserted-Identity',
      ['Remote-Party-ID: "Bob" <sip:+49301000@10.0.0.2>;party=calling;id-type=subscriber;privacy=off;screen=yes'],
      {},
      ['From: <sip:+49301000@192.0.2.1>', 'P-Asserted-Identity: "Bob" <sip:+49301000@192.0.2.1>'],
    ],
    [
      'Remote-Party-ID that nobody checked',
      ['Remote-Party-ID: <sip:+49301000@10.0.0.2>;screen=no'],
      policyOf({ header: 'remote-party-id' }),
      [
        'From: <sip:+49301000@192.0.2.1>',
        'Remote-Party-ID: <sip:+49301000@192.0.2.1>;party=calling;screen=no;privacy=off',
      ],
    ],
    [
      'Remote-Party-ID of somebody else',
      ['Remote-Party-ID: <sip:9@10.0.0.2>;party=called'],
      {},
      ['From: <sip:+49301000@192.0.2.1>'],
    ],
    [
      'what the PBX would like to be known by',
      ['P-Preferred-Identity: <sip:+49301@10.0.0.2>'],
      {},
      ['From: <sip:+49301000@192.0.2.1>', 'P-Asserted-Identity: <sip:+49301@192.0.2.1>'],
    ],
    ['Privacy: none', ['Privacy: none'], {}, ['From: <sip:+49301000@192.0.2.1>', 'Privacy: none']],
    [
      'header and session are done by two legs already',
      ['Privacy: header;session'],
      {},
      ['From: <sip:+49301000@192.0.2.1>'],
    ],
  ])('%s', (_, lines, settings, expected) => {
    expect(across(inviteOf(lines), pbx, { ...itsp, ...settings }).lines).toEqual(expected);
  });
});

describe('a caller who hides', () => {
  const hidden = [
    'From: "Bob" <sip:+49301000@10.0.0.2>;tag=1',
    'P-Asserted-Identity: <sip:+49301000@10.0.0.2>',
    'Privacy: id',
  ];
  const trusted = policyOf({ trusted: true });
  const told = [anonymousFrom, 'P-Asserted-Identity: <sip:+49301000@192.0.2.1>', 'Privacy: id'];
  test.each([
    ['is nobody to a provider', hidden, {}, [anonymousFrom, 'Privacy: id']],
    ['is told to who may know him', hidden, trusted, told],
    ['is told to nobody', hidden, policyOf({ trusted: true, privacy: 'anonymous' }), [anonymousFrom, 'Privacy: id']],
    [
      'is told in Remote-Party-ID',
      hidden,
      policyOf({ trusted: true, header: 'remote-party-id' }),
      [
        anonymousFrom,
        'Remote-Party-ID: <sip:+49301000@192.0.2.1>;party=calling;screen=yes;privacy=full',
        'Privacy: id',
      ],
    ],
    [
      'by Privacy: user',
      [...hidden.slice(0, 2), 'Privacy: user;critical'],
      trusted,
      [...told.slice(0, 2), 'Privacy: id;critical'],
    ],
    ['by From alone', ['From: "Anonymous" <sip:anonymous@anonymous.invalid>;tag=1', hidden[1]!], trusted, told],
    ['by From at the host of its own', ['From: <sip:Anonymous@10.0.0.2>;tag=1', hidden[1]!], trusted, told],
    [
      'by Remote-Party-ID',
      ['Remote-Party-ID: "B" <sip:+49301000@10.0.0.2>;privacy=full'],
      {},
      [anonymousFrom, 'Privacy: id'],
    ],
    [
      'with an asserted identity that is nobody',
      ['P-Asserted-Identity: <sip:anonymous@anonymous.invalid>'],
      {},
      [anonymousFrom, 'Privacy: id'],
    ],
    [
      'the account that pays is told to its provider',
      hidden,
      account,
      [anonymousFrom, 'P-Asserted-Identity: "ACME" <sip:+49301@192.0.2.1>', 'Privacy: id'],
    ],
    ['Privacy: none beside id is no consent', [...hidden, 'Privacy: none'], {}, [anonymousFrom, 'Privacy: id']],
  ])('%s', (_, lines, settings, expected) => {
    expect(across(inviteOf(lines), pbx, { ...itsp, ...settings }).lines).toEqual(expected);
  });

  test('his number is nowhere in what an untrusted trunk gets, name neither', () => {
    const invite = inviteOf([
      ...hidden,
      'P-Preferred-Identity: <sip:+49301000@10.0.0.2>',
      'Remote-Party-ID: <sip:+49301000@10.0.0.2>',
      'Identity: signed-of-+49301000',
    ]);
    const { lines, notes } = across(invite, pbx, { ...itsp, ...policyOf({ history: 'both' }) });
    expect(lines.join('\n')).not.toMatch(/49301000|Bob/);
    expect(notes).toEqual(['its Identity (RFC 8224) is left out: the caller is private']);
  });
});

describe('a caller of a provider, to a PBX', () => {
  const asserted = ['P-Asserted-Identity: <sip:+4940@203.0.113.10>', 'Remote-Party-ID: <sip:+4940@203.0.113.10>'];

  test('what it asserts is not believed', () => {
    expect(across(inviteOf(asserted), itsp, pbx).lines).toEqual(['From: <sip:+49301000@192.0.2.1>']);
  });

  test('nor taken for the caller where the PBX wants P-Asserted-Identity of everybody', () => {
    const written = across(inviteOf(asserted), itsp, { ...pbx, ...policyOf({ trusted: true }) });
    expect(written.lines).toEqual(['From: <sip:+49301000@192.0.2.1>']);
  });

  test('it is where the provider is trusted', () => {
    const trusted = { ...itsp, ...policyOf({ trusted: true }) };
    expect(across(inviteOf([...asserted, 'Privacy: id']), trusted, pbx).lines).toEqual([
      anonymousFrom,
      'P-Asserted-Identity: <sip:+4940@192.0.2.1>',
      'Privacy: id',
    ]);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMessage, type SipMessage } from '#codec/sip-message';
import type { ManipulationRule, ManipulationStep } from '#policy/configuration';
import { tortureMessages } from '../../../test/conformance/torture/messages.ts';
import { draftOf, formatDraft, Manipulation, manipulationLimits, messageOf, ruleFaults } from './index.ts';

/* Whatever rules are given and whatever comes: nothing throws, the outcome is a message, the same each time, and bounded. */

const circumstances = {
  trunk: 'itsp',
  call: 'from-trunk' as const,
  caller: '+49"30<',
  called: '\xff\xfe@',
  ourHost: 'us.example',
  peerHost: '[2001:db8::1]',
  account: 'a b',
};

const header = fc.constantFrom('From', 'To', 'Contact', 'request-uri', 'Diversion', 'P-Asserted-Identity', 'Supported');
const odd = fc.constantFrom(
  'X-New',
  'Subject',
  'Privacy',
  'Reason',
  'Content-Type',
  'Via',
  'Call-ID',
  'Record-Route',
  'm',
);
const slice = fc.constantFrom(
  '',
  '',
  '.user',
  '.host',
  '.port',
  '.scheme',
  '.display',
  '.uri',
  '.value',
  '.uri-param.x',
  '.param.y',
);
const part = fc.tuple(fc.oneof(header, odd), slice).map(([one, more]) => one + more);
const pattern = fc.constantFrom('^(.*)$', '.', '', 'sips?:', '(a)|b', '^$', '[^@]+@', '\\d+', '(?i)SIP', ';.*$', '>');
const value = fc.oneof(
  fc.constantFrom(
    '$1',
    '$0$0',
    '{caller}',
    '{called}',
    '<sip:{account}@{peer-host}>',
    '{From.uri}',
    '{Contact}',
    '"',
    '>',
    ';;',
    '%zz',
  ),
  fc.constantFrom('sip:a@b', 'sip:a@b;x?y=z', 'tel:+1', '*', '<', ',', '{Subject}{Subject}{Subject}{Subject}'),
  fc.string({ maxLength: 40 }),
);
const step: fc.Arbitrary<ManipulationStep> = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), part, value }),
  fc.record({ kind: fc.constant('set' as const), part, value }),
  fc.record({ kind: fc.constant('remove' as const), part }),
  fc.record({ kind: fc.constant('remove' as const), part, matching: pattern }),
  fc.record({ kind: fc.constant('replace' as const), part, matching: pattern, value }),
  fc.record({ kind: fc.constant('copy' as const), from: part, part }),
  fc.record({ kind: fc.constant('sdp-remove' as const), matching: pattern }),
  fc.record({ kind: fc.constant('sdp-replace' as const), matching: pattern, value }),
  fc.record({
    kind: fc.constant('sdp-add' as const),
    media: fc.constantFrom('audio', 'session'),
    value: value.map((one) => `a=${one}`),
  }),
  fc.record({ kind: fc.constant('status' as const), status: fc.integer({ min: 100, max: 699 }) }),
);
const rule: fc.Arbitrary<ManipulationRule> = fc
  .record({
    part,
    pattern,
    conditional: fc.boolean(),
    do: fc.array(step, { minLength: 1, maxLength: 4 }),
  })
  .map(({ part: looked, pattern: matched, conditional, do: steps }, index = 0) => ({
    name: `r${index}`,
    direction: 'in' as const,
    ...(conditional && { when: [{ kind: 'matches' as const, part: looked, pattern: matched }] }),
    do: steps,
  }));

/** Those that would be let in at load. */
const sound = (rules: readonly ManipulationRule[]) => rules.filter((one) => ruleFaults(one).length === 0);

const messages: readonly SipMessage[] = tortureMessages
  .map(({ octets }) => parseMessage(octets))
  .flatMap((message) => (message.kind === 'fault' ? [] : [message]));

function outcome(rules: readonly ManipulationRule[], message: SipMessage) {
  const draft = draftOf(message);
  const changes = new Manipulation(rules).apply('in', draft, circumstances);
  return { draft, changes, octets: formatDraft(draft) };
}

test('there are messages to try', () => {
  expect(messages.length).toBeGreaterThan(15);
});

describe.each(messages.map((message, index) => [index, message] as const))('torture message %i', (_index, message) => {
  test('no rule leaves it unreadable, or as long as it likes', () => {
    fc.assert(
      fc.property(fc.array(rule, { minLength: 1, maxLength: 5 }), (rules) => {
        const chosen = sound(rules);
        const { draft, changes, octets } = outcome(chosen, message);
        const after = messageOf(draft);
        expect(after.kind, octets).toBe(message.kind);
        if (after.kind === 'fault') return;
        // What dialogs and transactions are known by.
        expect(after.callId).toBe(message.callId);
        expect(after.cseq).toEqual(message.cseq);
        expect(after.from.tag).toBe(message.from.tag);
        expect(after.to.tag).toBe(message.to.tag);
        expect(after.all('via')).toEqual(message.all('via'));
        expect(after.all('record-route')).toEqual(message.all('record-route'));
        if (after.kind === 'response' && message.kind === 'response')
          expect(after.status < 200).toBe(message.status < 200);
        const most = Math.max(message.octets.length * 1.2 + 2_000, manipulationLimits.head + manipulationLimits.body);
        expect(octets.length).toBeLessThan(most);
        expect(outcome(chosen, message).octets).toBe(octets);
        const others = (one: SipMessage) => one.fields().filter(({ name }) => name !== 'content-length');
        if (changes.length === 0) expect(others(after)).toEqual(others(message));
      }),
      { numRuns: 60 },
    );
  });
});

test('every fault of a rule is a sentence, and nothing that is no rule throws', () => {
  fc.assert(
    fc.property(rule, (one) => {
      for (const { message, cure } of ruleFaults(one)) {
        expect(message).toMatch(/\.$/);
        expect(cure).toMatch(/\.$/);
      }
    }),
    { numRuns: 500 },
  );
});

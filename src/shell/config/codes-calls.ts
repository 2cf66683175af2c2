import { type CodeEntry, error, itspWith } from './codes-entry.ts';

/** How calls behave on a trunk. */
export const callCodes = {
  'TDM-1227': error({
    title: 'A say in SDP that passes as it came',
    cause:
      'With `media.mode: bypass` the parties agree on media with each other, and we change nothing of what they say.',
    cure: 'Anchor media, or leave the key out.',
    example: {
      wrong: `${itspWith('codecs: [PCMA, telephone-event]\n')}media:\n  mode: bypass\n`,
      right: `${itspWith('codecs: [PCMA, telephone-event]\n')}media:\n  mode: anchor\n`,
    },
  }),
  'TDM-1228': error({
    title: 'Codecs of which none carries voice',
    cause: 'Digits (telephone-event), comfort noise (CN) and the like go along with a codec. Every call would get 488.',
    cure: 'Add a codec, such as PCMA.',
    example: {
      wrong: itspWith('codecs: [telephone-event, CN]\n'),
      right: itspWith('codecs: [PCMA, telephone-event, CN]\n'),
    },
  }),
  'TDM-1229': error({
    title: 'A session interval that we would not take ourselves',
    cause: 'What is shorter than `minimum` is refused with 422 (RFC 4028), and `expires` is what we offer.',
    cure: 'Make `expires` at least as long as `minimum`.',
    example: {
      wrong: itspWith('session-timer: { mode: offer, expires: 10m, minimum: 20m }\n'),
      right: itspWith('session-timer: { mode: offer, expires: 20m, minimum: 10m }\n'),
    },
  }),
  'TDM-1230': error({
    title: 'A rule on messages that cannot be',
    cause:
      'Rules change header fields and SDP of single messages. What transactions, dialogs, routes and credentials stand on is none of theirs, and what they write must be readable for who gets it.',
    cure: 'Change the rule as it says; docs/manipulation.md has all that rules can do.',
    example: {
      wrong: itspWith(
        'manipulation:\n  - name: no-trace\n    direction: out\n    methods: INVITE\n    do:\n      - remove: Via\n',
      ),
      right: itspWith(
        'manipulation:\n  - name: no-trace\n    direction: out\n    methods: INVITE\n    do:\n      - remove: User-Agent\n',
      ),
    },
  }),
} as const satisfies Record<string, CodeEntry>;

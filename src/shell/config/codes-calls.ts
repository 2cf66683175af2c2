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
} as const satisfies Record<string, CodeEntry>;

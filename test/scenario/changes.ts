/** The rules on messages that ladders name: "itsp changes=numbers+marks" (README.md). */
import type { ManipulationRule } from '#policy/configuration';

const rules: Readonly<Record<string, readonly ManipulationRule[]>> = {
  /** National numbers towards the trunk, and E.164 from it. */
  numbers: [
    {
      name: 'national',
      direction: 'out',
      do: [
        { kind: 'replace', part: 'request-uri.user', matching: '^\\+49', value: '0' },
        { kind: 'replace', part: 'To.user', matching: '^\\+49', value: '0' },
        { kind: 'replace', part: 'From.user', matching: '^\\+49', value: '0' },
      ],
    },
    {
      name: 'international',
      direction: 'in',
      do: [
        { kind: 'replace', part: 'request-uri.user', matching: '^0', value: '+49' },
        { kind: 'replace', part: 'To.user', matching: '^0', value: '+49' },
        { kind: 'replace', part: 'From.user', matching: '^0', value: '+49' },
      ],
    },
  ],
  /** Whatever is sent bears a mark, whatever comes loses one. */
  marks: [
    {
      name: 'mark',
      direction: 'out',
      do: [{ kind: 'set', part: 'X-Mark', value: '{trunk} {caller} {called}' }],
    },
    { name: 'unmark', direction: 'in', do: [{ kind: 'remove', part: 'Subject' }] },
  ],
  /** A nine in front becomes a zero, whatever follows; and nobody is in a hurry. */
  'no-nine': [
    {
      name: 'no nine',
      direction: 'out',
      do: [
        { kind: 'replace', part: 'request-uri.user', matching: '^9', value: '0' },
        { kind: 'replace', part: 'To.user', matching: '^9', value: '0' },
        { kind: 'remove', part: 'Priority' },
      ],
    },
  ],
  /** Progress without media is ringing; a refusal that means "try another". */
  statuses: [
    {
      name: 'ringing',
      direction: 'in',
      statuses: [{ from: 183, to: 183 }],
      when: [{ kind: 'absent', part: 'body-type' }],
      do: [{ kind: 'status', status: 180 }],
    },
    {
      name: 'elsewhere',
      direction: 'in',
      methods: ['INVITE'],
      statuses: [{ from: 480, to: 480 }],
      do: [{ kind: 'status', status: 503 }],
    },
  ],
  /** The same, on the way to a caller. */
  'statuses-out': [
    {
      name: 'busy',
      direction: 'out',
      statuses: [{ from: 480, to: 480 }],
      do: [{ kind: 'status', status: 486, phrase: 'Gone Fishing' }],
    },
  ],
  /** SDP: a packet time is asked for, and bandwidth is not told. */
  sdp: [
    {
      name: 'packets',
      direction: 'out',
      do: [
        { kind: 'sdp-remove', matching: '^b=' },
        { kind: 'sdp-add', media: 'audio', value: 'a=ptime:30' },
      ],
    },
  ],
  /** What a registrar is told, and that it is an address of another kind. */
  registration: [
    {
      name: 'contact',
      direction: 'out',
      methods: ['REGISTER'],
      do: [
        { kind: 'set', part: 'Contact.user', value: 'line-7' },
        { kind: 'set', part: 'request-uri.uri-param.user', value: 'phone' },
        { kind: 'add', part: 'Supported', value: 'x-line' },
      ],
    },
  ],
};

export function changesNamed(name: string): readonly ManipulationRule[] {
  const found = rules[name];
  if (!found) throw new Error(`there are no changes "${name}": ${Object.keys(rules).join(', ')}`);
  return found;
}

import { type CodeEntry, error } from './codes-entry.ts';

const site = (keys: string) => `sites:\n  - name: munich\n${keys}`;
const plan = (rule: string) => `dial-plans:\n  - name: global\n    rules:\n      - ${rule}\n`;
const user = (keys: string) => `users:\n  - name: alice\n${keys}`;
const timed = (times: string) =>
  `routes:\n  - name: outbound\n    from: pbx\n    times: ${times}\n    to: itsp-a\n  - name: inbound\n    from: itsp-a\n    to: pbx\n`;

/** 11xx: one value by itself, of places, people and numbers. */
export const organisationCodes = {
  'TDM-1121': error({
    title: 'Not a bandwidth that can be meant',
    cause:
      'A bandwidth is a number with its unit, kbit/s or Mbit/s, and has room for a call (40 kbit/s) or a video (100 kbit/s).',
    cure: 'Write 2000 kbit/s, or 2 Mbit/s.',
    example: { wrong: site('    bandwidth: 2000\n'), right: site('    bandwidth: 2000 kbit/s\n') },
  }),
  'TDM-1122': error({
    title: 'Not what stands in or for a number',
    cause:
      'Numbers are made of digits, `*`, `#`, and `+` at the beginning. What stands between digits for people is no part of them.',
    cure: 'Write digits, *, #, and + at the beginning.',
    example: {
      wrong: plan("{ pattern: '(\\d{3})', to: '+49 89 1$1' }"),
      right: plan("{ pattern: '(\\d{3})', to: '+49891$1' }"),
    },
  }),
  'TDM-1123': error({
    title: 'A number that is not normalised',
    cause:
      'Numbers of lines are compared as E.164 writes them, with an extension behind `;ext=`. One in another form would never be found.',
    cure: 'Write +, the code of the country, and the rest, digits only: +4930123450, or +4930123450;ext=17.',
    example: { wrong: user('    line: 030 123450\n'), right: user('    line: "+4930123450"\n') },
  }),
  'TDM-1124': error({
    title: 'Not the code of a country',
    cause: 'Countries are named by the two letters of ISO 3166.',
    cure: 'Write DE, US, GB and so on.',
    example: { wrong: site('    country: Germany\n'), right: site('    country: DE\n') },
  }),
  'TDM-1125': error({
    title: 'Not a time',
    cause:
      'Times of the day are hours and minutes, days have three letters, and zones the names of the IANA time zone database.',
    cure: 'Write days: mon-fri, from: "08:00", to: "18:00", zone: Europe/Berlin.',
    example: {
      wrong: timed('{ days: weekdays, zone: Europe/Berlin }'),
      right: timed('{ days: mon-fri, zone: Europe/Berlin }').replace(
        '  - name: inbound',
        '  - name: always\n    from: pbx\n    to: itsp-a\n  - name: inbound',
      ),
    },
  }),
  'TDM-1126': error({
    title: 'Not an address of somebody',
    cause: 'Who is told of calls for help has an address at SIP, on the web or of mail.',
    cure: 'Write sip:desk@example.com, https://example.com/calls, or desk@example.com.',
    example: {
      wrong: 'emergency:\n  numbers: "112"\n  to: itsp-a\n  notify: desk@example.com\n',
      right: 'emergency:\n  numbers: "112"\n  to: itsp-a\n  notify: sip:desk@example.com\n',
    },
  }),
} as const satisfies Record<string, CodeEntry>;

import { type CodeEntry, error, itspWith, passesWith } from './codes-entry.ts';

/** 11xx: one value by itself. */
export const valueCodes = {
  'TDM-1101': error({
    title: 'A key is unknown',
    cause: 'There is no such key in this place. It would be without effect, and a misspelt limit would be no limit.',
    cure: 'Correct its spelling, or remove it.',
    example: { wrong: 'media:\n  port: 20000-30000\n', right: 'media:\n  ports: 20000-30000\n' },
  }),
  'TDM-1102': error({
    title: 'A key is missing',
    cause: 'This key has no default: what it says cannot be guessed.',
    cure: 'Add it.',
    example: {
      wrong: 'routes:\n  - name: outbound\n    from: pbx\n  - name: all\n    to: [pbx, itsp-a]\n',
      right: 'routes:\n  - name: outbound\n    from: pbx\n    to: itsp-a\n  - name: all\n    to: [pbx, itsp-a]\n',
    },
  }),
  'TDM-1103': error({
    title: 'A value has the wrong shape',
    cause: 'A single value stands where a list or a map of keys belongs, or the other way round.',
    cure: 'Give it the shape that the key takes.',
    example: {
      wrong: 'media:\n  ports:\n    - 20000\n    - 30000\n',
      right: 'media:\n  ports: 20000-30000\n',
    },
  }),
  'TDM-1104': error({
    title: 'Not an IP address',
    cause:
      'An address is given as an IPv4 or IPv6 literal, with a port where one is wanted. What we listen on, and what SDP says, cannot be a name.',
    cure: 'Give the IP address.',
    example: { wrong: 'media:\n  address: sbc.example.com\n', right: 'media:\n  address: 192.0.2.5\n' },
  }),
  'TDM-1105': error({
    title: 'Not a port',
    cause: 'A port is a whole number from 1 to 65535.',
    cure: 'Give a port from 1 to 65535.',
    example: { wrong: 'media:\n  ports: 60000-70000\n', right: 'media:\n  ports: 50000-60000\n' },
  }),
  'TDM-1106': error({
    title: 'Not a duration that can be meant',
    cause:
      'A duration is a number with its unit, ms, s, m or h, within the limits of its key. A bare number could be read as seconds or as milliseconds.',
    cure: 'Write a number and its unit: 500ms, 10s, 3m, 1h.',
    example: { wrong: 'media:\n  silence: 60\n', right: 'media:\n  silence: 60s\n' },
  }),
  'TDM-1107': error({
    title: 'Not a number in range',
    cause: 'The key takes a whole number within limits. A capacity of 0 would let no call pass.',
    cure: 'Give a whole number in the range; for no limit at all leave the key out.',
    example: {
      wrong:
        'trunks:\n  - name: itsp-a\n    kind: itsp\n    addresses: 203.0.113.10\n    capacity: { calls: 0 }\n  - name: pbx\n    kind: ip-pbx\n    addresses: 10.0.0.20\n',
      right:
        'trunks:\n  - name: itsp-a\n    kind: itsp\n    addresses: 203.0.113.10\n    capacity: { calls: 100 }\n  - name: pbx\n    kind: ip-pbx\n    addresses: 10.0.0.20\n',
    },
  }),
  'TDM-1108': error({
    title: 'Not one of the words that this key takes',
    cause: 'The key takes one of a few words.',
    cure: 'Choose one of them.',
    example: { wrong: 'media:\n  mode: anchored\n', right: 'media:\n  mode: anchor\n' },
  }),
  'TDM-1109': error({
    title: 'A value is missing',
    cause: 'A key or a list entry is there, with nothing behind it.',
    cure: 'Give the value, or remove the key.',
    example: { wrong: 'records:\n  path:\n', right: 'records:\n  path: ./data\n' },
  }),
  'TDM-1110': error({
    title: 'A list is empty',
    cause: 'Without an entry there is nothing to listen on, to call, or to choose from.',
    cure: 'Add an entry.',
    example: {
      wrong: 'routes:\n  - name: outbound\n    to: []\n  - name: all\n    to: [pbx, itsp-a]\n',
      right: 'routes:\n  - name: outbound\n    from: pbx\n    to: itsp-a\n  - name: all\n    to: [pbx, itsp-a]\n',
    },
  }),
  'TDM-1111': error({
    title: 'Not a name',
    cause: 'Names stand in logs, counters, records and on the command line.',
    cure: 'Use letters, digits, `.`, `_` and `-`, at most 64, beginning with a letter or digit.',
    example: {
      wrong: 'routes:\n  - name: to the world\n    to: [pbx, itsp-a]\n',
      right: 'routes:\n  - name: to-the-world\n    to: [pbx, itsp-a]\n',
    },
  }),
  'TDM-1112': error({
    title: 'Not a range of ports that can be used',
    cause:
      'RTP takes an even port and RTCP the odd one above it (RFC 3550 11), out of one range from low to high above the ports of the system.',
    cure: 'Write the low and the high port with a dash: 20000-40000.',
    example: { wrong: 'media:\n  ports: 40000-20000\n', right: 'media:\n  ports: 20000-40000\n' },
  }),
  'TDM-1113': error({
    title: 'Not a pattern of numbers',
    cause:
      'A pattern is a small part of regular expressions, over the whole number, so that no number can make it slow: characters, `.`, `\\d`, classes such as [2-9], alternatives such as (030|040); `?`, `*`, `+`, {n} and {n,m} behind a single item, two of them with open length. Special characters take a backslash.',
    cure: 'Simplify the pattern, or use `prefix`.',
    example: {
      wrong: "routes:\n  - name: world\n    called: { pattern: '+[0-9]+' }\n    to: [pbx, itsp-a]\n",
      right: "routes:\n  - name: world\n    called: { pattern: '\\+[0-9]+' }\n    to: [pbx, itsp-a]\n",
    },
  }),
  'TDM-1114': error({
    title: 'A text that cannot be used',
    cause: 'The text holds characters that its place cannot take: in a header field, in a number, in a path.',
    cure: 'Use other characters.',
    example: { wrong: 'sip:\n  user-agent: "Tandem ☎"\n', right: 'sip:\n  user-agent: "Tandem"\n' },
  }),
  'TDM-1115': error({
    title: 'Not the name of a host',
    cause:
      'A name is made of labels of letters, digits and hyphens with dots between them. Where a trunk is reached, NAPTR, SRV and address records are found from the bare name (RFC 3263).',
    cure: 'Give the name alone, such as sip.itsp.example, with a port behind it where one is wanted.',
    example: {
      wrong: itspWith('next-hop: _sip._udp.itsp.example\n'),
      right: itspWith('next-hop: itsp.example\n'),
    },
  }),
  'TDM-1116': error({
    title: 'Not a network',
    cause: 'A network is an address and the length of its prefix; what stands behind the prefix is zero.',
    cure: 'Write 198.51.100.0/24 or 2001:db8::/32.',
    example: {
      wrong: itspWith('networks: 198.51.100.7/24\n'),
      right: itspWith('networks: 198.51.100.0/24\n'),
    },
  }),
  'TDM-1117': error({
    title: 'Not statuses that calls fail with',
    cause: 'A rule is for one status or a range of them, from 300 to 699.',
    cure: 'Write 486 or 500-599.',
    example: {
      wrong: itspWith('responses:\n  - status: 5xx\n    then: next\n'),
      right: itspWith('responses:\n  - status: 500-599\n    then: next\n'),
    },
  }),
  'TDM-1118': error({
    title: 'Not a code point',
    cause: 'A differentiated services code point has six bits (RFC 2474); the common ones have names.',
    cure: 'Give a number from 0 to 63, or one of DF, LE, VA, EF, CS0 to CS7, AF11 to AF43.',
    example: {
      wrong: itspWith('dscp: { media: 184 }\n'),
      right: itspWith('dscp: { media: 46 }\n'),
    },
  }),
  'TDM-1119': error({
    title: 'Not a codec',
    cause: 'No encoding of audio has this name in SDP. A list of codecs lets pass what it names, and nothing else.',
    cure: 'Give names as in rtpmap: PCMA, PCMU, G722, G729, opus, telephone-event, CN; or `all`.',
    example: {
      wrong: itspWith('codecs: [G.711, PCMU]\n'),
      right: itspWith('codecs: [PCMA, PCMU]\n'),
    },
  }),
  'TDM-1120': error({
    title: 'Nothing that passes beside calls',
    cause:
      'What passes is named by its method, in capitals, and where that has such by one package of it: SUBSCRIBE, NOTIFY, PUBLISH and INFO.',
    cure: 'Write MESSAGE, or SUBSCRIBE/presence.',
    example: {
      wrong: itspWith('passes: presence\n'),
      right: passesWith('[MESSAGE, SUBSCRIBE/presence]', '[MESSAGE, SUBSCRIBE/presence]'),
    },
  }),
} as const satisfies Record<string, CodeEntry>;

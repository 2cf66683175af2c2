// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${NAME}` is what the configuration file says, not a template.
/** What the page of a problem says. docs/errors is generated from this table; a test loads every example. */
export interface CodeEntry {
  readonly severity: 'error' | 'warning';
  /** A heading: no full stop. */
  readonly title: string;
  /** Why it is wrong: what would happen otherwise. */
  readonly cause: string;
  /** The general cure, one sentence; a fault may give a better one. */
  readonly cure: string;
  /**
   * Top-level keys that, put into a sound file (`soundFile`), provoke exactly this problem, and the same put right. A text that
   * is not made of top-level keys is a whole file. Absent where no text can show it.
   */
  readonly example?: { readonly wrong: string; readonly right: string };
}

const error = (entry: Omit<CodeEntry, 'severity'>): CodeEntry => ({ severity: 'error', ...entry });
const warning = (entry: Omit<CodeEntry, 'severity'>): CodeEntry => ({ severity: 'warning', ...entry });

/**
 * Every problem a configuration can have. Codes are never given a second meaning: what goes out of use leaves a gap.
 * 10xx the file, 11xx one value, 12xx values that do not go together, 13xx doubts.
 */
export const codes = {
  'TDM-1001': error({
    title: 'The file cannot be read',
    cause: 'The path does not lead to a file, or its permissions keep this user from reading it.',
    cure: 'Check the path and the permissions of the file and its directories.',
  }),
  'TDM-1002': error({
    title: 'The file is not YAML',
    cause:
      'A line breaks the rules of YAML 1.2, so that what follows cannot be understood. What is told is the first such error: those behind it mostly follow from it.',
    cure: 'Correct the line: look for a missing colon, quote or bracket, and for indentation that does not line up.',
    example: { wrong: 'routes:\n  - name: [outbound\n', right: 'routes:\n  - name: outbound\n    to: itsp-a\n' },
  }),
  'TDM-1003': error({
    title: 'A key is given twice',
    cause: 'Only one of the two could count, and which one is not for us to guess.',
    cure: 'Remove one of the two, or make them one.',
    example: {
      wrong: 'records:\n  path: ./data\n  path: /var/lib/tandem\n',
      right: 'records:\n  path: /var/lib/tandem\n',
    },
  }),
  'TDM-1004': error({
    title: 'The file is empty',
    cause: 'It holds nothing but white space and comments.',
    cure: 'Begin with one of the examples: a configuration has at least listeners, trunks and routes.',
    example: {
      wrong: '# to be written\n',
      right:
        'listeners:\n  - name: all\n    bind: 192.0.2.5\ntrunks:\n  - name: pbx\n    kind: ip-pbx\n    addresses: 192.0.2.20\nroutes:\n  - name: all\n    to: pbx\n',
    },
  }),
  'TDM-1005': error({
    title: 'YAML that has no place in a configuration',
    cause:
      'The file uses a part of YAML that a configuration does not need: several documents, a key that is a list or a map, or aliases that stand for nothing or grow without end.',
    cure: 'Write one plain document of keys, lists and values.',
    example: { wrong: 'records:\n  ? [path]\n  : ./data\n', right: 'records:\n  path: ./data\n' },
  }),
  'TDM-1006': error({
    title: 'An environment variable is not set',
    cause: '`${NAME}` takes the value of an environment variable, and the environment has no such variable.',
    cure: 'Set the variable, or give a default: ${NAME:-default}.',
    example: { wrong: 'records:\n  path: ${TANDEM_RECORDS}\n', right: 'records:\n  path: ${TANDEM_RECORDS:-./data}\n' },
  }),
  'TDM-1007': error({
    title: 'A reference to a variable is malformed',
    cause:
      'A `${` begins something that is neither ${NAME} nor ${NAME:-default}. A name is made of letters, digits and underscores; a default holds no other reference.',
    cure: 'Write ${NAME} or ${NAME:-default}; for a literal ${ write $${.',
    example: { wrong: 'records:\n  path: ${DATA-./data}\n', right: 'records:\n  path: ${DATA:-./data}\n' },
  }),

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
      'An address is given as an IPv4 or IPv6 literal, with a port where one is wanted. Host names are not looked up yet.',
    cure: 'Give the IP address; names come with DNS support.',
    example: {
      wrong:
        'trunks:\n  - name: itsp-a\n    kind: itsp\n    addresses: sip.itsp.example\n  - name: pbx\n    kind: ip-pbx\n    addresses: 10.0.0.20\n',
      right:
        'trunks:\n  - name: itsp-a\n    kind: itsp\n    addresses: 203.0.113.10\n  - name: pbx\n    kind: ip-pbx\n    addresses: 10.0.0.20\n',
    },
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

  'TDM-1201': error({
    title: 'A name is given twice',
    cause: 'Listeners, trunks and routes are told apart by their names, each kind for itself.',
    cure: 'Give one of them another name.',
    example: {
      wrong:
        'routes:\n  - name: calls\n    from: pbx\n    to: itsp-a\n  - name: calls\n    from: itsp-a\n    to: pbx\n',
      right:
        'routes:\n  - name: outbound\n    from: pbx\n    to: itsp-a\n  - name: inbound\n    from: itsp-a\n    to: pbx\n',
    },
  }),
  'TDM-1202': error({
    title: 'A route names a trunk that does not exist',
    cause: 'No trunk has this name.',
    cure: 'Name one of the trunks, or add the trunk.',
    example: {
      wrong: 'routes:\n  - name: all\n    to: [pbx, itsp-b]\n',
      right: 'routes:\n  - name: all\n    to: [pbx, itsp-a]\n',
    },
  }),
  'TDM-1203': error({
    title: 'An address to tell peers is missing',
    cause: '0.0.0.0 and :: mean every address of this machine: good to listen on, but no peer can send anything there.',
    cure: 'Add `advertise` with the address that peers reach this machine at, or bind to that address.',
    example: {
      wrong: 'listeners:\n  - name: all\n    bind: 0.0.0.0:5060\nmedia:\n  address: 192.0.2.5\n',
      right:
        'listeners:\n  - name: all\n    bind: 0.0.0.0:5060\n    advertise: 192.0.2.5:5060\nmedia:\n  address: 192.0.2.5\n',
    },
  }),
  'TDM-1204': error({
    title: 'An address that no single machine has',
    cause:
      'Wildcard, multicast and broadcast addresses name no single machine; nothing can be sent to a peer there, and no peer can answer there.',
    cure: 'Give the address of one machine.',
    example: {
      wrong:
        'trunks:\n  - name: itsp-a\n    kind: itsp\n    addresses: 224.0.1.75\n  - name: pbx\n    kind: ip-pbx\n    addresses: 10.0.0.20\n',
      right:
        'trunks:\n  - name: itsp-a\n    kind: itsp\n    addresses: 203.0.113.10\n  - name: pbx\n    kind: ip-pbx\n    addresses: 10.0.0.20\n',
    },
  }),
  'TDM-1205': error({
    title: 'IPv4 and IPv6 mixed in one address pair',
    cause:
      'What is advertised leads to what is bound; an IPv4 address cannot lead to an IPv6 socket, nor the other way round.',
    cure: 'Use one listener for IPv4 and another for IPv6.',
    example: {
      wrong:
        'listeners:\n  - name: all\n    bind: 192.0.2.5\n    advertise: "[2001:db8::5]"\nmedia:\n  address: 192.0.2.5\n',
      right: 'listeners:\n  - name: all\n    bind: 192.0.2.5\n    advertise: 203.0.113.5\n',
    },
  }),
  'TDM-1206': error({
    title: 'Two listeners on one socket',
    cause: 'A transport, an address and a port can be listened on once; 0.0.0.0 and [::] take every address.',
    cure: 'Make them one listener (side: both), or give one of them another address or port.',
    example: {
      wrong:
        'listeners:\n  - name: lan\n    side: internal\n    bind: 192.0.2.5\n  - name: wan\n    side: external\n    bind: 192.0.2.5\n',
      right: 'listeners:\n  - name: all\n    side: both\n    bind: 192.0.2.5\n',
    },
  }),
  'TDM-1207': error({
    title: 'No listener for a trunk',
    cause:
      'Requests to a trunk leave from a listener of its side, its transport and its IP version, since the answers and later requests come back to it.',
    cure: 'Add such a listener, or correct side, transport or address.',
    example: {
      wrong: 'listeners:\n  - name: lan\n    side: internal\n    bind: 10.0.0.5\n',
      right: 'listeners:\n  - name: lan\n    side: both\n    bind: 10.0.0.5\n',
    },
  }),
  'TDM-1208': error({
    title: 'An address belongs to two trunks',
    cause:
      'A call belongs to the trunk whose address it comes from. Where two could claim it, neither can be told. An address without a port claims every port.',
    cure: 'Give both a port, or take the address out of one of them.',
    example: {
      wrong:
        'trunks:\n  - name: itsp-a\n    kind: itsp\n    addresses: 203.0.113.10\n  - name: pbx\n    kind: ip-pbx\n    side: external\n    addresses: 203.0.113.10:5070\n',
      right:
        'trunks:\n  - name: itsp-a\n    kind: itsp\n    addresses: 203.0.113.10:5060\n  - name: pbx\n    kind: ip-pbx\n    side: external\n    addresses: 203.0.113.10:5070\n',
    },
  }),
  'TDM-1209': error({
    title: 'A trunk leads back to ourselves',
    cause:
      'The address of the trunk is one of our own listeners: every call to it would come back in, until its Max-Forwards is used up.',
    cure: 'Give the address of the peer.',
    example: {
      wrong:
        'trunks:\n  - name: itsp-a\n    kind: itsp\n    addresses: 203.0.113.10\n  - name: pbx\n    kind: ip-pbx\n    addresses: 10.0.0.5\n',
      right:
        'trunks:\n  - name: itsp-a\n    kind: itsp\n    addresses: 203.0.113.10\n  - name: pbx\n    kind: ip-pbx\n    addresses: 10.0.0.20\n',
    },
  }),
  'TDM-1210': error({
    title: 'The media ports take in a SIP port',
    cause:
      'A UDP listener has a port of the media range on the same address; sooner or later a call would be given that port.',
    cure: 'Move the listener or the range.',
    example: {
      wrong: 'media:\n  ports: 5000-9999\n',
      right: 'media:\n  ports: 10000-20000\n',
    },
  }),
  'TDM-1211': error({
    title: 'T2 is shorter than T1',
    cause: 'Retransmissions begin T1 apart, and their pauses grow up to T2 (RFC 3261 17.1.2.2).',
    cure: 'Make T2 at least as long as T1.',
    example: { wrong: 'sip:\n  t1: 2s\n  t2: 1s\n', right: 'sip:\n  t1: 1s\n  t2: 4s\n' },
  }),
  'TDM-1212': error({
    title: 'Not one of `prefix` and `pattern`',
    cause: '`called` says what the called number must be in one of two ways.',
    cure: 'Give one of them; for every number leave `called` out, for both make two routes.',
    example: {
      wrong: "routes:\n  - name: all\n    called: { prefix: '+', pattern: '0.*' }\n    to: [pbx, itsp-a]\n",
      right: "routes:\n  - name: all\n    called: { prefix: ['+', '0'] }\n    to: [pbx, itsp-a]\n",
    },
  }),
  'TDM-1213': error({
    title: 'The same entry twice in one list',
    cause: 'It would be without effect, or a trunk that has just failed would be tried again.',
    cure: 'Remove one of the two.',
    example: {
      wrong: 'routes:\n  - name: all\n    to: [itsp-a, pbx, itsp-a]\n',
      right: 'routes:\n  - name: all\n    to: [itsp-a, pbx]\n',
    },
  }),

  'TDM-1301': warning({
    title: 'A route that is never reached',
    cause: 'Routes are tried in order, and the ones above it take every call that it could take.',
    cure: 'Move it up, or remove it.',
    example: {
      wrong:
        "routes:\n  - name: world\n    from: pbx\n    called: { prefix: '+' }\n    to: itsp-a\n  - name: germany\n    from: pbx\n    called: { prefix: '+49' }\n    to: itsp-a\n",
      right:
        "routes:\n  - name: germany\n    from: pbx\n    called: { prefix: '+49' }\n    to: itsp-a\n  - name: world\n    from: pbx\n    called: { prefix: '+' }\n    to: itsp-a\n",
    },
  }),
  'TDM-1302': warning({
    title: 'A trunk that no route uses',
    cause: 'No call can come from it or go to it: one from it gets 404.',
    cure: 'Add a route for it, or remove the trunk.',
    example: {
      wrong:
        'trunks:\n  - name: pbx\n    kind: ip-pbx\n    addresses: 10.0.0.20\n  - name: itsp-a\n    kind: itsp\n    addresses: 203.0.113.10\n  - name: fax\n    kind: pstn-gateway\n    addresses: 10.0.0.30\n',
      right:
        'trunks:\n  - name: pbx\n    kind: ip-pbx\n    addresses: 10.0.0.20\n  - name: itsp-a\n    kind: itsp\n    addresses: 203.0.113.10\n  - name: fax\n    kind: pstn-gateway\n    addresses: 10.0.0.30\nroutes:\n  - name: outbound\n    from: [pbx, fax]\n    to: itsp-a\n  - name: inbound\n    to: [pbx, fax]\n',
    },
  }),
  'TDM-1303': warning({
    title: 'Media and trunk of different IP versions',
    cause:
      'SIP goes to the trunk over one IP version, but the media address of its side is of the other: a peer with that one version only will hear nothing.',
    cure: 'Give the side a media address of the IP version of its trunks.',
    example: { wrong: 'media:\n  external: 2001:db8::5\n', right: 'media:\n  external: 192.0.2.5\n' },
  }),
  'TDM-1304': warning({
    title: 'A loopback address told to another machine',
    cause: '127.0.0.1 and ::1 lead every machine to itself: a trunk on another machine can send nothing to them.',
    cure: 'Bind to, or advertise, an address that the trunk can reach.',
    example: { wrong: 'media:\n  external: 127.0.0.1\n', right: 'media:\n  external: 192.0.2.5\n' },
  }),
  'TDM-1305': warning({
    title: 'Fewer media ports than calls',
    cause:
      'Every anchored call takes a pair of ports on each side. When they run out, calls are refused although the trunk has room.',
    cure: 'Widen `media.ports`, or lower the capacity.',
    example: {
      wrong:
        'trunks:\n  - name: itsp-a\n    kind: itsp\n    addresses: 203.0.113.10\n    capacity: { calls: 100 }\n  - name: pbx\n    kind: ip-pbx\n    addresses: 10.0.0.20\nmedia:\n  ports: 20000-20099\n',
      right:
        'trunks:\n  - name: itsp-a\n    kind: itsp\n    addresses: 203.0.113.10\n    capacity: { calls: 100 }\n  - name: pbx\n    kind: ip-pbx\n    addresses: 10.0.0.20\nmedia:\n  ports: 20000-29999\n',
    },
  }),
} as const satisfies Record<string, CodeEntry>;

export type Code = keyof typeof codes;

/** A file without a fault: what the examples are put into. */
export const soundFile = `listeners:
  - name: lan
    side: internal
    bind: 10.0.0.5
  - name: wan
    side: external
    bind: 192.0.2.5
trunks:
  - name: pbx
    kind: ip-pbx
    addresses: 10.0.0.20
  - name: itsp-a
    kind: itsp
    addresses: 203.0.113.10
routes:
  - name: outbound
    from: pbx
    to: itsp-a
  - name: inbound
    from: itsp-a
    to: pbx
`;

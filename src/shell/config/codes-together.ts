import { type CodeEntry, error } from './codes-entry.ts';

/** 12xx: values that do not go together. */
export const togetherCodes = {
  'TDM-1201': error({
    title: 'A name is given twice',
    cause:
      'Listeners, trunks and routes are told apart by their names, each kind for itself. Groups share the names of trunks, since routes name both.',
    cure: 'Give one of them another name.',
    example: {
      wrong:
        'routes:\n  - name: calls\n    from: pbx\n    to: itsp-a\n  - name: calls\n    from: itsp-a\n    to: pbx\n',
      right:
        'routes:\n  - name: outbound\n    from: pbx\n    to: itsp-a\n  - name: inbound\n    from: itsp-a\n    to: pbx\n',
    },
  }),
  'TDM-1202': error({
    title: 'A name that no trunk or group has',
    cause: 'A route names trunks and groups, a group names trunks.',
    cure: 'Name one of those there are, or add the one that is missing.',
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
    title: 'A source belongs to two trunks',
    cause:
      'A call belongs to the trunk whose address, network, certificate name or user it comes by. Where two could claim it at one listener, neither can be told. An address without a port claims every port.',
    cure: 'Give both a port, join them to different listeners by `listeners`, or take the source out of one of them.',
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
    title: 'Not one of `prefix`, `pattern` and `file`',
    cause: '`called` says what the called number must be in one of three ways.',
    cure: 'Give one of them; for every number leave `called` out, for two make two routes.',
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
} as const satisfies Record<string, CodeEntry>;

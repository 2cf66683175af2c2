import { type CodeEntry, error } from './codes-entry.ts';

const listeners = (second: string) =>
  `listeners:\n  - { name: lan, side: internal, bind: 10.0.0.5 }\n  - { name: wan, side: external, bind: 192.0.2.5 }\n  - { name: lan-2, ${second} }\n  - { name: wan-2, side: external, bind: 192.0.2.6 }\n`;
const second = 'side: internal, bind: 10.0.0.6';
const nodes = (one: string, two: string) =>
  `nodes:\n  - { name: one, listeners: [${one}] }\n  - { name: two, listeners: [${two}] }\n`;
const both = nodes('lan, wan', 'lan-2, wan-2');
const pool = 'pools:\n  - { name: centre, nodes: [one, two] }\n';
const trunks = (joined: string) =>
  `trunks:\n  - { name: pbx, kind: ip-pbx, addresses: 10.0.0.20 }\n  - { name: itsp-a, kind: itsp, addresses: 203.0.113.10, listeners: ${joined} }\n`;

/** 12xx: nodes and pools that do not go together. */
export const nodeCodes = {
  'TDM-1245': error({
    title: 'A node that others cannot speak to',
    cause:
      'Nodes carry for each other what one of them cannot, and tell each other that they live: by one listener each, which speak the same transport.',
    cure: 'Give the node an internal listener, or name one as its `link`.',
    example: {
      wrong: listeners('side: internal, bind: 10.0.0.6, transports: udp') + both,
      right: listeners(second) + both,
    },
  }),
  'TDM-1246': error({
    title: 'A listener that is not of one node',
    cause: 'A listener is an address of one machine. No other one could listen there, and without a node nobody would.',
    cure: 'Name it in `listeners` of the one node that it is of.',
    example: {
      wrong: listeners(second) + nodes('lan, wan', 'lan-2'),
      right: listeners(second) + both,
    },
  }),
  'TDM-1247': error({
    title: 'A pool whose members differ',
    cause:
      'All members of a pool see the same trunks and are able to call them: peers speak to any of them. What is to be told apart needs another pool.',
    cure: 'Join the trunk to a listener of each member, or of none.',
    example: {
      wrong: listeners(second) + both + pool + trunks('wan'),
      right: listeners(second) + both + pool + trunks('[wan, wan-2]'),
    },
  }),
} as const satisfies Record<string, CodeEntry>;

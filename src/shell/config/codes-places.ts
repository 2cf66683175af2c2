import { type CodeEntry, error } from './codes-entry.ts';

const sites = (...entries: string[]) => `sites:\n${entries.map((entry) => `  - { ${entry} }\n`).join('')}`;
const branch = (centre: string) => `name: dallas, kind: branch, survivability: appliance${centre}`;
const policy = (usage: string) =>
  `policies:\n  - { name: global, usages: ${usage} }\nroutes:\n  - { name: outbound, from: pbx, to: itsp-a }\n  - { name: inbound, from: itsp-a, to: pbx }\n  - { name: world, usages: world, to: itsp-a }\n`;
const emergency = (keys: string) => `emergency:\n  numbers: "112"\n  to: itsp-a\n${keys}`;

const trunksAt = (site: string) =>
  `trunks:\n  - { name: pbx, kind: ip-pbx, addresses: 10.0.0.20, site: munich }\n  - { name: itsp-a, kind: itsp, addresses: 203.0.113.10, site: ${site} }\n`;

/** 12xx: places and people that do not go together. */
export const placeCodes = {
  'TDM-1231': error({
    title: 'A name that nothing has',
    cause:
      'Sites, dial plans, policies, locations, listeners, routes and users are named where they are used, and one of this name is not in the file.',
    cure: 'Name one of those there are, or add the one that is missing.',
    example: {
      wrong: `${sites('name: munich, dial-plan: germany')}`,
      right: `${sites('name: munich, dial-plan: germany')}dial-plans:\n  - { name: germany, rules: [{ pattern: '0(\\d+)', to: '+49$1' }] }\n`,
    },
  }),
  'TDM-1232': error({
    title: 'A usage that no route has',
    cause: 'A usage joins who may call with the routes that he may use. One that no route has lets call nobody.',
    cure: 'Name a usage of a route, or give a route this one.',
    example: { wrong: policy('[word, world]'), right: policy('[world]') },
  }),
  'TDM-1233': error({
    title: 'A branch that no central site serves',
    cause:
      'A branch is served by a central site: its users register there, and its calls are decided there. A central site is served by none.',
    cure: 'Name the central site as `centre` of the branch.',
    example: {
      wrong: sites('name: redmond', branch('')),
      right: sites('name: redmond', branch(', centre: redmond')),
    },
  }),
  'TDM-1234': error({
    title: 'A site in no region',
    cause:
      'Links join regions, and what calls take of them is counted by where both ends are. Of a site in no region it cannot be said.',
    cure: 'Say in which `region` it is.',
    example: {
      wrong: sites('name: redmond, region: america', 'name: munich'),
      right: sites('name: redmond, region: america', 'name: munich, region: europe'),
    },
  }),
  'TDM-1235': error({
    title: 'A network at two sites',
    cause:
      'Where somebody is shows in his address: which rules hold for him, which links his calls take, and where help is to come to.',
    cure: 'Take the network out of one of the sites, or part it.',
    example: {
      wrong: sites('name: redmond, subnets: 10.1.0.0/16', 'name: munich, subnets: [10.1.0.0/16]'),
      right: sites('name: redmond, subnets: 10.1.0.0/16', 'name: munich, subnets: [10.2.0.0/16]'),
    },
  }),
  'TDM-1237': error({
    title: 'One number for two',
    cause:
      'A number leads to one user, and an emergency location identification number to one place. The other one could never be reached.',
    cure: 'Give one of them another number, or an extension behind the same one: ;ext=17.',
    example: {
      wrong: 'users:\n  - { name: alice, line: +4930123450 }\n  - { name: bob, line: +4930123450 }\n',
      right: 'users:\n  - { name: alice, line: +4930123450 }\n  - { name: bob, line: +4930123450;ext=17 }\n',
    },
  }),
  'TDM-1238': error({
    title: 'A link that joins nothing',
    cause: 'A link joins two regions, or two sites.',
    cure: 'Name two regions, or two sites.',
    example: {
      wrong: `${sites('name: redmond, region: america', 'name: munich, region: europe')}links:\n  - between: [america, munich]\n`,
      right: `${sites('name: redmond, region: america', 'name: munich, region: europe')}links:\n  - between: [america, europe]\n`,
    },
  }),
  'TDM-1239': error({
    title: 'A number of help that would mean something else',
    cause:
      'Who dials it needs help. No dial plan, route, user or translation may take that number, or make another one of it.',
    cure: 'Leave the number out of it: a pattern such as [2-8]\\d\\d takes none that begins with 1 or 9.',
    example: {
      wrong: `${emergency('')}dial-plans:\n  - { name: global, rules: [{ pattern: '(\\d{3})', to: '+49891$1' }] }\n`,
      right: `${emergency('')}dial-plans:\n  - { name: global, rules: [{ pattern: '([2-8]\\d\\d)', to: '+49891$1' }] }\n`,
    },
  }),
  'TDM-1241': error({
    title: 'Nobody to tell of a call for help',
    cause:
      'Each entry tells one: by a SIP `message`, by a `webhook`, or by `mail` with who sends it and the server that takes it.',
    cure: 'Give one of them; mail takes `from` and `server` as well.',
    example: {
      wrong: emergency('  notify: { mail: desk@example.com }\n'),
      right: emergency('  notify: { mail: desk@example.com, from: tandem@example.com, server: mail.example.com }\n'),
    },
  }),
  'TDM-1244': error({
    title: 'Calls that may leave nowhere',
    cause:
      'Calls from a site with `local-termination` leave by trunks that end in its country, and none does: each of them would get 403.',
    cure: 'Add a trunk with a `site` in this country, or take `local-termination` away.',
    example: {
      wrong: `${sites('name: munich, country: DE, local-termination: true', 'name: redmond, country: US')}${trunksAt('redmond')}`,
      right: `${sites('name: munich, country: DE, local-termination: true', 'name: redmond, country: US')}${trunksAt('munich')}`,
    },
  }),
} as const satisfies Record<string, CodeEntry>;

import { type CodeEntry, warning } from './codes-entry.ts';

const sites = (...entries: string[]) => `sites:\n${entries.map((entry) => `  - { ${entry} }\n`).join('')}`;
const dallas = (keys: string) => sites('name: redmond', `name: dallas, centre: redmond${keys}`);
const trunks = (gateway: string) =>
  `trunks:\n  - { name: pbx, kind: ip-pbx, addresses: 10.0.0.20, site: munich }\n  - { name: itsp-a, kind: itsp, addresses: 203.0.113.10, site: ${gateway} }\n`;
const abroad = sites('name: redmond, country: US', 'name: munich, country: DE').concat(
  'users:\n  - { name: bernd, site: munich }\n',
);
const usages = (of: string, to: string) =>
  `trunks:\n  - { name: pbx, kind: ip-pbx, addresses: 10.0.0.20 }\n  - { name: itsp-a, kind: itsp, addresses: 203.0.113.10, usages: ${of} }\nroutes:\n  - { name: outbound, from: pbx, to: itsp-a }\n  - { name: from-itsp, usages: ${of}, to: ${to} }\n`;
const plan = (pattern: string) =>
  `dial-plans:\n  - { name: global, rules: [{ pattern: '${pattern}', to: '+49$1' }] }\n`;
const lines = (one: string, other: string) =>
  `users:\n  - { name: alice, line: ${one} }\n  - { name: bob, line: ${other} }\n`;

const sample = (route: string) =>
  `tests:\n  - { name: out, from: pbx, to: +4989123456, expect: { route: ${route} } }\n`;

const abroadHelp = `${sites('name: redmond, country: US', 'name: munich, country: DE')}emergency:
  numbers: '911'
  to: itsp-a
  countries: [{ country: DE, numbers: ['112', '110'] }]
`;

const branchGateway = (site: string) =>
  `listeners:
  - { name: lan, side: internal, bind: 10.0.0.5 }
  - { name: wan, side: external, bind: 192.0.2.5 }
  - { name: dallas, side: internal, bind: 10.1.0.5 }
nodes:
  - { name: centre, site: redmond, listeners: [lan, wan] }
  - { name: branch, site: dallas, listeners: dallas }
${dallas(', survivability: appliance')}trunks:
  - { name: pbx, kind: ip-pbx, addresses: 10.0.0.20 }
  - { name: itsp-a, kind: pstn-gateway, side: internal, addresses: 10.1.0.9, listeners: dallas, site: ${site} }
`;

/** 13xx: doubts about places and people. The file can be used. */
export const placeDoubtCodes = {
  'TDM-1313': warning({
    title: 'A branch that is lost with its link',
    cause: 'It relies on its centre for every call, its link is not doubled, and nothing at the branch takes over.',
    cure: 'Say `resilient: true` where the link is doubled, or give it a `survivability` of its own.',
    example: { wrong: dallas(''), right: dallas(', survivability: appliance') },
  }),
  'TDM-1314': warning({
    title: 'A country with users and without a trunk',
    cause:
      'Many countries want calls of their people to end there before they leave, and calls for help can end nowhere else.',
    cure: 'Add a trunk that ends at a site in this country.',
    example: { wrong: `${abroad}${trunks('redmond')}`, right: `${abroad}${trunks('munich')}` },
  }),
  'TDM-1315': warning({
    title: 'What comes from outside may go outside again',
    cause:
      'The trunk has a usage whose routes lead to providers or gateways: calls can go round in circles, and whoever reaches us by it calls the world at our cost.',
    cure: 'Give it usages whose routes lead inside only.',
    example: { wrong: usages('hop', '[pbx, itsp-a]'), right: usages('inside', 'pbx') },
  }),
  'TDM-1316': warning({
    title: 'A phone number that nobody can have',
    cause: 'The numbering plan of its country has no number of this length, or there is no such country.',
    cure: 'Correct the number.',
    example: {
      wrong: 'users:\n  - { name: alice, line: +1425555 }\n',
      right: 'users:\n  - { name: alice, line: +14255550100 }\n',
    },
  }),
  'TDM-1317': warning({
    title: 'One extension for two',
    cause:
      'Who dials the extension alone, where no dial plan makes a whole number of it, always gets the first of the two.',
    cure: 'Have dial plans of sites make whole numbers of extensions, or give one of them another.',
    example: {
      wrong: lines('+4930123450;ext=17', '+4989123450;ext=17'),
      right: lines('+4930123450;ext=17', '+4989123450;ext=18'),
    },
  }),
  'TDM-1318': warning({
    title: 'A network within that of another site',
    cause: 'An address in both is at the site of the longer prefix.',
    cure: 'Make sure that this is meant, or part the wider network.',
    example: {
      wrong: sites('name: redmond, subnets: 10.0.0.0/8', 'name: munich, subnets: 10.2.0.0/16'),
      right: sites('name: redmond, subnets: 10.1.0.0/16', 'name: munich, subnets: 10.2.0.0/16'),
    },
  }),
  'TDM-1319': warning({
    title: 'A pattern with one anchor',
    cause:
      'Patterns are over the whole number, whether `^` and `$` are written or not. Who writes one of them alone may mean how a number begins, or ends.',
    cure: 'Write .* where anything may follow or come before, else both anchors or none; use `prefix` for how a number begins.',
    example: { wrong: plan('^0(\\d+)'), right: plan('^0(\\d+)$') },
  }),
  'TDM-1320': warning({
    title: 'A sample call with another outcome',
    cause:
      'What is expected of it under `tests` is not what would become of it: the file does not do what somebody wanted.',
    cure: 'Correct the file, or what is expected; `tandem route test --samples` shows every rule that was tried.',
    example: {
      wrong: sample('inbound'),
      right: sample('outbound'),
    },
  }),
  'TDM-1323': warning({
    title: 'A number that calls for help elsewhere',
    cause:
      'At this site it means something else. Who is where nobody knows, at home or on the road, may be in any country: whoever dials it there calls for help.',
    cure: 'Use another number, or tell people; or make it one of the `masks` of a number of help here.',
    example: {
      wrong: `${abroadHelp}users: [{ name: bernd, site: munich, numbers: '911' }]\n`,
      right: `${abroadHelp}users: [{ name: bernd, site: munich, numbers: '912' }]\n`,
    },
  }),
  'TDM-1324': warning({
    title: 'A gateway of a branch that is said to be elsewhere',
    cause:
      'It ends at a node of the branch, which keeps it when the link to the centre is cut. Location rules, limits of links and calls for help take it for one of the other site: a restricted one is refused to the people of the branch.',
    cure: 'Give it the `site` of the branch, or join it to listeners of the other site.',
    example: { wrong: branchGateway('redmond'), right: branchGateway('dallas') },
  }),
} as const satisfies Record<string, CodeEntry>;

/** The file of a house with something of all that governs: a provider, one in reserve, and a site. Ports on this machine. */
export const governedFile = (pbx: number, itsp: number, web: number) => `# Ours
listeners:
  - { name: sip, side: both, bind: "\${TANDEM_SIP}" }
trunk-defaults: { setup-timeout: 8s }
trunks:
  - { name: pbx, kind: ip-pbx, addresses: "127.0.0.1:${pbx}", health: off }
  # The carrier
  - { name: itsp, kind: itsp, addresses: "127.0.0.1:${itsp}", health: off, capacity: { calls: 30 } }
  - { name: spare, kind: itsp, addresses: "127.0.0.1:9", health: off }
routes:
  - { name: out, from: pbx, called: { prefix: "+" }, to: [itsp, spare] }
  - { name: in, from: [itsp, spare], to: pbx }
tests:
  - { name: london, from: pbx, to: "+441234567", expect: { route: out, trunks: [itsp, spare] } }
sites:
  - { name: berlin, kind: central, country: DE, region: europe, subnets: 192.0.2.0/24 }
media: { address: 127.0.0.1, ports: 20000-20999 }
management: { listen: "127.0.0.1:${web}" }
records: { path: "\${TANDEM_DATA}" }
`;

/** Each page of what governs. */
export const governedPages = [
  ...[
    '/configuration',
    '/history',
    '/objects/trunks',
    '/objects/trunks/itsp',
    '/objects/policies',
    '/objects/routes/-?new',
  ],
  ...['/emergency', '/routing?from=pbx&to=%2B441234567', '/new-trunk', '/planning', '/certificates', '/bans'],
  ...['/access', '/audit', '/me', '/map?edit'],
];

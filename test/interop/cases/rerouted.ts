import { type Group, type Lab, must } from '../harness.ts';
import { SipPeer } from '../sip-peer.ts';
import { domain, phoneOf, registers } from './users.ts';

/**
 * What has no room on the link to a branch: its telephone does not ring, its number is called by a trunk, and where that can't, the voice
 * mail has the call (PSTN reroute, CAC-8). Real telephones; the provider tells what it was asked for.
 */

const [line, voiceMail] = ['+4930123', '+493099'];
const [inHouse, inBranch] = [12, 11];

let itsp: SipPeer;

async function prepare(lab: Lab): Promise<object> {
  const { sip } = lab.addresses;
  itsp = lab.use(await SipPeer.start('itsp', lab.trunk(5)));
  const user = (name: string, extension: string, more: object = {}) => ({
    name,
    line: `${line};ext=${extension}`,
    password: registers.password,
    ...more,
  });
  return {
    listeners: [{ name: 'sip', bind: `${sip.host}:${sip.port}` }],
    sites: [
      { name: 'house', region: 'campus', subnets: `${lab.host(inHouse)}/32` },
      // One call of G.711 is 80 kbit/s.
      { name: 'branch', region: 'campus', subnets: `${lab.host(inBranch)}/32`, bandwidth: '40 kbit/s' },
    ],
    trunks: [
      {
        name: 'itsp',
        kind: 'itsp',
        addresses: `${itsp.place.host}:${itsp.place.port}`,
        site: 'house',
        health: 'off',
      },
    ],
    registrar: { domains: [domain] },
    users: [user('ann', '17', { forward: { 'no-answer': { to: voiceMail, after: '20s' } } }), user('bob', '18')],
    routes: [{ name: 'outbound', to: 'itsp' }],
    media: { address: sip.host },
    records: { path: lab.data },
  };
}

/** Bob calls Ann, who is at the branch: the numbers that the provider is called with, and what Ann's telephone said. */
async function called(lab: Lab): Promise<{ readonly numbers: readonly string[]; readonly phone: string }> {
  const ann = await phoneOf(lab, 'ann', inBranch, { answers: true, seconds: 7 });
  const bob = await phoneOf(lab, 'bob', inHouse, { dials: `sip:17@${domain}`, seconds: 5 });
  const [phone] = await Promise.all([ann.done, bob.done]);
  const numbers = itsp.requests('INVITE').map(({ user }) => user);
  const { links } = (await lab.standing()) as unknown as { readonly links: readonly { readonly calls: number }[] };
  must(
    links.every(({ calls }) => calls === 0),
    () => `something is left of a link: ${JSON.stringify(links)}`,
  );
  return { numbers, phone };
}

export const rerouted: Group = {
  name: 'rerouted',
  prepare,
  cases: [
    {
      name: 'no room on the way to a branch: its telephone does not ring, its number is called by the provider',
      async run(lab) {
        const { numbers, phone } = await called(lab);
        must(numbers.join() === line, () => `the provider was called with ${numbers.join()}`);
        must(!/incoming/i.test(phone), () => `the telephone rang: ${phone}`);
        console.log(`        the provider was called with ${numbers.join()}`);
      },
    },
    {
      name: 'the provider can not either: the voice mail has the call',
      async run(lab) {
        itsp.seen.length = 0;
        itsp.answers = (request) =>
          request.method === 'INVITE' && request.user === line
            ? [{ status: '503 Service Unavailable' }]
            : request.method === 'INVITE'
              ? [{ status: '200 OK', offers: true }]
              : request.method === 'ACK'
                ? []
                : [{ status: '200 OK' }];
        const { numbers, phone } = await called(lab);
        must(numbers.join() === `${line},${voiceMail}`, () => `the provider was called with ${numbers.join()}`);
        must(!/incoming/i.test(phone), () => `the telephone rang: ${phone}`);
        console.log(`        the provider was called with ${numbers.join(', then ')}`);
      },
    },
  ],
};

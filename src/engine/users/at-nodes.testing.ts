import { DigestClient } from '#codec/digest';
import { parseNameAddress, type SipResponse } from '#codec/sip-message';
import { Sensitive, seeded } from '#kernel';
import type { Configuration, Node, User } from '#policy/configuration';
import type { Flow } from '#sip/flow';
import { type Said, trunk } from '../desk.testing.ts';
import { alice, american, bare, irish, type Name, type Net, nodes, site } from '../nodes.testing.ts';

/** Users whose telephones register at several nodes. */

const seattle = { ...site('seattle'), kind: 'branch', centre: 'tukwila', survivability: 'server' } as const;
const branch: Node = {
  name: 'dub-2',
  site: 'seattle',
  listeners: ['dub-2-lan', 'dub-2-wan'],
  link: 'dub-2-lan/udp',
};
export const local = trunk('local', '203.0.113.3', { site: 'seattle' });
const bob: User = { ...alice, name: 'bob', line: '+15550101', site: 'seattle' };
const carol: User = { ...alice, name: 'carol', line: '+15550102', site: 'dublin' };
/** dub-2 is the node of a branch of Tukwila now; nobody has to prove who he is. */
export const of: Configuration = {
  ...bare,
  trunks: [irish, american, local],
  pools: [],
  sites: [site('dublin'), site('tukwila'), seattle],
  nodes: [nodes[0]!, branch, nodes[2]!],
  users: [alice, bob, carol].map((user) => ({ ...user, password: new Sensitive('x') })),
  routes: [{ name: 'out', from: [], called: { prefixes: ['+'] }, to: ['american', 'local'] }],
};
export const phones = { alice: '10.2.0.50', bob: '10.1.0.50', carol: '10.1.0.51' } as const;

/** A phone says something, and proves who it is when it is asked. */
export function says(...said: Parameters<typeof heardBy>): number {
  return heardBy(...said)?.status ?? 0;
}

/** What it is answered at once. */
function heardBy(
  net: Net,
  at: Name,
  who: keyof typeof phones,
  method: string,
  uri: string,
  to: string,
  more: Said = {},
): SipResponse | undefined {
  const flow = phoneFlow(at, who);
  const desk = net.desks[at];
  const first = { uri, from: `<sip:${who}@acme.example>;tag=r`, to, ...more };
  const { callId } = desk.request(flow, method, first);
  const challenge = answered(net, at);
  if (challenge?.status !== 401) return challenge;
  const client = new DigestClient([{ username: who, password: new Sensitive('x') }], seeded(3));
  const proof = client.answer({ www: challenge.all('www-authenticate'), proxy: [] }, { method, uri, body: '' }, []);
  if (proof.kind !== 'authorised') throw new Error(proof.text);
  const headers = [...(more.headers ?? []), ...proof.headers.map(([name, value]) => `${name}: ${value}`)];
  desk.request(flow, method, { ...first, callId, cseq: 2, headers });
  const last = method === 'REGISTER' ? answered(net, at) : undefined;
  net.settle();
  return last;
}

export function register(net: Net, at: Name, who: keyof typeof phones, expires = 600): number {
  const contact = `<sip:${who}@${phones[who]}>;expires=${expires}`;
  return says(net, at, who, 'REGISTER', 'sip:acme.example', `<sip:${who}@acme.example>`, { contact });
}

/** It asks for names of its own (RFC 5627), and is told them. */
export function registerNamed(net: Net, at: Name, who: keyof typeof phones, instance: string) {
  const contact = `<sip:${who}@${phones[who]}>;+sip.instance="<${instance}>"`;
  const more = { contact, headers: ['Supported: gruu'] };
  const response = heardBy(net, at, who, 'REGISTER', 'sip:acme.example', `<sip:${who}@acme.example>`, more);
  const params = parseNameAddress(response?.get('contact') ?? '')?.params;
  return { known: params?.get('pub-gruu') ?? '', temporary: params?.get('temp-gruu') ?? '' };
}

const phoneFlow = (at: Name, who: keyof typeof phones): Flow => ({
  transport: 'udp',
  listener: `${at}-lan/udp`,
  remote: { host: phones[who], port: 5060 },
});

function answered(net: Net, at: Name): SipResponse | undefined {
  const [last] = net.desks[at]
    .take()
    .flatMap(({ message }) => (message.kind === 'response' ? [message] : []))
    .slice(-1);
  return last;
}

export const call = (net: Net, at: Name, number: string) => net.request(at, '203.0.113.2', `sip:${number}@192.0.2.1`);
export const seattleCalled = (net: Net, number: string) =>
  net.request('dub-2', '203.0.113.3', `sip:${number}@192.0.2.1`);

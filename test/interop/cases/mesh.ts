import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { processTree } from '../../perf/process-tree.ts';
import type { Endpoint } from '../../perf/sipp.ts';
import { answersSip, type Subject } from '../../perf/subject.ts';
import { type Case, type Group, type Lab, must } from '../harness.ts';
import { Kamailio, seen } from '../kamailio.ts';
import { SipPeer } from '../sip-peer.ts';
import { ask, type Standing, trunkOf } from '../standing.ts';

/**
 * Two gateways of a provider and three nodes of ours, each connected to each and watched from both ends by OPTIONS: the gateways are
 * Kamailio with its dispatcher. One node and one gateway may die, and new calls go on.
 */

interface Node {
  readonly name: string;
  readonly place: Endpoint;
  readonly data: string;
  subject(): Subject;
}

const nodes: Node[] = [];
const gateways: Kamailio[] = [];
const gatewayHosts = [41, 42];
let phone: SipPeer;

async function prepare(lab: Lab): Promise<object> {
  const places = [1, 31, 32].map((last) => ({ host: lab.host(last), port: lab.addresses.sip.port }));
  phone = lab.use(await SipPeer.start('phone', { host: lab.host(50), port: 5_060 }));
  for (const [at, last] of gatewayHosts.entries()) {
    gateways.push(await startGateway(lab, `gateway-${at + 1}`, lab.host(last), places));
  }
  for (const [at, place] of places.entries()) {
    if (at === 0) {
      nodes.push({ name: 'node-1', place, data: lab.data, subject: () => lab.subject });
      continue;
    }
    const name = `node-${at + 1}`;
    const directory = join(lab.directory, name);
    mkdirSync(directory, { recursive: true });
    const file = join(directory, 'tandem.yaml');
    writeFileSync(file, JSON.stringify(nodeConfiguration(lab, place, directory)));
    const subject = lab.another(file, directory);
    nodes.push({ name, place, data: directory, subject: () => subject });
    lab.use({ name, said: () => subject.log(), stop: () => subject.stop() });
    await answersSip(subject, { ...lab.addresses, sip: place });
  }
  return nodeConfiguration(lab, places[0]!, lab.data);
}

function nodeConfiguration(lab: Lab, { host, port }: Endpoint, data: string): object {
  const { pbx } = lab.addresses;
  const names = gatewayHosts.map((_, at) => `gateway-${at + 1}`);
  return {
    listeners: [{ name: 'sip', bind: `${host}:${port}` }],
    trunks: [
      { name: 'pbx', kind: 'ip-pbx', addresses: `${pbx.host}:${pbx.port}`, health: 'off' },
      ...gatewayHosts.map((last, at) => ({
        name: names[at],
        kind: 'itsp',
        addresses: `${lab.host(last)}:5060`,
        health: { interval: '1s', misses: 2 },
        'setup-timeout': '2s',
      })),
    ],
    groups: [{ name: 'provider', trunks: names, choice: 'round-robin' }],
    routes: [
      { name: 'out', from: 'pbx', to: 'provider' },
      { name: 'in', from: 'provider', to: 'pbx' },
    ],
    media: { address: '127.0.0.1' },
    records: { path: data },
  };
}

function startGateway(lab: Lab, name: string, host: string, nodesAt: readonly Endpoint[]): Promise<Kamailio> {
  const list = join(lab.directory, name, 'dispatcher.list');
  return Kamailio.start(lab, {
    name,
    listen: [`udp:${host}:5060`],
    modules: ['dispatcher'],
    files: { 'dispatcher.list': nodesAt.map((place) => `1 sip:${place.host}:${place.port}\n`).join('') },
    settings: [
      `modparam("dispatcher", "list_file", "${list}")`,
      'modparam("dispatcher", "flags", 2)',
      'modparam("dispatcher", "ds_ping_interval", 1)',
      'modparam("dispatcher", "ds_ping_method", "OPTIONS")',
      `modparam("dispatcher", "ds_ping_from", "sip:${host}")`,
      'modparam("dispatcher", "ds_probing_mode", 1)',
      'modparam("dispatcher", "ds_probing_threshold", 1)',
      'modparam("dispatcher", "ds_inactive_threshold", 1)',
      'modparam("dispatcher", "xavp_dst", "ds")',
      'modparam("tm", "fr_timer", 700)',
    ],
    routes: `
request_route {
  ${seen}
  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
  if (is_method("CANCEL")) { if (t_check_trans()) { t_relay(); } exit; }
  if (has_totag()) { if (loose_route()) { t_relay(); } exit; }
  if (is_method("OPTIONS")) { sl_send_reply("200", "OK"); exit; }
  record_route();
  if (ds_is_from_list("1")) { $du = "sip:${phone.place.host}:${phone.place.port}"; t_relay(); exit; }
  if (!ds_select_dst("1", "4")) { sl_send_reply("503", "No node"); exit; }
  t_on_failure("NEXT");
  t_relay();
}
failure_route[NEXT] {
  if (t_is_canceled()) { exit; }
  if (t_check_status("503") || (t_branch_timeout() && !t_branch_replied())) {
    if (ds_next_dst()) { t_on_failure("NEXT"); t_relay(); exit; }
  }
}
event_route[dispatcher:dst-down] { xlog("L_NOTICE", "NODE DOWN $rm $ru $du\\n"); }
event_route[dispatcher:dst-up] { xlog("L_NOTICE", "NODE UP $rm $ru $du\\n"); }
`,
  });
}

/** Waits until what stands in a node is as it should be. */
async function standingOf(node: Node, what: string, look: (standing: Standing) => boolean): Promise<void> {
  const deadline = performance.now() + 12_000;
  for (;;) {
    const standing = await ask(node.data).catch(() => undefined);
    if (standing && look(standing)) return;
    must(performance.now() < deadline, () => `${node.name}: ${what}: ${JSON.stringify(standing?.trunks)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** So many calls at once, each through; the longest time to the answer in ms. */
async function throughBy(from: SipPeer, ways: readonly Endpoint[], each: number, number: string): Promise<number> {
  const times = await Promise.all(
    ways.flatMap((to) =>
      Array.from({ length: each }, async () => {
        const call = from.call(number, to);
        const { status, ms } = await call.final;
        must(status === 200, () => `a call by ${to.host} ended with ${status}`);
        must((await call.hangUp()) === 200, () => 'BYE was not answered with 200');
        return ms;
      }),
    ),
  );
  return Math.max(...times);
}

const gatewayPlaces = (lab: Lab): readonly Endpoint[] =>
  gatewayHosts.map((last) => ({ host: lab.host(last), port: 5_060 }));

const cases: readonly Case[] = [
  {
    name: 'six connections are up, probed from both ends; calls go all ways',
    async run(lab) {
      const pbx = lab.use(await SipPeer.start('pbx', lab.addresses.pbx));
      for (const node of nodes) {
        await standingOf(node, 'both gateways are up', (standing) =>
          ['gateway-1', 'gateway-2'].every((name) =>
            /OPTIONS answered 200/.test(trunkOf(standing, name).health.because),
          ),
        );
      }
      const out = await throughBy(
        pbx,
        nodes.map(({ place }) => place),
        4,
        '4930',
      );
      for (const [at, gateway] of gateways.entries()) {
        const calls = gateway.lines(/SEEN INVITE/).length;
        must(calls === 6, () => `gateway ${at + 1} got ${calls} of 12 calls`);
      }
      const into = await throughBy(phone, gatewayPlaces(lab), 6, '4989');
      for (const { name, place } of nodes) {
        const calls = pbx.requests('INVITE', ({ from }) => from.host === place.host).length;
        must(calls === 4, () => `${name} brought ${calls} of 12 calls`);
      }
      console.log(`        12 calls out, 12 in; the slowest ${out.toFixed(0)} and ${into.toFixed(0)} ms`);
    },
  },
  {
    name: 'a node dies (kill -9): new calls come and go by the others',
    async run(lab) {
      const pbx = lab.use(await SipPeer.start('pbx', lab.addresses.pbx));
      const [one, two, three] = nodes;
      for (const pid of processTree(three!.subject().pid)) process.kill(pid, 'SIGKILL');
      const at = gateways.map((gateway) => gateway.mark);
      // At once, before anybody knows: Kamailio goes on to the next node after its 700 ms.
      const first = await throughBy(phone, gatewayPlaces(lab), 3, '4989');
      await Promise.all(gateways.map((gateway, i) => gateway.line(/NODE DOWN/, { from: at[i]! })));
      const later = await throughBy(phone, gatewayPlaces(lab), 3, '4989');
      const out = await throughBy(pbx, [one!.place, two!.place], 4, '4930');
      must(later < 400 && out < 400, () => `slow: in ${later.toFixed(0)} ms, out ${out.toFixed(0)} ms`);
      console.log(
        `        in: ${first.toFixed(0)} ms at once, ${later.toFixed(0)} ms when known; out: ${out.toFixed(0)} ms`,
      );
    },
  },
  {
    name: 'a gateway dies: calls go out by the other at once',
    async run(lab) {
      const pbx = lab.use(await SipPeer.start('pbx', lab.addresses.pbx));
      await gateways[0]!.stop();
      const living = nodes.slice(0, 2).map(({ place }) => place);
      const from = gateways[1]!.mark;
      const first = await throughBy(pbx, living, 4, '4930');
      const by = gateways[1]!.lines(/SEEN INVITE/, from).length;
      must(by === 8, () => `the other gateway got ${by} of 8 calls`);
      for (const node of nodes.slice(0, 2)) {
        await standingOf(
          node,
          'gateway-1 is down',
          (standing) => trunkOf(standing, 'gateway-1').health.state === 'down',
        );
      }
      const into = await throughBy(phone, gatewayPlaces(lab).slice(1), 4, '4989');
      must(first < 400 && into < 400, () => `slow: out ${first.toFixed(0)} ms, in ${into.toFixed(0)} ms`);
      const because = trunkOf(await lab.standing(), 'gateway-1').health.because;
      console.log(`        out: ${first.toFixed(0)} ms at once; in: ${into.toFixed(0)} ms; status: ${because}`);
    },
  },
];

export const mesh: Group = { name: 'mesh', packages: ['kamailio'], alone: true, prepare, cases };

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Case, type Group, type Lab, must, wentByScenario } from '../harness.ts';
import { runTool } from '../tool.ts';
import { ordinaryCallee, ordinaryCaller } from './calls.ts';

/** Scanners, password guessers and floods against the program, while calls go on. */

async function prepare(lab: Lab): Promise<object> {
  const { sip, pbx, itsp } = lab.addresses;
  return {
    listeners: [{ name: 'sip', bind: `${sip.host}:${sip.port}` }],
    trunks: [
      { name: 'pbx', kind: 'ip-pbx', addresses: `${pbx.host}:${pbx.port}`, health: 'off' },
      { name: 'itsp', kind: 'itsp', addresses: `${itsp.host}:${itsp.port}`, health: 'off' },
      // Whoever is nobody's is challenged, so that there is something to guess.
      {
        name: 'customer',
        kind: 'ip-pbx',
        addresses: `${lab.host(7)}:5090`,
        authenticate: { realm: 'tandem.test', username: '100', password: 'not in any dictionary' },
        health: 'off',
      },
    ],
    routes: [
      { name: 'out', from: 'pbx', to: 'itsp' },
      { name: 'in', from: 'itsp', to: 'pbx' },
    ],
    media: { address: '127.0.0.1' },
    records: { path: lab.data },
  };
}

/** Runs `act` while calls go through from the PBX to the provider; they must all go by their scenario. */
async function underCalls(lab: Lab, act: () => Promise<void>): Promise<void> {
  const calls = { calls: 40, rate: 20, timeout: 15 };
  const phone = lab.answering(ordinaryCallee, calls);
  const uac = lab.calling(ordinaryCaller, calls);
  await act();
  wentByScenario('the callers', await uac.done, calls.calls);
  wentByScenario('the callees', await phone.done, calls.calls);
}

async function bansOf(lab: Lab): Promise<Map<string, { readonly reason: string; readonly detail: string }>> {
  const { bans } = await lab.standing();
  return new Map(bans.map(({ source, ...ban }) => [source, ban]));
}

const scanners: readonly Case[] = [
  {
    name: 'svmap, svwar and svcrack are banned at the first message, and counted; calls go on',
    limit: 40,
    async run(lab) {
      const { host, port } = lab.addresses.sip;
      const at = ['-p', String(port)];
      const elsewhere = ['-b', lab.host(51), '-x', lab.host(51)];
      const run = (name: string, options: readonly string[]) => runTool(name, options, 4_000, lab.caseDirectory);
      await underCalls(lab, async () => {
        // The other two heed no -b: they come from 127.0.0.1, which is no trunk's.
        const said = await Promise.all([
          run('svmap', [...elsewhere, ...at, host]),
          run('svwar', [...at, '-e', '100-300', '--force', host]),
          run('svcrack', [...at, '-u', '100', '-r', '1-300', host]),
        ]);
        const bans = await bansOf(lab);
        for (const source of [lab.host(51), '127.0.0.1']) {
          must(bans.get(source)?.reason === 'scanner', () => `${source}: ${JSON.stringify([...bans])}\n${said}`);
          await lab.logged('banned', new RegExp(`"${source}"`));
        }
        must(!said.some((text) => /Tandem|password is|reqauth/.test(text)), () => `they learnt something: ${said}`);
      });
      const { counters } = await lab.standing();
      const { scanner = 0, banned = 0 } = counters.drops;
      must(scanner === 2 && banned > 0, () => `drops: ${JSON.stringify(counters.drops)}`);
      console.log(`        dropped: ${scanner} as scanners, ${banned} as banned`);
    },
  },
];

const floods: readonly Case[] = [
  {
    name: 'floods, of sipsak and of one that has no name: banned and counted; calls go on',
    async run(lab) {
      const { host, port } = lab.addresses.sip;
      await underCalls(lab, async () => {
        // From 127.0.0.1, which is no trunk's.
        await Promise.all([
          runTool('sipsak', ['-F', '-e', '1000', '-s', `sip:100@${host}:${port}`], 3_000),
          flood(lab.host(54), lab.addresses.sip, 2_500),
        ]);
        const bans = await lab.until('both are banned', ({ bans: all }) => {
          const found = ['127.0.0.1', lab.host(54)].map((one) => all.find(({ source }) => source === one));
          return found.every((one) => one !== undefined) && found;
        });
        const [sipsak, nameless] = bans;
        must(sipsak!.reason === 'scanner' && nameless!.reason === 'flood', () => JSON.stringify(bans));
        console.log(`        ${sipsak!.detail}; ${nameless!.detail}`);
      });
      const { drops } = (await lab.standing()).counters;
      must((drops.banned ?? 0) > 3_000, () => `drops: ${JSON.stringify(drops)}`);
      console.log(`        dropped as banned: ${drops.banned}`);
    },
  },
  {
    name: 'a scanner and a flood from a trunk’s own host, from another port: never banned, its calls go on both ways',
    async run(lab) {
      const { sip, itsp } = lab.addresses;
      await underCalls(lab, async () => {
        const options = ['-b', itsp.host, '-x', itsp.host, '-P', '6000', '-p', String(sip.port), sip.host];
        await Promise.all([runTool('svmap', options, 4_000, lab.caseDirectory), flood(itsp.host, sip, 2_000)]);
      });
      await lab.call({ caller: ordinaryCaller, callee: ordinaryCallee }, { direction: 'in' });
      const bans = await bansOf(lab);
      must(!bans.has(itsp.host), () => `the trunk is banned: ${JSON.stringify([...bans])}`);
    },
  },
];

/**
 * So many OPTIONS, 2,000 a second, from a port that is not the trunk's: more than anybody may send, and less than makes calls wait so long
 * that they are refused for overload, on a machine with other work.
 */
async function flood(host: string, to: { host: string; port: number }, count: number): Promise<void> {
  const socket = createSocket('udp4');
  socket.bind(0, host);
  await once(socket, 'listening');
  socket.on('message', () => undefined);
  for (let at = 0; at < count; at++) {
    const request = [
      `OPTIONS sip:${to.host} SIP/2.0`,
      `Via: SIP/2.0/UDP ${host}:${socket.address().port};branch=z9hG4bKflood${at}`,
      `From: <sip:${host}>;tag=${at}`,
      `To: <sip:${to.host}>`,
      `Call-ID: flood${at}`,
      'CSeq: 1 OPTIONS',
      'Max-Forwards: 70',
      'Content-Length: 0',
      '',
      '',
    ];
    await new Promise<void>((resolve) => socket.send(request.join('\r\n'), to.port, to.host, () => resolve()));
    if (at % 20 === 0) await sleep(10);
  }
  socket.close();
}

const packages = ['sipvicious', 'sipsak'];

/** Two: whoever was banned in one begins anew in the other. */
export const unwanted: readonly Group[] = [
  { name: 'scanners', packages, prepare, cases: scanners },
  { name: 'floods', packages, alone: true, prepare, cases: floods },
];

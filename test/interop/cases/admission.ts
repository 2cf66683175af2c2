import { type Group, type Lab, must } from '../harness.ts';
import { type Outgoing, SipPeer } from '../sip-peer.ts';

/** Bandwidth of links: what has no room takes another trunk, then is refused; calls for help always have some. */

let pbx: SipPeer;
let itsp: SipPeer;
let gateway: SipPeer;

async function prepare(lab: Lab): Promise<object> {
  const { sip } = lab.addresses;
  const at = ({ place }: SipPeer) => `${place.host}:${place.port}`;
  pbx = lab.use(await SipPeer.start('pbx', lab.trunk(6)));
  itsp = lab.use(await SipPeer.start('itsp', lab.trunk(5)));
  gateway = lab.use(await SipPeer.start('gateway', lab.trunk(4)));
  return {
    listeners: [{ name: 'sip', bind: `${sip.host}:${sip.port}` }],
    sites: [
      { name: 'office', region: 'campus' },
      { name: 'carrier', region: 'campus', bandwidth: '0' },
      { name: 'exchange', region: 'campus', bandwidth: '0' },
    ],
    // Nine tenths are for everybody: two calls of 80 kbit/s, and one.
    links: [
      { between: ['office', 'carrier'], bandwidth: '200 kbit/s' },
      { between: ['office', 'exchange'], bandwidth: '100 kbit/s' },
    ],
    trunks: [
      { name: 'pbx', kind: 'ip-pbx', addresses: at(pbx), site: 'office', health: 'off' },
      { name: 'itsp', kind: 'itsp', addresses: at(itsp), site: 'carrier', health: 'off' },
      { name: 'gateway', kind: 'pstn-gateway', addresses: at(gateway), site: 'exchange', health: 'off' },
    ],
    emergency: { numbers: ['112'], to: 'itsp' },
    routes: [{ name: 'outbound', from: 'pbx', to: ['itsp', 'gateway'] }],
    media: { address: sip.host },
    records: { path: lab.data },
  };
}

/** A call of the PBX that is answered, and by whom. */
async function talks(lab: Lab, number: string): Promise<{ readonly call: Outgoing; readonly by: string }> {
  const call = pbx.call(number, lab.addresses.sip);
  const { status } = await call.final;
  must(status === 200, () => `${number} got ${status}`);
  const by = [itsp, gateway].filter(({ seen }) =>
    seen.some(({ method, user }) => method === 'INVITE' && user === number),
  );
  return { call, by: by.map(({ name }) => name).join(' and ') };
}

export const admission: Group = {
  name: 'admission',
  prepare,
  cases: [
    {
      name: 'a full link: the next trunk, then 606; help has room kept for it; what is given back is there again (CAC-4)',
      async run(lab) {
        const calls = [];
        for (const [number, by] of [
          ['493000001', 'itsp'],
          ['493000002', 'itsp'],
          ['493000003', 'gateway'],
        ] as const) {
          const talking = await talks(lab, number);
          must(talking.by === by, () => `${number} went to ${talking.by}, not ${by}`);
          calls.push(talking.call);
        }
        const { status, message } = await pbx.call('493000004', lab.addresses.sip).final;
        const why = message.all('warning').join();
        must(status === 606 && why.startsWith('370 '), () => `the fourth got ${status}, ${why}`);
        const help = await talks(lab, '112');
        must(help.by === 'itsp', () => `help was ${help.by}`);
        must((await help.call.hangUp()) === 200, () => 'help was not hung up');
        must((await calls[0]!.hangUp()) === 200, () => 'the first was not hung up');
        const again = await talks(lab, '493000005');
        must(again.by === 'itsp', () => `the fifth went to ${again.by}`);
        for (const call of [...calls.slice(1), again.call]) await call.hangUp();
        await lab.until('nothing is left of any link', (standing) => {
          const { links } = standing as unknown as { links: readonly { calls: number; audio: number }[] };
          return links.length === 2 && links.every(({ calls: left, audio }) => left === 0 && audio === 0);
        });
      },
    },
  ],
};

import { setTimeout as sleep } from 'node:timers/promises';
import { type Group, type Lab, must, wentByScenario } from '../harness.ts';
import { Kamailio, seen } from '../kamailio.ts';
import { answer, anyProgress, callee, caller, receive, scenario, sdp } from '../scenario.ts';
import { ordinaryCaller } from './calls.ts';
import { callerWhoTells, helps, refuses, tellsPlace } from './emergency.ts';

/**
 * A branch: its gateway (6) is asked for help first and knows numbers of places; it takes part in no route. The provider of help (4) stands
 * behind an SBC of our own (8), Kamailio. The number of every case is a mask of 911, and with "+" a number of the place.
 */

let sbc: Kamailio;
const cases = ['1', '2', '3', '4'];
const own = '<sip:4930100@';

async function prepare(lab: Lab): Promise<object> {
  const { sip, pbx, itsp } = lab.addresses;
  const at = ({ host, port }: { host: string; port: number }) => `${host}:${port}`;
  const border = { host: lab.host(8), port: 5_060 };
  sbc = await Kamailio.start(lab, {
    name: 'kamailio-sbc',
    listen: [`tcp:${at(border)}`],
    modules: [],
    routes: `
request_route {
  ${seen}
  if (is_method("CANCEL")) { if (t_check_trans()) { t_relay(); } exit; }
  if (has_totag()) {
    if (!loose_route()) { exit; }
    t_relay();
    exit;
  }
  record_route();
  $du = "sip:${at(lab.trunk(4))};transport=tcp";
  if (!t_relay()) { sl_reply_error(); }
}
`,
  });
  return {
    listeners: [{ name: 'sip', bind: at(sip), transports: ['udp', 'tcp'] }],
    trunks: [
      { name: 'pbx', kind: 'ip-pbx', addresses: at(pbx), health: 'off', site: 'branch' },
      { name: 'itsp', kind: 'itsp', addresses: at(itsp), health: 'off' },
      {
        ...{ name: 'gateway', kind: 'pstn-gateway', addresses: at(lab.trunk(6)), health: 'off', site: 'branch' },
        emergency: 'elin',
      },
      {
        ...{ name: 'e911', kind: 'itsp', addresses: at(border), transport: 'tcp', health: 'off' },
        emergency: 'location',
      },
    ],
    routes: [{ name: 'out', from: 'pbx', to: 'itsp' }],
    sites: [{ name: 'branch', location: 'branch', emergency: 'gateway' }],
    emergency: {
      numbers: [{ number: '911', masks: cases.map((one) => `4989${one.padStart(5, '0')}`) }],
      to: 'e911',
      locations: [
        {
          name: 'branch',
          civic: { country: 'US', A3: 'Springfield', RD: 'Main', HNO: '1', FLR: '2' },
          elins: cases.map((one) => `+4989${one.padStart(5, '0')}`),
        },
      ],
    },
    media: { address: sip.host },
    records: { path: lab.data },
  };
}

/** The gateway is called for help, by whatever number of the place; it says which. */
function gatewayHelps(lab: Lab) {
  return lab.answering(helps(['INVITE sip:911@', 'Priority: emergency'], ['Geolocation', own]), { to: lab.trunk(6) });
}

/** The number of the place that the gateway was shown. */
async function shown(lab: Lab): Promise<string> {
  const last = (await lab.standing()).emergency?.elins.at(-1);
  must(last !== undefined, () => 'no number of the place is lent');
  return last.elin;
}

/** Those who help call the number that they were shown: the PBX of who called rings, for his number. */
async function callsBack(lab: Lab, elin: string): Promise<void> {
  const phone = lab.answering(
    scenario('who had called for help', [
      callee.receivesInvite({ expect: ['INVITE sip:4930100@'] }),
      callee.reply('200 OK', { body: sdp() }),
      receive('ACK'),
      receive('BYE'),
      answer('200 OK'),
    ]),
    { to: lab.addresses.pbx },
  );
  await sleep(150);
  const back = lab.sipp({
    scenario: ordinaryCaller,
    local: lab.trunk(6),
    remote: lab.addresses.sip,
    calls: 1,
    rate: 10,
    called: elin,
    transport: 'udp',
  });
  wentByScenario('who calls back', await back.done, 1);
  wentByScenario('the PBX', await phone.done, 1);
}

export const callingBack: Group = {
  name: 'calling-back',
  packages: ['kamailio'],
  prepare,
  cases: [
    {
      name: 'a gateway that knows numbers is shown one of the place; a call back to it reaches who called, after kill -9 as well',
      async run(lab) {
        const gateway = gatewayHelps(lab);
        await sleep(150);
        wentByScenario('the caller', await lab.calling(ordinaryCaller).done, 1);
        wentByScenario('the gateway', await gateway.done, 1);
        await lab.records([{ reason: 'hangup', answered: true, attempts: [{ trunk: 'gateway' }] }]);
        const elin = await shown(lab);
        await callsBack(lab, elin);
        const killed = lab.process('signalling');
        process.kill(killed, 'SIGKILL');
        await lab.until('the program is back', (now) => lab.process('signalling') !== killed && now);
        must((await shown(lab)) === elin, () => 'the number of the place is not lent any more');
        await callsBack(lab, elin);
      },
    },
    {
      name: 'the gateway, which is in no route, calls for help itself: by way of the SBC, with the place, and not back to it',
      async run(lab) {
        const help = lab.answering(helps([...tellsPlace, '<ca:FLR>2</ca:FLR>']), {
          to: lab.trunk(4),
          calleeTransport: 'tcp',
        });
        await sleep(150);
        wentByScenario('the gateway', await lab.calling(ordinaryCaller, { from: lab.trunk(6) }).done, 1);
        wentByScenario('help', await help.done, 1);
        await lab.records([{ reason: 'hangup', answered: true, route: 'emergency', attempts: [{ trunk: 'e911' }] }]);
      },
    },
    {
      name: 'what else the gateway calls is refused: it is in no route',
      async run(lab) {
        const refused = scenario('gateway that calls somebody', [
          caller.invite({ body: sdp() }),
          anyProgress,
          receive(404),
          caller.ackFailure(),
        ]);
        await lab.call({ caller: refused }, { from: lab.trunk(6), prefix: '61' });
      },
    },
    {
      name: 'the gateway has no line: the place that the call brings reaches help through the SBC as it came',
      async run(lab) {
        const from = sbc.mark;
        const gateway = lab.answering(refuses(['INVITE sip:911@'], ['Geolocation']), { to: lab.trunk(6) });
        const help = lab.answering(helps([...tellsPlace, '<ca:ROOM>417</ca:ROOM>'], ['<ca:FLR>']), {
          to: lab.trunk(4),
          calleeTransport: 'tcp',
        });
        await sleep(150);
        wentByScenario('the caller', await lab.calling(callerWhoTells).done, 1);
        wentByScenario('the gateway', await gateway.done, 1);
        wentByScenario('help', await help.done, 1);
        await sbc.line(/SEEN BYE /, { from });
        await lab.records([
          { reason: 'hangup', answered: true, attempts: [{ trunk: 'gateway', status: 503 }, { trunk: 'e911' }] },
        ]);
      },
    },
  ],
};

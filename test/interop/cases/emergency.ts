import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Group, type Lab, must, type Peer, wentByScenario } from '../harness.ts';
import { answer, anyProgress, at, callee, caller, receive, receiveAnswer, scenario, sdp } from '../scenario.ts';
import { ordinaryCallee, ordinaryCaller } from './calls.ts';

/** Calls for help: two providers that are told the place (4, 5), a gateway that is not (6), and people who ask. Every case's number is a mask. */

const relay = '+18005550911';
const secret = 'for the alarm only';

/** Who is told. */
class Alarm implements Peer {
  readonly name = 'the alarm';
  readonly heard: { readonly body: string; readonly signed: boolean }[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer(async (request, response) => {
      const body = await text(request);
      const at = String(request.headers['x-tandem-timestamp']);
      const wanted = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex');
      this.heard.push({ body, signed: request.headers['x-tandem-signature'] === wanted });
      // The first notice is not taken: it comes again.
      response.writeHead(this.heard.length === 1 ? 503 : 200).end();
    });
  }

  static async start(): Promise<Alarm> {
    const alarm = new Alarm();
    alarm.#server.listen(0, '127.0.0.1');
    await once(alarm.#server, 'listening');
    return alarm;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  said(): string {
    return JSON.stringify(this.heard);
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

let alarm: Alarm;

/** Who knows places (RFC 6753): one by name, and of all others it says nothing. */
class LocationServer implements Peer {
  readonly name = 'the location server';
  readonly asked: string[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.asked.push(`${request.method} ${request.url}`);
      if (request.url === '/known')
        response
          .writeHead(200, { 'Content-Type': 'application/held+xml' })
          .end(
            `<locationResponse xmlns="urn:ietf:params:xml:ns:geopriv:held">${place.split('?>\n')[1]}</locationResponse>`,
          );
    });
  }

  static async start(): Promise<LocationServer> {
    const server = new LocationServer();
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  said(): string {
    return JSON.stringify(this.asked);
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

let locations: LocationServer;

async function prepare(lab: Lab): Promise<object> {
  const { sip, pbx, itsp } = lab.addresses;
  const place = ({ host, port }: { host: string; port: number }) => `${host}:${port}`;
  alarm = lab.use(await Alarm.start());
  locations = lab.use(await LocationServer.start());
  const helper = (name: string, host: number) => ({
    name,
    kind: 'itsp',
    addresses: place(lab.trunk(host)),
    transport: 'tcp',
    health: 'off',
    emergency: 'location',
  });
  return {
    listeners: [{ name: 'sip', bind: place(sip), transports: ['udp', 'tcp'] }],
    trunks: [
      { name: 'pbx', kind: 'ip-pbx', addresses: place(pbx), health: 'off', site: 'hq', capacity: { calls: 1 } },
      { name: 'itsp', kind: 'itsp', addresses: place(itsp), health: 'off' },
      { ...helper('help', 4), capacity: { calls: 1 }, emergency: 'location-value' },
      helper('help2', 5),
      { name: 'gateway', kind: 'pstn-gateway', addresses: place(lab.trunk(6)), health: 'off', site: 'hq' },
    ],
    routes: [{ name: 'out', from: 'pbx', to: 'itsp' }],
    sites: [{ name: 'hq', location: 'hq' }],
    emergency: {
      numbers: [{ number: '911', masks: [1, 2, 3, 6, 7, 8].map((one) => `49890000${one}`) }],
      tests: ['498900004'],
      to: ['help', 'help2', 'gateway'],
      relay,
      locations: [{ name: 'hq', civic: { country: 'US', A3: 'Springfield', RD: 'Main', HNO: '1', FLR: '2' } }],
      'location-servers': locations.host,
      notify: [{ webhook: alarm.url, secret }],
    },
    media: { address: sip.host },
    records: { path: lab.data },
  };
}

const isForHelp = ['INVITE sip:911@', 'Priority: emergency'];
export const tellsPlace = [
  ...isForHelp,
  'Geolocation: <cid:',
  'Geolocation-Routing: yes',
  'Content-Type: multipart/mixed',
  'Content-Type: application/pidf[+]xml',
];

export const refuses = (expect: readonly string[], refuse: readonly string[] = []): string =>
  scenario('who does not help', [
    callee.receivesInvite({ expect, refuse }),
    callee.reply('503 Service Unavailable'),
    receive('ACK'),
  ]);

export const helps = (expect: readonly string[], refuse: readonly string[] = []): string =>
  scenario('who helps', [
    callee.receivesInvite({ expect, refuse }),
    callee.reply('180 Ringing'),
    callee.reply('200 OK', { body: sdp() }),
    receive('ACK'),
    receive('BYE'),
    answer('200 OK'),
  ]);

/** Refuses to be called for help, and takes the call to those who ask. */
const refusesThenAsks = scenario(
  'help that refuses, and its people who ask',
  [
    callee
      .receivesInvite({
        expect: ['Priority: emergency', 'Content-Type: application/pidf[+]xml'],
        actions: ['<ereg regexp="INVITE sip:911@" search_in="msg" assign_to="direct"/>'],
      })
      .replace('<recv request="INVITE"', '<recv request="INVITE" test="direct" next="refuse"'),
    callee.reply('200 OK', { body: sdp() }),
    receive('ACK'),
    receive('BYE'),
    answer('200 OK', { next: 'end' }),
    at('refuse'),
    callee.reply('503 Service Unavailable'),
    receive('ACK'),
    at('end'),
  ],
  ['direct'],
);

const place = [
  '<?xml version="1.0"?>',
  '<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:gp="urn:ietf:params:xml:ns:pidf:geopriv10"',
  ' xmlns:ca="urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr" entity="pres:a@example.com"><tuple id="a"><status>',
  '<gp:geopriv><gp:location-info><ca:civicAddress><ca:country>US</ca:country><ca:ROOM>417</ca:ROOM></ca:civicAddress>',
  '</gp:location-info><gp:usage-rules/></gp:geopriv></status></tuple></presence>',
].join('\n');

/** An INVITE that tells where it comes from, beside what it offers. */
const tells = {
  headers: ['Geolocation: <cid:place@pbx>', 'Supported: geolocation'],
  contentType: 'multipart/mixed;boundary=part',
  body: [
    '--part',
    'Content-Type: application/sdp',
    '',
    sdp(),
    '',
    '--part',
    'Content-Type: application/pidf+xml',
    'Content-ID: <place@pbx>',
    '',
    place,
    '--part--',
  ].join('\n'),
};

export const callerWhoTells = scenario('caller who tells his place', [
  caller.invite(tells),
  anyProgress,
  receiveAnswer(),
  caller.ack(),
  caller.request('BYE', 2),
  receive(200),
]);

/** Its place is where it says. */
const callerWhoRefers = (path: string): string =>
  scenario('caller who says where its place is', [
    caller.invite({ headers: [`Geolocation: <http://${locations.host}/${path}>`], body: sdp() }),
    anyProgress,
    receiveAnswer(),
    caller.ack(),
    caller.request('BYE', 2),
    receive(200),
  ]);

export const emergency: Group = {
  name: 'emergency',
  prepare,
  cases: [
    {
      name: 'help is told the place that we know, and the alarm hears of it; the usual provider hears nothing',
      async run(lab) {
        const usual = lab.answering(ordinaryCallee);
        const help = lab.answering(helps([...tellsPlace, '<ca:FLR>2</ca:FLR>']), {
          to: lab.trunk(4),
          calleeTransport: 'tcp',
        });
        await sleep(150);
        wentByScenario('the caller', await lab.calling(ordinaryCaller).done, 1);
        wentByScenario('help', await help.done, 1);
        must((await usual.stop()).created === 0, () => 'the usual provider was called');
        await lab.records([{ reason: 'hangup', answered: true, route: 'emergency', attempts: [{ trunk: 'help' }] }]);
        for (let i = 0; alarm.heard.length < 2 && i < 60; i++) await sleep(50);
        must(alarm.heard.length === 2, () => `the alarm was told ${alarm.heard.length} times, 2 expected`);
        const [, told] = alarm.heard;
        must(told!.signed, () => 'the notice is not signed rightly');
        const { event, number, location } = JSON.parse(told!.body);
        must(
          event === 'emergency-call' && number === '911' && location.civic.FLR === '2',
          () => `the notice says ${told!.body}`,
        );
      },
    },
    {
      name: 'primary, secondary and gateway refuse: people who ask; the gateway is told no place',
      async run(lab) {
        const help = lab.answering(refusesThenAsks, { to: lab.trunk(4), calleeTransport: 'tcp', calls: 2 });
        const second = lab.answering(refuses(tellsPlace), { to: lab.trunk(5), calleeTransport: 'tcp' });
        const gateway = lab.answering(refuses(isForHelp, ['Geolocation', 'pidf', 'multipart']), { to: lab.trunk(6) });
        await sleep(150);
        wentByScenario('the caller', await lab.calling(ordinaryCaller).done, 1);
        wentByScenario('the secondary', await second.done, 1);
        wentByScenario('the gateway', await gateway.done, 1);
        wentByScenario('the primary', await help.done, 2);
        await lab.records([
          {
            reason: 'hangup',
            answered: true,
            attempts: [
              { trunk: 'help', status: 503 },
              { trunk: 'help2', status: 503 },
              { trunk: 'gateway', status: 503 },
              { trunk: 'help' },
            ],
          },
        ]);
      },
    },
    {
      name: 'the place that the call brings goes to help as it came',
      async run(lab) {
        const help = lab.answering(helps([...tellsPlace, '<ca:ROOM>417</ca:ROOM>'], ['<ca:FLR>']), {
          to: lab.trunk(4),
          calleeTransport: 'tcp',
        });
        await sleep(150);
        wentByScenario('the caller', await lab.calling(callerWhoTells).done, 1);
        wentByScenario('help', await help.done, 1);
        await lab.records([{ reason: 'hangup', answered: true, attempts: [{ trunk: 'help' }] }]);
      },
    },
    {
      name: 'a test calls nobody, and says what would become of it',
      async run(lab) {
        const refused = scenario('caller who tries it', [
          caller.invite({ body: sdp() }),
          anyProgress,
          receive(480, { expect: ['480 Emergency test: 911, 911 by trunk help, place hq'] }),
          caller.ackFailure(),
        ]);
        await lab.call({ caller: refused });
        await lab.records([{ reason: 'tested', answered: false, attempts: [] }]);
      },
    },
    {
      name: 'a usual call that brings a place: the session description alone goes on',
      async run(lab) {
        await lab.call({
          caller: callerWhoTells,
          callee: helps(['Content-Type: application/sdp'], ['Geolocation', 'pidf', 'multipart']),
        });
        await lab.records([{ reason: 'hangup', answered: true, route: 'out' }]);
      },
    },
    {
      name: 'trunks that are full, on either side, carry calls for help all the same, four at once',
      async run(lab) {
        const help = lab.answering(helps(tellsPlace), { to: lab.trunk(4), calleeTransport: 'tcp', calls: 4 });
        await sleep(150);
        wentByScenario('the callers', await lab.calling(ordinaryCaller, { calls: 4, rate: 40 }).done, 4);
        wentByScenario('help', await help.done, 4);
        const four = { reason: 'hangup', answered: true, route: 'emergency', attempts: [{ trunk: 'help' }] } as const;
        await lab.records([four, four, four, four]);
      },
    },
    {
      name: 'a place by reference is asked for, and help is told what the location server says',
      async run(lab) {
        const help = lab.answering(helps([...tellsPlace, '<ca:ROOM>417</ca:ROOM>'], ['<ca:FLR>', 'known']), {
          to: lab.trunk(4),
          calleeTransport: 'tcp',
        });
        await sleep(150);
        wentByScenario('the caller', await lab.calling(callerWhoRefers('known')).done, 1);
        wentByScenario('help', await help.done, 1);
        must(locations.said() === '["GET /known"]', () => `the location server was asked ${locations.said()}`);
        await lab.records([{ reason: 'hangup', answered: true, attempts: [{ trunk: 'help' }] }]);
      },
    },
    {
      name: 'a location server that says nothing holds the call up for half a second: help is told the place that we know',
      async run(lab) {
        const help = lab.answering(helps([...tellsPlace, '<ca:FLR>2</ca:FLR>'], ['silent']), {
          to: lab.trunk(4),
          calleeTransport: 'tcp',
        });
        await sleep(150);
        wentByScenario('the caller', await lab.calling(callerWhoRefers('silent')).done, 1);
        wentByScenario('help', await help.done, 1);
        const [record] = await lab.records([{ reason: 'hangup', answered: true, attempts: [{ trunk: 'help' }] }]);
        const waited = record!.attempts[0]!.startedAt - record!.startedAt;
        must(waited >= 490 && waited < 900, () => `help was called after ${waited} ms`);
      },
    },
  ],
};

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallRecord } from '#cdr';
import { Authority, writePair, writeRoot } from '../certificates.ts';
import { DecisionService, type DecisionServiceOptions, type ServiceAnswer } from '../decision-service.ts';
import { type Case, type ExpectedRecord, type Group, type Lab, must } from '../harness.ts';
import { Nsd } from '../nsd.ts';
import {
  answer,
  anyProgress,
  callee,
  caller,
  pause,
  receive,
  receiveAnswer,
  receiveOneOf,
  scenario,
  sdp,
} from '../scenario.ts';

/** Somebody outside decides: numbers in the DNS of NSD, a service by HTTPS that is a process of its own. Numbers are those of the cases in order. */

const zone = 'numbers.test';
const secret = 'for decisions only';
const [enumTimeout, serviceTimeout] = [400, 500];

const number = (of: number) => `+4989${String(of).padStart(5, '0')}`;
const numbers = {
  placed: number(1),
  twoPlaces: number(2),
  said: number(3),
  refused: number(4),
  late: number(5),
  failing: number(6),
  misspelt: number(7),
  givenUp: number(8),
} as const;

/** What the service says. */
const answers: Readonly<Record<string, ServiceAnswer>> = {
  [numbers.said]: { says: { trunks: ['second'], called: '+4930999', caller: '+49777', reason: 'cheap today' } },
  [numbers.refused]: { says: { refuse: 603 } },
  [numbers.late]: { after: 1_500, says: { trunks: ['second'] } },
  [numbers.failing]: { status: 500 },
  [numbers.misspelt]: { says: { trunk: ['second'] } },
  [numbers.givenUp]: { after: 400, says: { trunks: ['second'] } },
};

/** The name of a number relative to the zone. */
const nameOf = (of: string) => [...of.slice(1)].reverse().join('.');
const naptr = (of: string, order: number, expression: string) =>
  `${nameOf(of)} IN NAPTR ${order} 10 "u" "E2U+sip" "${expression}" .`;

let nsd: Nsd;
let service: DecisionService;
let options: DecisionServiceOptions;
let stranger: DecisionServiceOptions['certificate'];

async function prepare(lab: Lab): Promise<object> {
  const { sip, itsp, pbx } = lab.addresses;
  const dns = { host: lab.host(20), port: 5_353 };
  const place = { host: lab.host(21), port: 8_443 };
  nsd = await Nsd.start(lab, {
    place: dns,
    zone,
    records: [
      naptr(numbers.placed, 100, `!^\\\\+49(.*)$!sip:0\\\\1@second.test!`),
      naptr(numbers.twoPlaces, 100, '!^.*$!sip:nobody@nowhere.test!'),
      naptr(numbers.twoPlaces, 100, '!^.*$!sip:desk@second.test!'),
    ],
  });
  const [authority, other] = [await Authority.root('Owner CA'), await Authority.root('Other CA')];
  const answersFile = join(lab.directory, 'answers.json');
  writeFileSync(answersFile, JSON.stringify(answers));
  const issued = async (by: Authority, name: string) =>
    writePair(lab.directory, name, await by.issue({ name: 'decide', addresses: [place.host] }));
  stranger = await issued(other, 'stranger');
  options = { place, certificate: await issued(authority, 'decide'), answers: answersFile, secret };
  service = await DecisionService.start(lab, options);
  return {
    listeners: [{ name: 'sip', bind: `${sip.host}:${sip.port}`, transports: ['udp'] }],
    dns: { servers: `${dns.host}:${dns.port}`, timeout: '2s' },
    trunks: [
      { name: 'pbx', kind: 'ip-pbx', addresses: `${pbx.host}:${pbx.port}`, health: 'off' },
      { name: 'first', kind: 'itsp', addresses: `${itsp.host}:${itsp.port}`, health: 'off' },
      { name: 'second', kind: 'itsp', addresses: `${lab.host(4)}:5090`, domain: 'second.test', health: 'off' },
    ],
    'dial-plans': [{ name: 'global', rules: [{ name: 'world', pattern: '(49\\d+)', to: '+$1' }] }],
    routes: [{ name: 'out', from: 'pbx', to: 'first' }],
    decisions: {
      enum: { domain: zone, timeout: `${enumTimeout}ms` },
      service: {
        url: `https://${place.host}:${place.port}/calls`,
        secret,
        timeout: `${serviceTimeout}ms`,
        trust: writeRoot(lab.directory, 'owner', authority),
      },
    },
    media: { address: sip.host },
    records: { path: lab.data },
  };
}

const hangsUp = scenario('caller', [
  caller.invite({ body: sdp() }),
  anyProgress,
  receiveAnswer(),
  caller.ack(),
  pause(100),
  caller.request('BYE', 2),
  receive(200),
]);

const called = (as: string) =>
  scenario('callee', [
    callee.receivesInvite({ expect: [`INVITE sip:${as}@`] }),
    callee.reply('200 OK', { body: sdp() }),
    receive('ACK'),
    receive('BYE'),
    answer('200 OK'),
  ]);

const answered = (route: string, trunk: string): ExpectedRecord => ({
  ...{ reason: 'hangup', by: 'caller', answered: true, route },
  attempts: [{ trunk, reason: 'hangup' }],
});

function traced({ decisions }: CallRecord, rule: string, outcome: RegExp): void {
  must(
    decisions.some((one) => one.rule === rule && outcome.test(one.outcome)),
    () => `the trace has no "${rule}: ${outcome}": ${JSON.stringify(decisions)}`,
  );
}

/** Ms from the INVITE to the first try. */
const waited = ({ startedAt, attempts }: CallRecord) => attempts[0]!.startedAt - startedAt;

/** The routes decide in the end: the call goes by the first trunk. */
function byRoutes(
  name: string,
  rule: string,
  outcome: RegExp,
  least: number,
  most: number,
  act?: (lab: Lab) => void,
): Case {
  return {
    name,
    async run(lab) {
      act?.(lab);
      await lab.call({ caller: hangsUp, callee: called(`[+]${lab.called()}`) });
      const [record] = await lab.records([answered('out', 'first')]);
      traced(record!, rule, outcome);
      const took = waited(record!);
      must(took >= least && took <= most, () => `it waited ${took} ms, ${least} to ${most} expected`);
    },
  };
}

export const decisions: Group = {
  name: 'decisions',
  packages: ['nsd'],
  prepare,
  cases: [
    {
      name: 'a number in the DNS leads to the trunk of its host, called as the expression has it',
      async run(lab) {
        await lab.call({ caller: hangsUp, callee: called('0[0-9]*') }, { to: lab.trunk(4) });
        const [record] = await lab.records([answered('ENUM', 'second')]);
        traced(record!, 'ENUM', /: 08900001 at second\.test, by trunk second, after \d+ ms$/);
        must(service.asked(numbers.placed).length === 0, () => 'the service was asked too');
      },
    },
    {
      name: 'a host of no trunk is passed over',
      async run(lab) {
        await lab.call({ caller: hangsUp, callee: called('desk') }, { to: lab.trunk(4) });
        const [record] = await lab.records([answered('ENUM', 'second')]);
        traced(record!, 'ENUM', /nobody at nowhere\.test, where no trunk is$/);
      },
    },
    {
      name: 'the service says trunk, number and caller, over TLS of an authority of our own, asked with a signature',
      async run(lab) {
        await lab.call({ caller: hangsUp, callee: called('[+]4930999') }, { to: lab.trunk(4) });
        const [record] = await lab.records([answered('decision service', 'second')]);
        traced(record!, 'ENUM', /the number is not there$/);
        traced(record!, 'decision service', /^says call \+4930999 as \+49777 by second, after \d+ ms \(cheap today\)$/);
        const asked = service.asked(numbers.said);
        const [one] = asked;
        must(asked.length === 1 && one!.signed, () => `asked: ${JSON.stringify(asked)}`);
        must(
          one!.call === record!.call && one!.source === 'pbx' && one!.dialled === lab.called(),
          () => `it was told ${JSON.stringify(one)}`,
        );
      },
    },
    {
      name: 'the service refuses: the caller gets its status',
      async run(lab) {
        const refused = scenario('caller that is refused', [
          caller.invite({ body: sdp() }),
          anyProgress,
          receiveOneOf([603], 'refused'),
          caller.ackFailure(),
        ]);
        await lab.call({ caller: refused });
        await lab.records([{ reason: 'no-route', by: 'tandem', status: 603, answered: false, attempts: [] }]);
      },
    },
    byRoutes(
      'an answer that is late: at the deadline the routes decide',
      'decision service',
      /^no answer within 500 ms$/,
      480,
      800,
    ),
    byRoutes(
      'a status that is no answer: the routes decide at once',
      'decision service',
      /^of no use, .*: it answers 500$/,
      0,
      400,
    ),
    byRoutes(
      'a key that it may not say: the routes decide',
      'decision service',
      /its answer has a key "trunk"$/,
      0,
      400,
    ),
    {
      name: 'CANCEL while the service is asked: 487 at once, and nobody is called when it answers',
      async run(lab) {
        const second = lab.answering(called('.*'), { to: lab.trunk(4), timeout: 2 });
        const givesUp = scenario('caller that gives up', [
          caller.invite({ body: sdp() }),
          receive(100),
          pause(150),
          caller.cancel(),
          receive(200, { expect: ['CSeq:.*CANCEL'] }),
          receive(487, { expect: ['CSeq:.*INVITE'] }),
          caller.ackFailure(),
        ]);
        await lab.call({ caller: givesUp });
        await lab.records([{ reason: 'cancelled', by: 'caller', answered: false, attempts: [] }]);
        await sleep(500);
        const { successful, failed } = await second.stop();
        must(successful === 0 && failed === 0, () => 'somebody was called');
      },
    },
    byRoutes(
      'a name server that is silent: at its deadline the service is asked, then the routes',
      'ENUM',
      /^no answer within 400 ms$/,
      380,
      800,
      () => nsd.falls(),
    ),
    {
      name: 'a certificate of a stranger five times: the service is let rest; ten seconds later one call tries, and the next follow',
      limit: 40,
      async run(lab) {
        nsd.goesOn();
        await service.stop();
        const false_ = await DecisionService.start(lab, { ...options, certificate: stranger });
        const callees = { callee: called(`[+]${lab.called()}`), caller: hangsUp };
        await lab.call(callees, { calls: 6, rate: 4 });
        const records = await lab.records(Array.from({ length: 6 }, () => answered('out', 'first')));
        for (const record of records.slice(0, 5))
          traced(record, 'decision service', /^of no use, .*(SELF_SIGNED|UNABLE_TO)/);
        traced(records[5]!, 'decision service', /^not asked/);
        must(false_.asked(`+${lab.called()}`).length === 0, () => 'a stranger was told of a call');
        await false_.stop();
        service = await DecisionService.start(lab, options);
        await sleep(10_000);
        await lab.call(callees);
        const all = await lab.records(Array.from({ length: 7 }, () => answered('out', 'first')));
        traced(all[6]!, 'decision service', /^says nothing, after/);
        must(service.asked(`+${lab.called()}`).length === 1, () => 'it was not asked again');
      },
    },
  ],
};

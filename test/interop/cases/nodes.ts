import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { answersSip } from '../../perf/subject.ts';
import { type Group, type Lab, must, wentByScenario } from '../harness.ts';
import { type Phone, type PhoneOptions, startPhone } from '../phone.ts';
import { anyProgress, caller, pause, receive, receiveAnswer, scenario, sdp } from '../scenario.ts';
import { ask, type Standing } from '../standing.ts';
import { domain, registers } from './users.ts';

/**
 * One file, two nodes, and real phones (baresip) at each: who watches at one sees the calls of a phone at the other, and a phone is called
 * by its own name wherever that is said.
 */

const number = '498900001';
const other = 31;

const place = (lab: Lab, node: 'one' | 'two') => ({
  host: lab.host(node === 'one' ? 1 : other),
  port: lab.addresses.sip.port,
});
const dataOf = (lab: Lab, node: 'one' | 'two') => (node === 'one' ? lab.data : join(lab.directory, 'two'));

async function prepare(lab: Lab): Promise<object> {
  const { itsp } = lab.addresses;
  const listener = (node: 'one' | 'two') => ({ name: node, bind: `${place(lab, node).host}:${place(lab, node).port}` });
  const user = (name: string, extension: string, more: object = {}) => ({
    name,
    line: `+4930123;ext=${extension}`,
    password: registers.password,
    ...more,
  });
  return {
    listeners: [listener('one'), listener('two')],
    nodes: (['one', 'two'] as const).map((name) => ({
      name,
      listeners: name,
      media: { address: place(lab, name).host },
      records: dataOf(lab, name),
    })),
    trunks: [{ name: 'itsp', kind: 'itsp', addresses: `${itsp.host}:${itsp.port}`, listeners: 'two', health: 'off' }],
    registrar: { domains: [domain] },
    users: [user('ann', '17', { numbers: [number] }), user('bob', '18')],
    routes: [{ name: 'outbound', to: 'itsp' }],
    records: { path: lab.data },
  };
}

/** The second node, with the file of the first. */
async function startOther(lab: Lab): Promise<void> {
  const data = dataOf(lab, 'two');
  const subject = lab.another(join(lab.directory, 'tandem.yaml'), data, 'two');
  lab.use({ name: 'node two', said: () => subject.log(), stop: () => subject.stop() });
  await answersSip(subject, { ...lab.addresses, sip: place(lab, 'two') });
}

async function standingAt(lab: Lab, node: 'one' | 'two', what: string, look: (standing: Standing) => boolean) {
  const deadline = performance.now() + 8_000;
  for (;;) {
    const standing = await ask(dataOf(lab, node)).catch(() => undefined);
    if (standing && look(standing)) return standing;
    must(performance.now() < deadline, () => `${node}: ${what}: ${JSON.stringify(standing?.users)}`);
    await sleep(25);
  }
}

async function phoneAt(
  lab: Lab,
  node: 'one' | 'two',
  user: string,
  host: number,
  options: Partial<PhoneOptions>,
): Promise<Phone> {
  const phone = startPhone(lab, {
    user,
    name: `${user}-${host}`,
    place: { host: lab.host(host), port: 5_070 },
    frequency: 697,
    seconds: 14,
    registers: { ...registers, at: place(lab, node) },
    ...options,
  });
  await standingAt(lab, node, `${user} is registered`, ({ users }) =>
    users.some((one) => one.user === user && one.devices.some(({ at }) => at.includes(lab.host(host)))),
  );
  return phone;
}

const callsIn = (lab: Lab, ms: number, requestUri?: string) =>
  lab.sipp({
    scenario: scenario('caller from outside', [
      caller.invite({ body: sdp(), ...(requestUri === undefined ? {} : { requestUri }) }),
      anyProgress,
      receiveAnswer({}),
      caller.ack(),
      pause(ms),
      caller.request('BYE', 2),
      receive(200),
    ]),
    local: lab.addresses.itsp,
    remote: place(lab, 'two'),
    calls: 1,
    rate: 10,
    called: number,
    transport: 'udp',
  });

export const nodes: Group = {
  name: 'nodes',
  node: 'one',
  prepare,
  cases: [
    {
      name: 'a baresip at one node watches another that talks at the other: there, on the phone, there again (presence)',
      limit: 40,
      async run(lab) {
        await startOther(lab);
        let said = '';
        const ann = await phoneAt(lab, 'one', 'ann', 11, { answers: true });
        const bob = await phoneAt(lab, 'two', 'bob', 12, {
          contacts: [`sip:ann@${domain}`],
          onSaid: (all) => {
            said = all;
          },
        });
        await standingAt(lab, 'one', 'it is asked by the other', ({ passing }) => passing.subscriptions.length === 1);
        const uac = callsIn(lab, 6_000);
        wentByScenario('the caller', await uac.done, 1);
        await Promise.all([ann.done, bob.done]);
        // That she is there it takes for granted, or says: by whether the first NOTIFY is back before its list is made.
        const states = [...said.matchAll(/ann@\S+ changed status from \S+ to \S*?(Online|Offline|Busy)/g)].map(
          ([, state]) => state,
        );
        must(/^(Online,)?Busy,Online$/.test(states.join()), () => `bob's phone saw ${states.join()}:\n${said}`);
        console.log(`        bob's phone at node two saw ann's at node one: ${states.join(', ')}`);
      },
    },
    {
      name: 'a baresip is called by the names that it was given, at the node that did not give them (GRUU)',
      limit: 40,
      async run(lab) {
        await startOther(lab);
        let said = '';
        const ann = await phoneAt(lab, 'one', 'ann', 13, {
          answers: true,
          named: true,
          onSaid: (all) => {
            said = all;
          },
        });
        await standingAt(lab, 'two', 'where she is has been told', ({ nodes: known }) =>
          known.some(({ users }) => users === 1),
        );
        for (const kind of ['pub', 'temp']) {
          const name = new RegExp(`${kind}-gruu="(sip:[^"]+)"`).exec(said)?.[1];
          must(name !== undefined, () => `it has no ${kind}-gruu: ${said}`);
          wentByScenario(`who calls ${name}`, await callsIn(lab, 300, name).done, 1);
          console.log(`        called by way of node two: ${name}`);
        }
        await ann.done;
      },
    },
  ],
};

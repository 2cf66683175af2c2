import { Authority, writePair } from '../certificates.ts';
import { type Group, type Lab, must } from '../harness.ts';
import { heard } from '../phone.ts';
import { domain, phoneOf, registers } from './users.ts';

/** Users inside and at home: their telephones reach us at other addresses, and media between them goes by way of us. */

const home = (lab: Lab) => ({ host: lab.host(30), port: 5_061 });

async function prepare(lab: Lab): Promise<object> {
  const { sip, itsp } = lab.addresses;
  const root = await Authority.root('Interop Root');
  const { certificate, key } = writePair(lab.directory, 'ours', await root.issue({ name: domain, dns: [domain] }));
  const user = (name: string, line: string, more = {}) => ({ name, line, password: registers.password, ...more });
  const { host, port } = home(lab);
  return {
    listeners: [
      { name: 'desk', side: 'internal', bind: `${sip.host}:${sip.port}`, transports: ['udp', 'tcp'] },
      { name: 'home', side: 'external', bind: `${host}:${port}`, transports: ['tls'], tls: { certificate, key } },
    ],
    trunks: [{ name: 'pbx', kind: 'ip-pbx', side: 'internal', addresses: `${itsp.host}:${itsp.port}`, health: 'off' }],
    registrar: { domains: [domain], srtp: 'optional' },
    users: [
      user('ann', '+493010'),
      user('bob', '+493011', { srtp: 'required', numbers: '498900001' }),
      user('carl', '+493012', { numbers: '498900002' }),
    ],
    routes: [{ name: 'outbound', to: 'pbx' }],
    media: { internal: sip.host, external: host },
    records: { path: lab.data },
  };
}

const atHome = (lab: Lab) => ({ ...registers, transport: 'tls' as const, at: home(lab) });

export const outside: Group = {
  name: 'outside',
  prepare,
  cases: [
    {
      name: 'a baresip at home by TLS, which takes nothing but SRTP, and one at a desk hear each other',
      async run(lab) {
        const bob = await phoneOf(lab, 'bob', 31, {
          answers: true,
          frequency: 1477,
          seconds: 9,
          srtp: 'mandatory',
          registers: atHome(lab),
        });
        const ann = await phoneOf(lab, 'ann', 15, { dials: `sip:${lab.called()}@${domain}`, seconds: 6 });
        const [annSaid, bobSaid] = await Promise.all([ann.done, bob.done]);
        heard(ann, 1477, annSaid);
        heard(bob, 697, bobSaid);
        const [record] = await lab.records([{ reason: 'hangup', answered: true, attempts: [{ trunk: 'bob' }] }]);
        must(record!.attempts[0]!.leg.remote.startsWith('tls '), () => `by ${record!.attempts[0]!.leg.remote}`);
      },
    },
    {
      name: 'one at a desk and one at home ring together: the one at home answers, and is heard through us',
      async run(lab) {
        const desk = await phoneOf(lab, 'carl', 32, { seconds: 9 });
        const away = await phoneOf(lab, 'carl', 33, {
          answers: true,
          frequency: 1477,
          seconds: 9,
          srtp: 'optional',
          registers: atHome(lab),
        });
        const ann = await phoneOf(lab, 'ann', 34, { dials: `sip:${lab.called()}@${domain}`, seconds: 6 });
        const [annSaid, awaySaid, deskSaid] = await Promise.all([ann.done, away.done, desk.done]);
        heard(ann, 1477, annSaid);
        heard(away, 697, awaySaid);
        must(/incoming/i.test(deskSaid), () => `the other did not ring: ${deskSaid}`);
        const [record] = await lab.records([{ reason: 'hangup', answered: true, attempts: [{}, {}] }]);
        const ends = record!.attempts.map(({ end }) => end.reason).sort();
        must(ends.join() === 'answered-elsewhere,hangup', () => `the attempts ended so: ${ends.join()}`);
      },
    },
  ],
};

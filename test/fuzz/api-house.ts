import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Access, CaptureDesk, type Principal, remoteUser } from '#api';
import { capture } from '#codec/pcapng';
import { CaptureStore, capturesDirectory } from '#shell/capture-store';
import { CertificateShelf } from '#shell/certificate-files';
import { readConfiguration } from '#shell/config';
import { ConfigurationHistory } from '#shell/config-history';
import { ManagementStore, Passwords } from '#shell/management-store';
import { RecordReader, RecordStore } from '#shell/store';
import { TraceStore } from '#shell/trace-store';
import { apiOf } from '../../src/api/api.testing.ts';
import { ended, liveCall, liveTrunk, mirrorOf, start } from '../../src/api/live/live.testing.ts';
import { senderOf } from '../../src/api/webhooks/webhooks.testing.ts';

/** What nobody may be told, whatever he asks: it stands in what the API is made of. */
export const secrets = {
  trunk: '0p3nSes4me-trunk',
  provider: '0p3nSes4me-oidc',
} as const;

/** What is of a site that nobody has who has only some: a trunk, a number, names. */
export const elsewhere = ['rome', '+39061111', 'otto-abroad'] as const;

/** A configuration that is sound. */
export const sound = `listeners:
  - { name: lan, side: internal, bind: 10.0.0.1 }
  - { name: wan, side: external, bind: 192.0.2.1 }
sites:
  - { name: berlin }
  - { name: rome }
trunks:
  - { name: pbx, kind: ip-pbx, addresses: 10.0.0.2 }
  - { name: itsp, kind: itsp, addresses: 203.0.113.10, credentials: { username: u, password: ${secrets.trunk} } }
  - { name: berlin-gw, kind: itsp, addresses: 203.0.113.20, site: berlin }
  - { name: rome-gw, kind: itsp, addresses: 203.0.113.30, site: rome, capacity: { calls: 4 } }
routes:
  - { name: out, from: pbx, to: [itsp, berlin-gw] }
tests:
  - { name: abroad, from: pbx, to: "+4412345", expect: { route: out } }
tracing: { media: { by: [anna], longest: 60s, size: 1MB } }
management:
  behind-proxy: 127.0.0.1
  url: https://tandem.example.com
  oidc:
    issuer: https://login.example.com
    client-id: tandem
    client-secret: ${secrets.provider}
    roles: [{ value: admins, role: administrator }]
media: { internal: 10.0.0.1, external: 192.0.2.1, ports: 20000-20999 }
`;

/** Who asks: with what he proves who he is. */
export interface Asker {
  readonly who: string;
  readonly role: Principal['role'] | undefined;
  readonly sites?: readonly string[] | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** A whole API without a process, a socket or a clock: of each thing that it tells of there are some. */
export async function house() {
  const directory = mkdtempSync(join(tmpdir(), 'tandem-fuzz-'));
  const file = join(directory, 'tandem.yaml');
  writeFileSync(file, sound);
  const loaded = readConfiguration(file);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  let running = loaded.configuration;

  const abroad = { caller: '+39061111', called: '+39061111' };
  const ofRome = { ...abroad, basis: { site: 'rome', user: 'otto-abroad' }, to: 'rome-gw' };
  const copy = { name: 'c3-1', by: 'anna', reason: 'rome', startedAt: start } as const;
  const toRome = { site: 'rome', user: 'otto-abroad', a: { trunk: 'rome-gw' }, b: { trunk: 'rome-gw' } };
  const records = RecordStore.open({ path: directory, onDurable: () => {}, onTrouble: () => {} });
  records.write(ended('e1', 60, { basis: { site: 'berlin' } }));
  records.write(ended('e2', 120, { end: { by: 'callee', reason: 'busy' }, answeredAt: undefined, to: 'berlin-gw' }));
  records.write(ended('e4', 60, ofRome));
  await records.close();
  const reader = RecordReader.open(directory);
  const history = ConfigurationHistory.open(directory);
  history.add({ at: start, who: 'file', reason: '', by: 'file', differences: 0 }, sound);

  const wall = () => start + 600_000;
  const store = ManagementStore.open();
  const passwords = new Passwords({ memory: 8, passes: 1, parallelism: 1 });
  const access = new Access({ store, configuration: () => running.management, wall, passwords });
  const webhooks = senderOf(store, { wall });
  const live = mirrorOf(
    {
      calls: [
        liveCall('c1', { site: 'berlin' }),
        liveCall('c2', { phase: 'setup', caller: 'anonymous' }),
        liveCall('c3', { ...abroad, ...toRome, silent: ['caller'], captures: [copy] }),
      ],
      trunks: [
        liveTrunk('pbx', { kind: 'ip-pbx', side: 'internal' }),
        liveTrunk('itsp'),
        liveTrunk('berlin-gw'),
        liveTrunk('rome-gw', { health: { state: 'down', since: start, because: 'rome is away', targets: [] } }),
      ],
      house: { bans: { count: 1, newest: [{ source: '198.51.100.7', reason: 'scanner', since: '' }] } },
    },
    wall,
  );
  live.apply({ kind: 'ended', records: [ended('e3', 30), ended('e5', 30, ofRome)], at: wall() });
  const answers: Record<string, (more: object) => object> = {
    ...Object.fromEntries(
      ['end', 'probe', 'register', 'capture', 'end-capture', 'unban'].map((name) => [name, () => ({ at: wall() })]),
    ),
    bans: () => ({ bans: [] }),
    users: () => ({ users: [{ user: 'otto', devices: [], calls: 0, inCall: false }], total: 2, more: true }),
    call: () => ({
      calls: [{ call: 'c1', a: { trunk: 'pbx', callId: 'a-c1' }, decisions: [], attempts: [] }],
    }),
    messages: () => ({ messages: [] }),
  };
  const configuration = () => running;
  const captures = new CaptureDesk({
    store: new CaptureStore(directory),
    wall,
    ask: async (query, more = {}) => answers[query]!(more) as Record<string, unknown>,
    configuration,
    live,
    audit: () => {},
    wasTold: () => false,
    onTrouble: () => {},
  });
  mkdirSync(capturesDirectory(directory));
  writeFileSync(join(capturesDirectory(directory), 'c3-1.pcapng'), capture([], { application: 'x', comment: 'rome' }));
  captures.arm({ by: 'anna', reason: 'rome', ms: 1_000, octets: 10_000 }, { trunk: 'rome-gw' }, 1e9);
  store.layouts.put('topology', { places: { 'site rome': { x: 1, y: 1 }, tandem: { x: 2, y: 2 } } }, 0);
  const { app, faults } = await apiOf(
    {
      wall,
      access,
      answers,
      configuration,
      file,
      history,
      live,
      captures,
      shelf: new CertificateShelf(directory),
      webhooks,
      records: () => reader,
      traces: () => traces,
      logLevels: () => ({ signalling: 'info', media: 'info', management: 'info' }),
      reload: async () => {
        const now = readConfiguration(file);
        if (now.ok) running = now.configuration;
        return { taken: now.ok, text: 'as it is' };
      },
    },
    remoteUser(access),
  );
  const traces = TraceStore.open<never>();

  const anna = store.accounts.create({
    name: 'anna',
    role: 'administrator',
    sites: undefined,
    createdAt: wall(),
    password: await passwords.hash('correct horse battery'),
  })!;
  const token = (role: Principal['role'], sites?: readonly string[]): Asker => {
    const who = sites ? `${role}-of-${sites}` : role;
    // Of who runs the program: no request removes him.
    const made = store.tokens.create({
      ...{ name: who, account: undefined, role, sites, createdAt: wall(), expiresAt: wall() + 1e9 },
    });
    return { who, role, sites, headers: { authorization: `Bearer ${made!.secret}` } };
  };
  const askers: readonly Asker[] = [
    { who: 'nobody', role: undefined, headers: {} },
    ...(['viewer', 'operator', 'administrator'] as const).flatMap((role) => [token(role), token(role, ['berlin'])]),
  ];
  /** Somebody in a browser, whatever became of his session and his account. */
  const inBrowser = (): Asker => {
    const fresh = {
      role: 'administrator' as const,
      sites: undefined,
      disabled: false,
      password: anna.password,
      totp: 'JBSWY3DPEHPK3PXP',
    };
    const account = store.accounts.byName('anna') ?? store.accounts.create({ ...anna, ...fresh })!;
    store.accounts.change(account.id, fresh);
    const secret = store.sessions.begin({ account: account.id, method: 'password', source: '', agent: '' }, wall());
    const headers = { cookie: `tandem=${secret}`, 'sec-fetch-site': 'same-origin' };
    return { who: 'anna', role: 'administrator', headers };
  };
  /** What stands in the store and is for nobody, as it is now. */
  const kept = (): readonly string[] => [
    ...store.accounts.list().flatMap(({ password, totp }) => [password, totp].filter((one) => one !== undefined)),
    ...store.webhooks.list().map(({ secret }) => secret.reveal()),
  ];
  const close = async () => {
    await app.close();
    captures.close();
    reader.close();
    history.close();
    rmSync(directory, { recursive: true, force: true });
  };
  return { app, faults, askers, inBrowser, kept, close };
}

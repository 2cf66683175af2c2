import type { ProcessStats } from '#codec/media-control';
import type { Configuration } from '#engine/ports';
import type { CertificateShelf } from '#shell/certificate-files';
import type { ConfigurationHistory } from '#shell/config-history';
import { ManagementStore, Passwords } from '#shell/management-store';
import { StatusFailure } from '#shell/status-link';
import { Access } from './access/access.ts';
import { type Identify, localUser } from './access/identify.ts';
import type { Api } from './api.ts';
import type { CaptureDesk } from './captures/desk.ts';
import { Mirror } from './live/mirror.ts';
import { Metrics } from './metrics/metrics.ts';
import { apiServer } from './server.ts';
import type { Services } from './services.ts';
import { senderOf } from './webhooks/webhooks.testing.ts';

/** The management process, where there is none. */
const thisProcess: ProcessStats = {
  pid: 1,
  startedAt: 1_699_999_000_000,
  cpuMs: 2_500,
  loopActiveMs: 1_500,
  loopLagMs: { median: 0.5, p99: 2, most: 10 },
  memory: { resident: 100, heap: 50, external: 5 },
};

/** An API whose program says what `answers` says, without sockets: `inject` asks it. */
export async function apiOf(
  services: Partial<Services> & { readonly answers?: Readonly<Record<string, (more: object) => object>> } = {},
  identify: Identify = localUser,
): Promise<{ app: Api; asked: [string, object][]; faults: unknown[]; faultsAt: string[] }> {
  const asked: [string, object][] = [];
  const faults: unknown[] = [];
  /** Where each was, as the log has it. */
  const faultsAt: string[] = [];
  const { answers = {}, ...rest } = services;
  const wall = rest.wall ?? (() => 1_700_000_000_000);
  const access =
    rest.access ??
    new Access({
      store: ManagementStore.open(),
      configuration: () => undefined,
      wall,
      passwords: new Passwords({ memory: 8, passes: 1, parallelism: 1 }),
    });
  const given: Omit<Services, 'metrics'> = {
    version: '1.2.3',
    wall,
    ask: async (query, more = {}) => {
      asked.push([query, more]);
      const answer = answers[query];
      if (!answer) throw new StatusFailure('gone', 'nobody is there');
      return answer(more) as Record<string, unknown>;
    },
    health: async (what) => ({ status: what === 'readyz' ? 'ready' : 'alive', checks: [] }),
    configuration: () =>
      ({
        trunks: [{ name: 'itsp', kind: 'itsp', side: 'external', transport: 'udp', capacity: {} }],
        listeners: [],
      }) as unknown as Configuration,
    records: () => undefined,
    traces: () => undefined,
    logLevels: () => ({}),
    setLogLevel: () => {},
    access,
    webhooks: senderOf(access.store, { wall }),
    live: new Mirror(wall, () => true),
    testTrunk: async () => ({ ok: true, verdict: '' }),
    file: 'tandem.yaml',
    // Who needs one gives it.
    history: undefined as unknown as ConfigurationHistory,
    captures: undefined as unknown as CaptureDesk,
    shelf: undefined as unknown as CertificateShelf,
    readCertificates: async () => [],
    reload: async () => ({ taken: true, text: '' }),
    ...rest,
  };
  const app = await apiServer({
    services: {
      metrics: new Metrics({
        ...given,
        process: () => thisProcess,
        spans: () => ({ sent: 2, lost: 1 }),
        webhooks: () => given.webhooks,
      }),
      ...given,
    },
    identify,
    onFault: (error, at) => {
      faults.push(error);
      faultsAt.push(at);
    },
  });
  return { app, asked, faults, faultsAt };
}

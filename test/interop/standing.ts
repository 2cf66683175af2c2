import { connect } from 'node:net';
import { join } from 'node:path';

interface StandingTarget {
  readonly target: string;
  readonly state: string;
  readonly because: string;
  readonly misses: number;
  readonly evidence: readonly unknown[];
}

interface StandingTrunk {
  readonly trunk: string;
  readonly targets: readonly string[];
  readonly notLocated?: string;
  readonly calls: number;
  readonly health: { readonly state: string; readonly because: string; readonly targets: readonly StandingTarget[] };
  readonly registration?: {
    readonly stage: string;
    readonly since: number;
    readonly tries: number;
    readonly expiresAt?: number;
    readonly nextAt?: number;
    readonly granted?: number;
    readonly contact?: string;
    readonly serviceRoute: readonly string[];
    readonly path: readonly string[];
    readonly lastError?: { readonly text: string };
    readonly lastAnswer?: { readonly status: number; readonly phrase: string };
  };
}

/** What the running program tells of itself: the parts that cases look at. */
export interface Standing {
  readonly calls: readonly { readonly call: string }[];
  readonly trunks: readonly StandingTrunk[];
  /** Numbers of places that are lent. */
  readonly emergency?: { readonly elins: readonly { readonly elin: string }[] };
  readonly users: readonly {
    readonly user: string;
    readonly devices: readonly { readonly contact: string; readonly at: string }[];
    readonly calls: number;
    readonly inCall: boolean;
  }[];
  readonly passing: {
    readonly counts: Readonly<Record<string, { readonly passed: number; readonly refused: number }>>;
    readonly subscriptions: readonly { readonly event: string }[];
  };
  readonly nodes: readonly { readonly node: string; readonly state: string; readonly users: number }[];
  readonly bans: readonly { readonly source: string; readonly reason: string; readonly detail: string }[];
  readonly names: readonly unknown[];
  readonly counters: { readonly received: number; readonly drops: Readonly<Record<string, number>> };
  readonly connections: readonly {
    readonly connection: string;
    readonly peer: string;
    readonly direction: string;
    readonly state: string;
    readonly dscp?: number;
    readonly tls?: { readonly version: string; readonly cipher: string; readonly names: readonly string[] };
  }[];
  readonly certificates: readonly { readonly loaded?: string; readonly warnings: readonly string[] }[];
}

/** Asks the program whose records lie in `data`; rejects when none runs. */
export function ask(data: string): Promise<Standing> {
  return new Promise((resolve, reject) => {
    const socket = connect(join(data, 'tandem.sock'));
    let text = '';
    socket.setEncoding('utf8');
    socket.setTimeout(3_000, () => socket.destroy(new Error('the program does not answer at its socket')));
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the program closed its socket')));
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (!text.endsWith('\n')) return;
      resolve(JSON.parse(text) as Standing);
      socket.destroy();
    });
    socket.write('{"query":"inspect"}\n');
  });
}

/** One trunk of what stands. */
export function trunkOf(standing: Standing, name: string): StandingTrunk {
  const trunk = standing.trunks.find((one) => one.trunk === name);
  if (!trunk) throw new Error(`no trunk ${name}: ${standing.trunks.map((one) => one.trunk).join(', ')}`);
  return trunk;
}

import type { Trunk } from '#engine/ports';
import type { RegistrationStatus } from '#sip/registration';

/** What the status socket's `trunks` tells. Times are Unix ms unless they are text. */
export interface TrunksAnswer {
  readonly at: number;
  readonly trunks: readonly TrunkView[];
  readonly names: readonly NameView[];
  readonly bans: readonly BanView[];
  readonly connections?: readonly ConnectionView[];
  readonly certificates?: readonly CertificateView[];
}

export interface TrunkView {
  readonly trunk: string;
  readonly kind: string;
  readonly side: string;
  readonly transport: string;
  readonly health: {
    readonly state: 'up' | 'down' | 'unknown' | 'partly-down';
    readonly since?: number;
    readonly because: string;
    readonly targets: readonly TargetView[];
  };
  /** "tls 192.0.2.1:5061", in the order in which they are tried. */
  readonly targets: readonly string[];
  readonly notLocated?: string;
  readonly registration?: RegistrationStatus;
  /** Hosts that the DNS is asked for. */
  readonly names: readonly string[];
  /** The last OPTIONS to each target. */
  readonly options: readonly OptionsView[];
  readonly calls: number;
  readonly limit?: number;
  /** As it runs; the file may be newer. */
  readonly settings?: Trunk['settings'];
}

export interface TargetView {
  readonly target: string;
  readonly state: 'unknown' | 'up' | 'down' | 'cooling';
  readonly since?: number;
  readonly because: string;
  readonly until?: number;
  readonly roundTrip?: number;
  readonly options: { readonly answered: number; readonly unanswered: number };
  readonly calls: { readonly progressed: number; readonly unanswered: number };
  readonly unreachable: number;
  readonly evidence: readonly { readonly at: number; readonly text: string; readonly times: number }[];
}

export interface OptionsView {
  readonly target: string;
  readonly at: number;
  readonly kind: 'answered' | 'unanswered' | 'unreachable';
  readonly status?: number;
  readonly roundTrip?: number;
  readonly retryAfter?: number;
  readonly allow?: string;
  readonly server?: string;
  readonly detail?: string;
}

export interface NameView {
  /** "SRV _sip._udp.example.com" */
  readonly question: string;
  readonly answer?: readonly string[] | string;
  readonly answeredAt?: number;
  readonly expiresAt?: number;
  readonly failure?: string;
  readonly failedAt?: number;
}

export interface BanView {
  readonly source: string;
  readonly reason: string;
  readonly detail: string;
  readonly since: string;
  readonly until: string;
}

export interface ConnectionView {
  readonly connection: string;
  readonly peer: string;
  readonly direction: string;
  readonly state: string;
  readonly since: string;
  readonly octetsIn: number;
  readonly octetsOut: number;
  readonly tls?: { readonly version: string; readonly cipher: string; readonly names: readonly string[] };
}

export interface CertificateView {
  readonly users: readonly string[];
  readonly kind: 'certificate' | 'trust';
  readonly files: readonly string[];
  readonly names: readonly string[];
  readonly issuer?: string;
  readonly notAfter?: string;
  readonly daysLeft?: number;
  readonly warnings: readonly string[];
  readonly problem?: string;
}

export interface TrunkState {
  readonly state: 'up' | 'down' | 'partly' | 'unknown';
  readonly since?: number;
  readonly because: string;
}

/** How a trunk is, all in all: where calls need its registration or its names, they come first. */
export function stateOf({ health, registration, notLocated }: TrunkView): TrunkState {
  if (registration && registration.stage !== 'registered' && registration.stage !== 'refreshing') {
    const why = registration.lastError?.text;
    // Right after the start nobody has refused us.
    const state = registration.stage === 'registering' && why === undefined ? 'unknown' : 'down';
    return { state, since: registration.since, because: `${registration.stage}${why === undefined ? '' : `: ${why}`}` };
  }
  if (notLocated !== undefined) return { state: 'down', because: notLocated };
  const { since, because } = health;
  const state = health.state === 'partly-down' ? 'partly' : health.state;
  return { state, ...(since === undefined ? {} : { since }), because };
}

/** Of the calls to it, those that came to more than silence, in percent; undefined before the first. */
export function successOf({ health }: TrunkView): number | undefined {
  let progressed = 0;
  let unanswered = 0;
  for (const { calls } of health.targets) {
    progressed += calls.progressed;
    unanswered += calls.unanswered;
  }
  return progressed + unanswered === 0 ? undefined : (100 * progressed) / (progressed + unanswered);
}

/** The certificates and roots that a trunk lives by: its own, or those of the TLS listeners of its side. */
export function certificatesOf(
  name: string,
  listeners: readonly string[],
  certificates: readonly CertificateView[] | undefined,
): readonly CertificateView[] {
  const own = (certificates ?? []).filter(({ users }) => users.includes(`trunk ${name}`));
  if (own.length === 0 || own.some(({ kind }) => kind === 'certificate')) return own;
  const shared = (certificates ?? []).filter(({ users }) => listeners.some((id) => users.includes(`listener ${id}`)));
  return [...shared, ...own];
}

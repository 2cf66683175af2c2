import type { HostPort, Instant, Octets } from '#kernel';
import type { Flow } from '#sip/flow';
import type { Target } from '#sip/transaction';
import { addressOfRecord, contactUri, type Identifiers, registrarUri } from './request.ts';
import type { RegistrationSettings } from './settings.ts';
import type { Binding } from './status.ts';

/** What a process leaves of a registration to the next: plain JSON. */
export interface RegistrationCheckpoint extends Identifiers {
  readonly v: 1;
  readonly cseq: number;
  /** The longest Min-Expires so far, ms. */
  readonly least: number;
  /** It is this process that left it, and its connection stands. */
  readonly stands?: boolean;
  readonly binding?: KeptBinding;
}

interface KeptBinding {
  readonly addressOfRecord: Octets;
  /** Its Request-URI. */
  readonly registrar: Octets;
  readonly target: Target;
  readonly contact: Octets;
  /** Ms. */
  readonly granted: number;
  /** Wall ms, as is `refreshAt`. */
  readonly expiresAt: number;
  readonly refreshAt: number;
  readonly serviceRoute: readonly Octets[];
  readonly path: readonly Octets[];
  readonly outbound: boolean;
  readonly keepAlive?: number;
  readonly seenAs?: string;
  readonly flow?: Flow;
}

/** With less left of it, a registration of another process is made anew. */
const leastLeft = 5_000;

export function keptBinding(settings: RegistrationSettings, binding: Binding, refreshAt: number): KeptBinding {
  const { registrar: place, grantedAt, expires, flow, ...rest } = binding;
  const registrar = settings.registrars[place]!;
  return {
    ...rest,
    addressOfRecord: addressOfRecord(settings, registrar),
    registrar: registrarUri(registrar),
    refreshAt,
    ...(flow && { flow }),
  };
}

/**
 * The registration, where it still is what the settings want: same address of record, registrar and Contact. Its flow stands
 * on when it needs no connection, or that `stands`. `refreshIn` in ms, 0 or more.
 */
export function takenUp(
  kept: KeptBinding,
  settings: RegistrationSettings,
  advertised: HostPort | undefined,
  now: Instant,
  stands: boolean,
): { readonly binding: Binding; readonly refreshIn: number } | undefined {
  const { addressOfRecord: aor, registrar: uri, refreshAt, flow, ...rest } = kept;
  const registrar = settings.registrars.findIndex((one) => registrarUri(one) === uri);
  if (registrar < 0 || !advertised || addressOfRecord(settings, settings.registrars[registrar]!) !== aor)
    return undefined;
  if (contactUri(settings, kept.target.transport, advertised) !== kept.contact) return undefined;
  // A wall clock may have jumped: no longer than it was granted for.
  const left = Math.min(kept.expiresAt - now.wall, kept.granted);
  if (!(left > (stands ? 0 : leastLeft))) return undefined;
  return {
    binding: {
      ...rest,
      registrar,
      grantedAt: now.mono + left - kept.granted,
      expires: now.mono + left,
      expiresAt: now.wall + left,
      flow: stands || flow?.connection === undefined ? flow : undefined,
    },
    refreshIn: Math.max(0, Math.min(refreshAt - now.wall, left * 0.9)),
  };
}

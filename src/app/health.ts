import type { Standing } from './kept-process.ts';

/** What `/healthz` and `/readyz` answer. */
export interface Health {
  readonly ok: boolean;
  readonly status: 'ready' | 'not-ready' | 'alive' | 'not-alive';
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail?: string }[];
}

/** What calls need. */
export interface Parts {
  readonly signalling: Standing;
  /** Absent: media goes past us. */
  readonly media?: Standing;
}

/** Ms that a process may be away until the whole is given up: it is started again in less, but not where the machine is at fault. */
const patience = 60_000;

/** Whether a new call would be taken. */
export function readinessOf({ signalling, media }: Parts, isDraining: boolean): Health {
  const checks = [
    checkOf('signalling', signalling.trouble),
    ...(media ? [checkOf('media', media.trouble)] : []),
    checkOf('new-calls', isDraining ? 'draining: calls that stand may end, new ones are refused' : undefined),
  ];
  const ok = checks.every((check) => check.ok);
  return { ok, status: ok ? 'ready' : 'not-ready', checks };
}

/** Whether the program is worth leaving alone: that one of its processes is started again is no reason to end all calls. */
export function livenessOf({ signalling, media }: Parts): Health {
  const away = ({ trouble, away: ms }: Standing) => (ms > patience ? trouble : undefined);
  const checks = [
    checkOf('supervisor', undefined),
    checkOf('signalling', away(signalling)),
    ...(media ? [checkOf('media', away(media))] : []),
  ];
  const ok = checks.every((check) => check.ok);
  return { ok, status: ok ? 'alive' : 'not-alive', checks };
}

function checkOf(name: string, detail: string | undefined): Health['checks'][number] {
  return { name, ok: detail === undefined, ...(detail !== undefined && { detail }) };
}

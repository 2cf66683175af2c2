import type { CallRecord } from '#engine/ports';
import { Mirror } from './mirror.ts';
import type { LiveCall, LiveTrunk } from './told.ts';

export const start = Date.UTC(2026, 10, 23, 12);

export function liveCall(call: string, more: Partial<LiveCall> = {}): LiveCall {
  return {
    call,
    phase: 'answered',
    caller: '+493012345',
    called: '+4940777',
    route: 'out',
    startedAt: start,
    answeredAt: start + 5_000,
    a: { trunk: 'pbx', remote: 'udp 10.0.0.2:5060', callId: `a-${call}` },
    b: { trunk: 'itsp', remote: 'udp 203.0.113.10:5060', callId: `b-${call}` },
    media: 'anchor',
    codecs: { caller: 'PCMA', callee: 'PCMA' },
    ...more,
  };
}

export function liveTrunk(trunk: string, more: Partial<LiveTrunk> = {}): LiveTrunk {
  return {
    trunk,
    kind: 'itsp',
    side: 'external',
    transport: 'udp',
    health: { state: 'up', since: start, because: 'OPTIONS answered', targets: [] },
    targets: ['udp 203.0.113.10:5060'],
    options: [],
    calls: 0,
    ...more,
  };
}

/** A call that was tried once, and ended `seconds` after the start. */
export function ended(
  call: string,
  seconds: number,
  more: Partial<Omit<CallRecord, 'answeredAt'>> & {
    readonly to?: string;
    readonly answeredAt?: number | undefined;
  } = {},
): CallRecord {
  const { to = 'itsp', ...rest } = more;
  const end = rest.end ?? { by: 'caller', reason: 'hangup' };
  const answeredAt = 'answeredAt' in rest ? rest.answeredAt : start + 1_000;
  const leg = (trunk: string) => ({ trunk, remote: '', callId: '', localTag: '', remoteTag: '' });
  const times = {
    startedAt: start,
    ...(answeredAt !== undefined && { answeredAt }),
    endedAt: start + seconds * 1000,
  };
  const { answeredAt: _, ...others } = rest;
  return {
    call,
    leg: leg('pbx'),
    caller: '+493012345',
    called: '+4940777',
    decisions: [],
    ...times,
    talkMs: answeredAt === undefined ? 0 : 10_000,
    attempts: [{ leg: leg(to), caller: '', called: '', ...times, end }],
    ...others,
    end,
  };
}

/** A mirror that was told all there is. */
export function mirrorOf(
  told: { readonly calls?: readonly LiveCall[]; readonly trunks?: readonly LiveTrunk[]; readonly house?: object } = {},
  wall: () => number = () => start,
): Mirror {
  const mirror = new Mirror(wall, () => true);
  const at = wall();
  mirror.apply({ kind: 'begin', calls: 0, at });
  if (told.house) mirror.apply({ kind: 'house', house: told.house, at });
  mirror.apply({ kind: 'trunks', trunks: told.trunks ?? [], at });
  mirror.apply({ kind: 'calls', calls: told.calls ?? [], at });
  mirror.apply({ kind: 'current', at });
  return mirror;
}

import { type EndReason, endReasons, partiesOwnEnds } from '#engine/ports';
import type { LiveCall, LiveHouse, LiveTrunk, MirrorState } from '../live/told.ts';
import type { Figures } from '../live/traffic.ts';
import { ruleSaid, type Said, said } from '../said/said.ts';

/** `critical`: calls are lost now; `warning`: some are, or will be; `notice`: worth knowing. */
export type Severity = 'critical' | 'warning' | 'notice';

/** Something that is wrong now. */
export interface Trouble {
  /** The same as long as it lasts: its kind, and what it is about. */
  readonly id: string;
  readonly severity: Severity;
  /** In a sentence. */
  readonly what: string;
  /** The same in parts. */
  readonly said?: Said;
  /** Unix ms, where that is known. */
  readonly since?: number;
  /** What to do, or where to look. */
  readonly todo: string;
  /** What it is about, where that has a page. */
  readonly trunk?: string;
  readonly call?: string;
  readonly webhook?: string;
}

/** What is looked at: what the mirror knows. */
export interface Seen {
  /** Unix ms. */
  readonly now: number;
  readonly state: MirrorState;
  /** Since when its state is that. */
  readonly stateSince: number;
  readonly lagMs: number;
  readonly trunks: Iterable<LiveTrunk>;
  readonly calls: Iterable<LiveCall>;
  readonly house: LiveHouse;
  /** What became of calls in the last hour, and in the one before. */
  readonly hour: Figures;
  readonly before: Figures;
  /** The same of one trunk's calls that were offered to it. */
  readonly hourOf: (trunk: string) => Figures;
  /** The configuration has it disabled. */
  readonly isDisabled: (trunk: string) => boolean;
  /** What others have found. */
  readonly others?: Iterable<Trouble>;
}

export const troubleLimits = {
  /** Ms without a word of the signalling process. */
  lag: 5_000,
  /** Days that a certificate has at least. */
  certificate: { warning: 30, critical: 7 },
  /** Share of a limit that is nearly all. */
  full: 0.9,
  /** Calls of an hour from which on a share means something, and how often a cause is to have come at least. */
  calls: 20,
  spike: 5,
  /** Share of calls over a trunk that the network failed. */
  failing: 0.3,
  /** Share of the calls of a cause from which on what is known of trunks accounts for it. */
  known: 0.8,
  /** Ms for which a process that died is told of. */
  restart: 3_600_000,
  /** Bans at once that are no daily noise. */
  bans: 20,
  /** Calls with one-way audio that are told one by one. */
  silent: 5,
} as const;

const order: readonly Severity[] = ['critical', 'warning', 'notice'];

/** What is wrong now, the worst first; what began last comes first among its like. */
export function troubles(seen: Seen): readonly Trouble[] {
  const found = [
    ...ofProgram(seen),
    ...ofTrunks(seen),
    ...ofMedia(seen),
    ...ofCauses(seen),
    ...ofCertificates(seen.house),
    ...ofRoom(seen),
    ...ofStrangers(seen.house),
    ...(seen.others ?? []),
  ];
  return found.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity) || (b.since ?? 0) - (a.since ?? 0));
}

function parts(code: string, parameters: Said['parameters'] = {}): Said {
  return { code, parameters };
}

function because(code: string, why: string, parameters: Said['parameters']): Said {
  const known = said(why);
  return { code, parameters: { ...parameters, because: why }, ...(known && { because: known }) };
}

function about(code: string, name: string, parameters: Said['parameters']): Said {
  const known = ruleSaid(name);
  return { code, parameters: { ...parameters, because: name }, ...(known && { because: known }) };
}

function* ofProgram({ now, state, stateSince, lagMs, house }: Seen): Generator<Trouble> {
  if (state === 'lost')
    yield {
      id: 'signalling-lost',
      severity: 'critical',
      what: 'The signalling process does not answer: nobody knows what calls do.',
      said: parts('signalling-lost'),
      since: stateSince,
      todo: 'It is started again by itself. Where it is not, see the log of the program.',
    };
  else if (lagMs > troubleLimits.lag)
    yield {
      id: 'signalling-late',
      severity: 'warning',
      what: `The signalling process has told nothing for ${seconds(lagMs)}: what is shown is that old.`,
      said: parts('signalling-late', { seconds: Math.round(lagMs / 1000) }),
      since: now - lagMs,
      todo: 'It has more to do than it can: see the load of the machine.',
    };
  if (house.draining)
    yield {
      id: 'draining',
      severity: 'critical',
      what: 'The program is being ended: no new call is taken.',
      said: parts('draining'),
      todo: 'Start it again when its calls have ended.',
    };
  const { records, counters, overload, restarts = {} } = house;
  if (records)
    yield {
      id: 'records-unwritable',
      severity: 'critical',
      what: `Records cannot be written: ${records.detail}. ${records.pending} wait.`,
      said: parts('records-unwritable', { detail: records.detail, count: records.pending }),
      since: records.since,
      todo: 'Make room on the disk of the records, or mend it: what waits is written then.',
    };
  if ((counters?.recordsLost ?? 0) > 0)
    yield {
      id: 'records-lost',
      severity: 'warning',
      what: `${counted(counters!.recordsLost!, 'record')} could not be written since the signalling process began.`,
      said: parts('records-lost', { count: counters!.recordsLost! }),
      todo: 'The log has them whole: look for records-lost.',
    };
  const late = overload?.listeners.filter((one) => one.late) ?? [];
  if (late.length > 0)
    yield {
      id: 'overload',
      severity: 'critical',
      what: `More comes than can be done: what is read at ${late.map(({ listener }) => listener).join(', ')} has waited ${late.map(({ waitedMs }) => `${waitedMs} ms`).join(', ')}. New calls are refused with 503.`,
      said: parts('overload', {
        listeners: late.map(({ listener }) => listener).join(', '),
        waitedMs: late.map(({ waitedMs }) => waitedMs).join(', '),
      }),
      todo: 'Limit calls-per-second of the trunks that send them, or give the program a faster machine.',
    };
  for (const [name, { died, hung, last }] of Object.entries(restarts)) {
    if (!last || now - last.at > troubleLimits.restart) continue;
    yield {
      id: `restart ${name}`,
      severity: 'warning',
      what: `The ${name} process had to be started again (${last.how})${died + hung > 1 ? `, ${died + hung} times since the program began` : ''}.`,
      said: parts(`restart-${name}`, { how: last.how, times: died + hung }),
      since: last.at,
      todo:
        name === 'media'
          ? 'Calls whose media went through it are lost, but for those for help. See the log.'
          : 'Answered calls were taken up. The log says why it ended.',
    };
  }
}

function* ofTrunks({ trunks, hourOf, isDisabled }: Seen): Generator<Trouble> {
  for (const { trunk, health, registration, notLocated } of trunks) {
    if (isDisabled(trunk)) {
      yield {
        id: `trunk-disabled ${trunk}`,
        severity: 'notice',
        what: `Trunk ${trunk} is disabled: no call is offered to it or taken from it.`,
        said: parts('trunk-disabled', { trunk }),
        todo: 'When the work on it is done, take `disabled` out of the configuration.',
        trunk,
      };
      continue;
    }
    const since = health.since === undefined ? {} : { since: health.since };
    const isUnregistered = registration && registration.stage !== 'registered' && registration.stage !== 'refreshing';
    if (isUnregistered && registration.lastError)
      yield {
        id: `trunk-unregistered ${trunk}`,
        severity: 'critical',
        what: `Trunk ${trunk} is not registered: ${registration.lastError.text}.`,
        said: because('trunk-unregistered', registration.lastError.text, { trunk }),
        since: registration.since,
        todo: 'Test it: the test says what the registrar answers, and what to change.',
        trunk,
      };
    else if (notLocated !== undefined)
      yield {
        id: `trunk-not-located ${trunk}`,
        severity: 'critical',
        what: `Trunk ${trunk} is not found: ${notLocated}.`,
        said: because('trunk-not-located', notLocated, { trunk }),
        todo: 'Correct its addresses, or see to the DNS.',
        trunk,
      };
    else if (health.state === 'down')
      yield {
        id: `trunk-down ${trunk}`,
        severity: 'critical',
        what: `Trunk ${trunk} is down: ${health.because}.`,
        said: because('trunk-down', health.because, { trunk }),
        ...since,
        todo: 'Test it: the test walks from the DNS to a call and says where it fails.',
        trunk,
      };
    else if (health.state === 'partly-down')
      yield {
        id: `trunk-partly-down ${trunk}`,
        severity: 'warning',
        what: `Some targets of trunk ${trunk} are down: ${health.because}.`,
        said: because('trunk-partly-down', health.because, { trunk }),
        ...since,
        todo: 'Calls go by the others. Test the trunk.',
        trunk,
      };
    // That calls over it fail needs no other word while it is down.
    if (health.state === 'down') continue;
    const { calls, effective, reasons } = hourOf(trunk);
    const failed = calls - effective;
    if (calls >= troubleLimits.calls && failed / calls >= troubleLimits.failing) {
      const [reason, times] = most(reasons);
      yield {
        id: `trunk-failing ${trunk}`,
        severity: failed === calls ? 'critical' : 'warning',
        what: `Trunk ${trunk} failed ${failed} of ${calls} calls in the last hour, ${times} with ${reason}.`,
        said: parts('trunk-failing', { trunk, failed, calls, times, reason }),
        todo: 'Its records say what it answered: search failed calls of this trunk.',
        trunk,
      };
    }
  }
}

function* ofMedia({ calls }: Seen): Generator<Trouble> {
  const silent = [...calls].filter((call) => (call.silent?.length ?? 0) > 0);
  const byTrunk = new Map<string, number>();
  for (const { a, b, silent: sides } of silent)
    for (const trunk of new Set([
      sides!.includes('caller') ? a.trunk : '',
      sides!.includes('callee') ? (b?.trunk ?? '') : '',
    ]))
      if (trunk !== '') byTrunk.set(trunk, (byTrunk.get(trunk) ?? 0) + 1);
  // Many of one trunk are one fault of that trunk.
  for (const [trunk, times] of byTrunk)
    if (times > troubleLimits.silent)
      yield {
        id: `one-way ${trunk}`,
        severity: 'critical',
        what: `In ${times} calls nothing is heard from trunk ${trunk}.`,
        said: parts('one-way-trunk', { trunk, times }),
        todo: 'Its media does not arrive: see firewalls and NAT between us, and the address that we advertise for media.',
        trunk,
      };
  for (const { call, caller, called, a, b, silent: sides = [] } of silent) {
    const trunks = [
      ...(sides.includes('caller') ? [a.trunk] : []),
      ...(sides.includes('callee') && b ? [b.trunk] : []),
    ];
    if (trunks.every((trunk) => (byTrunk.get(trunk) ?? 0) > troubleLimits.silent)) continue;
    yield {
      id: `one-way ${call}`,
      severity: 'warning',
      what:
        sides.length > 1
          ? `Nothing is heard from either side of the call from ${caller} to ${called}.`
          : `One-way audio: nothing is heard from the ${sides[0]} in the call from ${caller} to ${called}.`,
      said: parts(sides.length > 1 ? 'silent-call' : `one-way-${sides[0]}`, { caller, called }),
      todo: `See the media of the call: whether ${trunks.join(' and ')} sends any, and where to we told it.`,
      call,
    };
  }
}

function* ofCauses({ hour, before, trunks, hourOf }: Seen): Generator<Trouble> {
  for (const [reason, times] of hour.reasons) {
    if (partiesOwnEnds.has(reason) || reason === 'operator' || reason === 'transferred' || reason === 'drained')
      continue;
    if (times < troubleLimits.spike || hour.calls === 0) continue;
    const was = before.reasons.get(reason) ?? 0;
    const share = times / hour.calls;
    const shareBefore = before.calls === 0 ? 0 : was / before.calls;
    // Three times as common, and common enough to matter.
    if (share < 0.02 || share < 3 * shareBefore) continue;
    // Nearly all of them by a trunk that is down: that is told of the trunk.
    const down = [...trunks].filter(({ health }) => health.state === 'down');
    const known = down.reduce((sum, { trunk }) => sum + (hourOf(trunk).reasons.get(reason) ?? 0), 0);
    if (known >= troubleLimits.known * times) continue;
    yield {
      id: `cause ${reason}`,
      severity: share >= 0.2 ? 'critical' : 'warning',
      what: `${percent(share)} of calls (${times}) ended with ${reason} in the last hour, ${percent(shareBefore)} (${was}) in the hour before: ${endReasons[reason]}`,
      said: parts('cause', {
        reason,
        share: percent(share),
        times,
        shareBefore: percent(shareBefore),
        timesBefore: was,
      }),
      todo: `Search the records for ${reason}: what do these calls have in common?`,
    };
  }
}

/** `listener wan/tls` is the listener wan (TLS) in a sentence. */
function inWords(user: string): string {
  const [name = '', transport] = user.split('/');
  return transport === undefined ? user : `${name} (${transport.toUpperCase()})`;
}

function* ofCertificates({ certificates = [] }: LiveHouse): Generator<Trouble> {
  for (const { kind, users, files, daysLeft, notAfter, problem } of certificates) {
    const raw = users.join(', ');
    const whose = users.map(inWords).join(' and ');
    const trunk = users.find((user) => user.startsWith('trunk '))?.slice('trunk '.length);
    const about = trunk === undefined ? {} : { trunk };
    const file = files[0] ?? raw;
    if (problem !== undefined)
      yield {
        id: `certificate-problem ${file}`,
        severity: 'warning',
        what: `The files of the ${kind === 'trust' ? 'trusted roots' : 'certificate'} of ${whose} are not taken: ${problem}.`,
        said: parts(`${kind}-problem`, { whose: raw, problem }),
        todo: 'What was read before serves on until the program is started again. Correct the files.',
        ...about,
      };
    if (daysLeft === undefined || daysLeft > troubleLimits.certificate.warning) continue;
    const what = kind === 'trust' ? `A root that ${whose} trusts` : `The certificate of ${whose}`;
    const isOver = daysLeft < 0;
    yield {
      id: `certificate ${file}`,
      severity: daysLeft <= troubleLimits.certificate.critical ? 'critical' : 'warning',
      what: isOver
        ? `${what} has expired: peers refuse our connections.`
        : `${what} expires in ${counted(daysLeft, 'day')}${notAfter === undefined ? '' : ` (${notAfter.slice(0, 10)})`}.`,
      said: parts(`${kind}-${isOver ? 'expired' : 'expires'}`, {
        whose: raw,
        days: daysLeft,
        until: notAfter?.slice(0, 10) ?? '',
      }),
      todo: `Put a new one in place of ${files.join(', ')}: it is taken while the program runs.`,
      ...about,
    };
  }
}

function* ofRoom({ house: { links = [], limits = [] }, trunks }: Seen): Generator<Trouble> {
  for (const { link, calls, audio, video, most: top } of links)
    for (const [kind, used, limit] of [
      ['audio', audio, top.audio],
      ['video', video, top.video],
    ] as const)
      if (limit && used / limit >= troubleLimits.full)
        yield {
          id: `link ${link} ${kind}`,
          severity: used >= limit ? 'critical' : 'warning',
          what: `${capital(link)} is at ${percent(used / limit)} of its ${kind} bandwidth (${used} of ${limit} kbit/s, ${counted(calls, 'call')}).`,
          said: about(`link-${kind}`, link, { share: percent(used / limit), used, limit, calls }),
          todo: 'Calls that find no room go another way or are refused. Give the link more, or its calls a smaller codec.',
        };
  const counts = [
    ...limits.map(({ name, calls, limits: top }) => ({ name, calls, limit: top.calls })),
    ...[...trunks].map(({ trunk, calls, limit }) => ({ name: `trunk ${trunk}`, calls, limit })),
  ];
  for (const { name, calls, limit } of counts)
    if (limit && calls / limit >= troubleLimits.full)
      yield {
        id: `full ${name}`,
        severity: calls >= limit ? 'critical' : 'warning',
        what: `${capital(name)} has ${calls} of ${limit} calls.`,
        said: about(calls >= limit ? 'full' : 'nearly-full', name, { calls, limit }),
        todo:
          calls >= limit
            ? 'Further calls go another way or are refused. Raise the limit if the provider allows it.'
            : 'Watch it, or raise the limit.',
        ...(name.startsWith('trunk ') && { trunk: name.slice('trunk '.length) }),
      };
}

function* ofStrangers({ bans }: LiveHouse): Generator<Trouble> {
  if (!bans || bans.count < troubleLimits.bans) return;
  const reasons = new Map<string, number>();
  for (const { reason } of bans.newest) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  yield {
    id: 'bans',
    severity: 'notice',
    what: `${bans.count} sources are kept out, most of late for ${most(reasons)[0]}.`,
    said: parts('bans', { count: bans.count, reason: most(reasons)[0] }),
    todo: 'Nothing, while calls work: they are turned away cheaply. Let the firewall admit the networks of your trunks alone.',
  };
}

function most<T>(counts: ReadonlyMap<T, number>): readonly [T | 'nothing', number] {
  let found: readonly [T | 'nothing', number] = ['nothing', 0];
  for (const [name, times] of counts) {
    if (times > found[1] && !partiesOwnEnds.has(name as EndReason)) found = [name, times];
  }
  return found;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

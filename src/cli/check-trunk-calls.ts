import type { Trunk } from '#engine/ports';
import { formatDuration } from './duration.ts';

/** How calls behave on a trunk: a row for each thing that is said of it, or is not as it comes. */
export function callFacts(trunk: Trunk): [what: string, how: string | undefined][] {
  const { dtmf, fax, hold, offer, reliability, maxEarlyDialogs, ringback, transfer } = trunk;
  return [
    ['codecs', codecs(trunk)],
    ['media', trunk.media && `${trunk.media.join(', ')}; port 0 for others`],
    ['digits', dtmf && dtmfWords[dtmf]],
    ['fax', fax && faxWords[fax]],
    ['hold', hold && `told by ${holdWords[hold]}`],
    ['offer', offer && offerWords[offer]],
    ['100rel', reliability],
    ['early dialogs', maxEarlyDialogs === undefined ? undefined : `${maxEarlyDialogs} a call at most`],
    ['ringback', ringback && `${ringbackWords[ringback]}${toneOf(trunk)}`],
    ['session timer', sessionTimer(trunk)],
    ['transfers', transfer?.refer && transferWords[transfer.refer]],
    ['redirections', transfer && (transfer.redirect === 'local' ? 'are followed by our routes' : 'are refusals')],
    ['callers', callers(trunk)],
    ['quality', quality(trunk)],
    ['rules in', rules(trunk, 'in')],
    ['rules out', rules(trunk, 'out')],
  ];
}

const dtmfWords = {
  'rtp-event': 'events in RTP',
  info: 'INFO, application/dtmf-relay',
  'info-dtmf': 'INFO, application/dtmf',
  inband: 'tones in G.711',
} as const;
const faxWords = { t38: 'T.38', audio: 'as G.711, without T.38' } as const;
const transferWords = {
  local: 'are carried out by us',
  passed: 'go on to the other side',
  refused: 'are refused',
} as const;
const holdWords = {
  sendonly: 'a direction',
  inactive: 'inactive alone',
  'zero-address': 'the address 0.0.0.0',
} as const;
const offerWords = { early: 'in every INVITE to it', delayed: 'in no INVITE to it' } as const;
const ringbackWords = {
  far: 'of the far side where it sends media',
  phone: "the phone's own, whatever media comes",
  tone: 'a tone of ours where nobody sends media',
} as const;

/** Reports on voice quality (RFC 6035), theirs and ours. */
function quality({ quality: of }: Trunk): string | undefined {
  if (!of?.reports && !of?.collector) return undefined;
  const { uri, trunk, interval, alerts } = of.collector ?? {};
  const { lossPercent, jitterMs, roundTripMs } = alerts ?? {};
  const when = [
    'at the end of a call',
    ...(interval === undefined ? [] : [`every ${formatDuration(interval)}`]),
    ...(lossPercent === undefined ? [] : [`from ${lossPercent} % loss on`]),
    ...(jitterMs === undefined ? [] : [`from ${jitterMs} ms jitter on`]),
    ...(roundTripMs === undefined ? [] : [`from ${roundTripMs} ms there and back on`]),
  ];
  const told =
    uri === undefined
      ? []
      : [`ours go to ${uri}${trunk === undefined ? '' : ` by trunk ${trunk}`}: ${when.join(', ')}`];
  return [of.reports ? 'its reports are taken' : 'its reports are refused', ...told].join('; ');
}

/** Those on messages, its profile's among them. */
function rules({ manipulation = [] }: Trunk, way: 'in' | 'out'): string | undefined {
  const names = manipulation.flatMap(({ direction, name }) => (direction === way ? [name] : []));
  return names.length === 0 ? undefined : names.join(', ');
}

function codecs({ codecs }: Trunk): string | undefined {
  if (!codecs) return undefined;
  const { allow, ptime } = codecs;
  return `${allow ? allow.join(', ') : 'all'}${ptime === undefined ? '' : `; ${ptime} ms a packet asked for`}`;
}

function sessionTimer({ sessionTimer }: Trunk): string | undefined {
  if (!sessionTimer) return undefined;
  const { mode, expires, minimum, refresher, method } = sessionTimer;
  if (mode === 'off') return 'off';
  return [
    mode === 'offer' ? `${formatDuration(expires)}, asked for` : `${formatDuration(expires)} at most, where it asks`,
    `from ${formatDuration(minimum)}`,
    ...(refresher === 'either' ? [] : [`refreshed by ${refresher === 'us' ? 'us' : 'the peer'}`]),
    ...(method === 'either' ? [] : [`by ${method === 'update' ? 'UPDATE' : 're-INVITE'}`]),
  ].join(', ');
}

function callers({ callerIdentity }: Trunk): string | undefined {
  if (!callerIdentity) return undefined;
  const { trusted, header, history, privacy } = callerIdentity;
  return [
    trusted ? 'believed' : 'not believed',
    header === 'none' ? 'told in From alone' : `told in ${fieldNames[header]}`,
    history === 'none' ? 'forwarding not told' : `forwarding in ${historyNames[history]}`,
    ...(privacy === 'anonymous' ? ['private ones not at all'] : []),
  ].join(', ');
}

const fieldNames = {
  'p-asserted-identity': 'P-Asserted-Identity',
  'p-preferred-identity': 'P-Preferred-Identity',
  'remote-party-id': 'Remote-Party-ID',
} as const;
const historyNames = {
  'history-info': 'History-Info',
  diversion: 'Diversion',
  both: 'History-Info and Diversion',
} as const;

/** " (425 Hz)", as callers know it. */
function toneOf({ ringbackTone }: Trunk): string {
  return ringbackTone ? ` (${ringbackTone[0]!.hz.join(' and ')} Hz)` : '';
}

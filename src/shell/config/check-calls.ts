import type { Context, PlacedTrunk } from './check-context.ts';
import { manipulationFaults } from './compile-manipulation.ts';
import { allCodecs } from './leaves-sip.ts';
import type { Path } from './problems.ts';

/** What is no codec by itself, and goes along with one. */
const companions: ReadonlySet<string> = new Set(['telephone-event', 'CN', 'tone', 'red']);

/** What the keys that say how calls behave on a trunk must have in common. */
export function checkCalls(trunk: PlacedTrunk, context: Context): void {
  checkPassing(trunk, context);
  checkCodecs(trunk, context);
  checkDigits(trunk, context);
  checkFax(trunk, context);
  checkRingback(trunk, context);
  checkSessionTimer(trunk, context);
  checkIdentity(trunk, context);
  checkManipulation(trunk, context);
  checkQuality(trunk.entry, trunk.path, context);
}

/** A report has a place to go, and something to tell. */
export function checkQuality(
  { quality }: Pick<PlacedTrunk['entry'], 'quality'>,
  path: Path,
  { draft, report }: Pick<Context, 'draft' | 'report'>,
): void {
  if (!quality) return;
  const at = [...path, 'quality'];
  for (const key of ['trunk', 'interval', 'alerts'] as const)
    if (quality[key] !== undefined && !quality.collector)
      report('TDM-1216', [...at, key], 'there is nobody to be told.', 'Name a `collector`.');
  if (quality.collector && draft.media?.mode === 'bypass')
    report('TDM-1227', [...at, 'collector'], 'Media that passes us by is not measured: there is nothing to report.');
}

/** Who does not see media can't say what passes of it. */
function checkPassing({ path, entry }: PlacedTrunk, { draft, report }: Context): void {
  if (draft.media?.mode !== 'bypass') return;
  for (const key of ['codecs', 'media', 'fax', 'hold', 'offer'] as const)
    if (entry[key] !== undefined) report('TDM-1227', [...path, key], 'SDP passes as it came, whatever this key says.');
  if (entry.dtmf !== undefined)
    report('TDM-1227', [...path, 'dtmf'], 'Digits can be told in another form in anchored media alone.');
  if (entry.transfer?.refer === 'local')
    report('TDM-1227', [...path, 'transfer', 'refer'], "Media that passes us by can't be led elsewhere by us.");
}

function checkCodecs({ path, entry }: PlacedTrunk, context: Context): void {
  const { codecs, media } = entry;
  const { report } = context;
  if (media) checkTwice(media, [...path, 'media'], context);
  if (!codecs) return;
  const at = [...path, 'codecs'];
  if (media && !media.includes('audio')) report('TDM-1216', at, '`media` lets no audio pass.');
  const { allow } = codecs;
  if (!allow) return;
  checkTwice(allow, [...at, 'allow'], context);
  if (allow.includes(allCodecs)) {
    if (allow.some((name) => name !== allCodecs))
      report('TDM-1216', at, '`all` lets every codec pass.', 'Say `all` alone, or name the codecs.');
  } else if (allow.every((name) => companions.has(name)))
    report('TDM-1228', at, `${allow.join(' and ')} ${allow.length === 1 ? 'carries' : 'carry'} no voice.`);
}

function checkFax({ path, entry }: PlacedTrunk, { report }: Context): void {
  const { fax, media, srtp } = entry;
  const at = [...path, 'fax'];
  if (fax === 'audio' && media && !media.includes('audio')) report('TDM-1216', at, '`media` lets no audio pass.');
  if (fax === 't38' && srtp?.mode === 'required')
    report(
      'TDM-1216',
      at,
      'T.38 goes by UDPTL, which nothing encrypts, and the trunk requires SRTP: T.38 gets 488.',
      'Say `fax: audio`, or `srtp: optional` where faxes may go in clear.',
    );
}

/** Digits go along with audio, and tones are in G.711 alone. */
function checkDigits({ path, entry, it }: PlacedTrunk, { report }: Context): void {
  const { dtmf, media } = entry;
  if (dtmf === undefined) return;
  const at = [...path, 'dtmf'];
  if (media && !media.includes('audio')) report('TDM-1216', at, '`media` lets no audio pass.');
  const allow = it.codecs?.allow;
  if (dtmf === 'inband' && allow && !allow.includes('PCMA') && !allow.includes('PCMU'))
    report(
      'TDM-1216',
      at,
      'tones are told in G.711 alone, and `codecs` lets none of it pass.',
      'Add PCMA or PCMU to `codecs`, or say another form of digits.',
    );
}

function checkTwice(list: readonly string[], path: Path, { report }: Context): void {
  for (const [at, one] of list.entries())
    if (list.indexOf(one) < at) report('TDM-1213', [...path, at], `${one} stands here twice.`);
}

/** Tones are made of what a caller of the trunk can hear, and told in its SDP. */
function checkRingback({ path, entry, it }: PlacedTrunk, { draft, report }: Context): void {
  if (entry.ringback !== 'tone') {
    if (entry['ringback-tone'] !== undefined)
      report('TDM-1216', [...path, 'ringback-tone'], 'no tone is heard.', 'Add `ringback: tone`, or remove it.');
    return;
  }
  if (draft.media?.mode === 'bypass')
    report('TDM-1227', [...path, 'ringback'], 'SDP passes as it came, and media too.');
  const { allow } = it.codecs ?? {};
  if (allow?.every((name) => name !== 'PCMA' && name !== 'PCMU'))
    report('TDM-1216', [...path, 'ringback'], 'tones are made in PCMA and PCMU, and `codecs` allows neither.');
}

function checkSessionTimer({ path, entry }: PlacedTrunk, { report }: Context): void {
  const { 'session-timer': timer } = entry;
  if (timer && timer.mode !== 'off' && timer.minimum > timer.expires)
    report('TDM-1229', [...path, 'session-timer', 'minimum'], 'the shortest interval is longer than `expires`.');
}

function checkIdentity({ path, entry, it }: PlacedTrunk, { report }: Context): void {
  if (entry['caller-identity']?.privacy === 'header' && it.callerIdentity?.trusted === false)
    report(
      'TDM-1216',
      [...path, 'caller-identity', 'privacy'],
      'who wants to stay private is named to trusted trunks only (RFC 3325 7), and this one is not.',
      'Add `trusted: true` where the trunk keeps secret what it is told, or say `anonymous`.',
    );
}

function checkManipulation({ path, entry }: PlacedTrunk, { report }: Context): void {
  for (const { path: inside, fault } of manipulationFaults(entry.manipulation ?? []))
    report(fault.code, [...path, 'manipulation', ...inside], fault.message, fault.cure);
}

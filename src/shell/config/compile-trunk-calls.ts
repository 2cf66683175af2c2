import { ringbackTones } from '#codec/tones';
import type { Trunk } from '#engine/ports';
import { allCodecs } from './leaves-sip.ts';
import type { TrunkEntry } from './schema.ts';
import { qualityOf } from './schema-quality.ts';

/** How calls behave on a trunk: from its keys to the engine's settings. What is not said stays out. */

/** What a provider is sure to take. */
const usualCodecs = ['PCMA', 'PCMU', 'telephone-event', 'CN'];

/** `anchored`: SDP passes through us, so that it can be other on one side than on the other. `tone`: whose tones ring. */
export function interworkingOf(entry: TrunkEntry, anchored: boolean, tone: string): Partial<Trunk> {
  const { codecs, dtmf, fax, hold, media, offer, reliability, ringback, transfer } = entry;
  const { 'max-early-dialogs': maxEarlyDialogs, 'session-timer': sessionTimer } = entry;
  const { 'caller-identity': identity } = entry;
  const named = codecs?.allow ?? (entry.kind === 'itsp' && anchored ? usualCodecs : [allCodecs]);
  const allow = named.includes(allCodecs) ? undefined : named;
  const ptime = codecs?.ptime;
  const quality = qualityOf(entry.quality);
  return {
    ...((allow || ptime !== undefined) && {
      codecs: { ...(allow && { allow }), ...(ptime !== undefined && { ptime }) },
    }),
    ...(hold && { hold }),
    ...(media && { media }),
    ...(dtmf && { dtmf }),
    ...(fax && { fax }),
    ...(offer && { offer }),
    ...(entry.passes && { passes: entry.passes }),
    ...(quality && { quality }),
    ...(reliability && { reliability }),
    ...(maxEarlyDialogs !== undefined && { maxEarlyDialogs }),
    ...(ringback && { ringback }),
    ...(ringback === 'tone' && { ringbackTone: ringbackTones[entry['ringback-tone'] ?? tone]! }),
    ...(sessionTimer && { sessionTimer }),
    ...(transfer && { transfer: { ...(transfer.refer && { refer: transfer.refer }), redirect: transfer.redirect } }),
    ...(identity && {
      callerIdentity: {
        trusted: identity.trusted ?? entry.kind !== 'itsp',
        header: identity.header,
        history: identity.history,
        privacy: identity.privacy ?? 'header',
      },
    }),
  };
}

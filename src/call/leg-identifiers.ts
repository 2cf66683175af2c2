import type { LegIdentifiers } from '#cdr';
import type { Trunk } from '#policy/configuration';
import { describeFlow, type Flow } from '#sip/flow';

/** What a record knows one side of a call by. */
export function identifiersOf(
  trunk: Trunk,
  flow: Flow,
  { callId, localTag, remoteTag }: Pick<LegIdentifiers, 'callId' | 'localTag' | 'remoteTag'>,
): LegIdentifiers {
  return { trunk: trunk.name, remote: describeFlow(flow), callId, localTag, remoteTag };
}

import type { LegIdentifiers } from '#cdr';
import type { Trunk } from '#policy/configuration';
import { describeFlow, type Flow } from '#sip/flow';
import type { CallSetup } from './call-setup.ts';

/** What a record knows one side of a call by. */
export function identifiersOf(
  trunk: Trunk,
  flow: Flow,
  { callId, localTag, remoteTag }: Pick<LegIdentifiers, 'callId' | 'localTag' | 'remoteTag'>,
): LegIdentifiers {
  return { trunk: trunk.name, remote: describeFlow(flow), callId, localTag, remoteTag };
}

/** Who is being called, one or several at once, by what each is known on the wire; nothing where nobody is. */
export function legsUnderWay(setup: CallSetup | undefined): {
  readonly underWay?: readonly Pick<LegIdentifiers, 'trunk' | 'remote' | 'callId'>[];
} {
  const { pending, alsoPending = [] } = setup?.kept() ?? {};
  if (!pending) return {};
  const underWay = [pending, ...alsoPending].map(({ trunk, flow, request: { callId } }) => ({
    trunk,
    remote: describeFlow(flow),
    callId,
  }));
  return { underWay };
}

import { locationObjectIn } from '#codec/pidf-lo';
import { parseUri } from '#codec/sip-message';
import { detach, type Octets } from '#kernel';
import type { EmergencyPlan, PlaceOutcome } from '#policy/emergency';
import type { Tells } from './conveyance.ts';

/** A call for help, as far as its place goes. */
export interface Placed {
  readonly plan: EmergencyPlan;
  /** What trunks are told that may know where it comes from. */
  readonly tells: Tells | undefined;
  /** The location object that was asked for. */
  found?: Octets;
}

/** The reference that is worth asking about before anybody is called: somebody takes the place by value alone, and none came so. */
export function askedFor({ plan, tells }: Placed): Octets | undefined {
  if (plan.test || tells?.kind !== 'brought' || tells.brought.objects.length > 0) return undefined;
  return plan.trunks.some(({ conveys }) => conveys === 'value') ? tells.brought.references[0] : undefined;
}

/** Takes in what the location server said. The line is for the decision trace. */
export function located(help: Placed, outcome: PlaceOutcome | undefined): string {
  const { tells } = help;
  const uri = tells?.kind === 'brought' ? tells.brought.references[0] : undefined;
  const at = `told by reference, at ${hostOf(uri ?? '')}`;
  if (!outcome) return `${at}, which does not answer in time`;
  if (outcome.kind === 'failed') return `${at}, which does not say: ${outcome.reason}`;
  const found = locationObjectIn(outcome.octets);
  if ('fault' in found) return `${at}, which does not say: ${found.fault}`;
  help.found = detach(found.body);
  return `${at}, which has said it`;
}

/** The place by value: what the call brought, what was asked for, or what we know. */
export function byValue({ tells, plan, found }: Placed): Tells | undefined {
  if (tells?.kind !== 'brought') return tells;
  const { objects, faults } = tells.brought;
  const all = found === undefined ? objects : [...objects, { id: '', body: found }];
  if (all.length > 0) return { kind: 'brought', brought: { objects: all, references: [], faults } };
  const { location } = plan.place;
  return location && { kind: 'ours', location };
}

/** Of a URI of a place only where it leads: the rest may be what opens it (RFC 6753 3.1). */
export function hostOf(uri: Octets): Octets {
  const host = parseUri(uri)?.host ?? '';
  return host !== '' ? host : (/^https?:\/\/(?:[^@/?#]*@)?([^/?#]+)/i.exec(uri)?.[1] ?? 'an unknown host');
}

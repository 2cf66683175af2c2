import type { Flow } from '#sip/flow';
import type { Refusal } from './call-setup.ts';
import type { CallerSide } from './caller-side.ts';
import { byTandem } from './causes.ts';
import { type Destination, destinationOf } from './hunt.ts';
import type { SetupCall } from './setup-call.ts';

/** Where a call goes by our routes, or why nowhere. */
export function destinationsOf(
  call: SetupCall,
  { dials, joins }: CallerSide,
  { remote: { host: address } }: Flow,
): readonly Destination[] | Refusal {
  const facts = joins ? { talker: { trunk: call.source, address } } : { address };
  const plan = call.services.plan(dials, call.called, call.caller, facts);
  call.routed(plan);
  const status = plan.refuse ?? (plan.trunks.length === 0 && plan.route === undefined ? 404 : undefined);
  if (status !== undefined) return { status, cause: byTandem('no-route', status) };
  const called = { user: call.calledUser, hops: 1, ...joins?.called };
  return plan.trunks.map((planned) => destinationOf(planned, called));
}

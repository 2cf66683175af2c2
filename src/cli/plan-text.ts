import { type Decision, type RoutePlan, refusalOf } from '#engine/ports';
import { harmless } from './cdr-text.ts';
import { table } from './table.ts';
import { type Paint, plain, traceLines } from './trace-text.ts';

/** The rules that were tried, and who would be called. */
export function planText(plan: RoutePlan, paint: Paint = plain): string {
  return `${rulesText(plan.decisions, paint)}${outcomeText(plan)}`;
}

/** The rules that were tried, with an empty line behind them where there are any. */
export function rulesText(decisions: readonly Decision[], paint: Paint = plain): string {
  return decisions.length === 0 ? '' : `${traceLines(decisions, paint).join('\n')}\n\n`;
}

function outcomeText(plan: RoutePlan): string {
  if (plan.user) return `The devices of ${plan.user.name} ring.\n`;
  if (plan.refuse !== undefined)
    return plan.route === undefined
      ? `Refused with ${plan.refuse}: who calls may not call ${harmless(plan.number)}.\n`
      : `Refused with ${plan.refuse}, by route ${plan.route}.\n`;
  if (plan.route === undefined) return `Refused with 404: no route takes ${harmless(plan.number)}.\n`;
  const rows = plan.trunks.map(({ trunk, called, caller }, i) => [
    `${i + 1}.`,
    trunk.name,
    harmless(called ?? 'as dialled'),
    caller === undefined ? 'as it calls' : harmless(caller.number),
  ]);
  return `Tried in this order:\n${table(['', 'TRUNK', 'CALLED', 'CALLER'], rows)}`;
}

export function planData(plan: RoutePlan): Record<string, unknown> {
  return {
    number: plan.number,
    route: plan.route ?? null,
    user: plan.user?.name ?? null,
    refused: refusalOf(plan) ?? null,
    trunks: plan.trunks.map(({ trunk, called, caller }) => ({
      trunk: trunk.name,
      called: called ?? null,
      caller: caller?.number ?? null,
    })),
    ...(plan.basis && { by: plan.basis }),
    decisions: plan.decisions,
  };
}

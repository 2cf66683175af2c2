import {
  askDialPlan,
  askPolicy,
  askRoute,
  askTrunk,
  askUser,
  type Configuration,
  type Decision,
  refusalOf,
  type UserRights,
} from '#engine/ports';
import { harmless } from './cdr-text.ts';
import { exitCodes, Failure } from './failure.ts';
import { numberFacts, numberText } from './number-facts.ts';
import { planData, planText, rulesText } from './plan-text.ts';
import { table } from './table.ts';
import type { Paint } from './trace-text.ts';

/** A part of what becomes of a call, by the option that asks for it. */
export interface RouteQuestion {
  readonly dialPlan?: string;
  readonly policy?: string;
  readonly route?: string;
  readonly trunk?: string;
  readonly user?: string;
}

export interface RouteAnswer {
  readonly text: (paint: Paint) => string;
  readonly data: object;
  /** Something came of it. */
  readonly ok: boolean;
}

/** Undefined where none of them is asked for. */
export function routeAnswer(
  configuration: Configuration,
  question: RouteQuestion,
  { to, caller = '' }: { readonly to?: string; readonly caller?: string },
): RouteAnswer | undefined {
  const asked = (['dialPlan', 'policy', 'route', 'trunk', 'user'] as const).filter(
    (key) => question[key] !== undefined,
  );
  if (asked.length === 0) return undefined;
  const [kind, another] = asked;
  if (another) throw new Failure('ask for one of --dial-plan, --policy, --route, --trunk and --user.', exitCodes.usage);
  const name = question[kind!]!;
  if (kind !== 'user' && to === undefined) throw new Failure('say which number: --to 0301234567', exitCodes.usage);
  const found = answers[kind!](configuration, name, to ?? '', caller);
  if (!found) throw new Failure(`there is no ${words[kind!]} ${harmless(name)}.`);
  return found;
}

const words = { dialPlan: 'dial plan', policy: 'policy', route: 'route', trunk: 'trunk', user: 'user' } as const;

type Answers = Record<
  keyof typeof words,
  (configuration: Configuration, name: string, to: string, caller: string) => RouteAnswer | undefined
>;

const answers: Answers = {
  dialPlan(configuration, name, to) {
    const found = askDialPlan(configuration, name, to);
    if (!found) return undefined;
    const { number, decisions } = found;
    const end = number === undefined ? `No rule fits: it stays ${harmless(to)}.` : `It is ${harmless(number)}.`;
    const is = number === undefined ? undefined : numberText(number);
    return told(
      decisions,
      `${end}\n${is === undefined ? '' : `${harmless(is)}\n`}`,
      { dialled: to, number: number ?? null, ...(number !== undefined && { is: numberFacts(number) }), decisions },
      number !== undefined,
    );
  },
  policy(configuration, name, to) {
    const plan = askPolicy(configuration, name, to);
    return plan && { text: (paint) => planText(plan, paint), data: planData(plan), ok: refusalOf(plan) === undefined };
  },
  route(configuration, name, to) {
    const found = askRoute(configuration, name, to);
    if (!found) return undefined;
    const matches = found.outcome.startsWith('matches');
    return told([found], '', { number: to, matches, decisions: [found] }, matches);
  },
  trunk(configuration, name, to, caller) {
    const found = askTrunk(configuration, name, to, caller);
    if (!found) return undefined;
    const { told: as, decisions } = found;
    const data = { called: as.called ?? to, caller: (as.caller?.number ?? caller) || null, decisions };
    const from = data.caller === null ? '' : ` from ${harmless(data.caller)}`;
    return told(decisions, `It is called with ${harmless(data.called)}${from}.\n`, data, true);
  },
  user(configuration, name) {
    const found = askUser(configuration, name);
    return found && { text: () => rightsText(found), data: rightsData(found), ok: true };
  },
};

function told(decisions: readonly Decision[], end: string, data: object, ok: boolean): RouteAnswer {
  return { text: (paint) => `${rulesText(decisions, paint)}${end}`, data, ok };
}

function rightsData({ user, dialPlan, policy, policyFrom }: UserRights): Record<string, unknown> {
  return {
    user: user.name,
    line: user.line ?? null,
    numbers: user.numbers,
    site: user.site ?? null,
    dialPlan: dialPlan ?? null,
    policy: policy?.name ?? null,
    policyFrom: policy ? policyFrom : null,
    usages: policy?.usages ?? null,
    features: policy?.features ?? null,
    devices: user.devices,
    forward: user.forward ?? null,
    hidden: user.hidden,
  };
}

function rightsText({ user, dialPlan, policy, policyFrom }: UserRights): string {
  const barred = Object.entries(policy?.features ?? {}).flatMap(([feature, may]) => (may ? [] : [feature]));
  return table(
    [],
    [
      ['User', user.name],
      ['Numbers', [user.line, ...user.numbers].filter((one) => one !== undefined).join(', ') || 'none'],
      ['Site', user.site ?? 'none'],
      ['Dial plan', dialPlan ?? 'none: numbers stay as they are dialled'],
      ['Policy', policy ? `${policy.name} (${policyFrom})` : 'none: routes without usages'],
      ['May call', policy ? policy.usages.join(', ') || 'nobody' : 'by every such route'],
      ['May not', barred.join(', ') || 'nothing is barred'],
      ['Devices', `${user.devices} at most`],
    ],
  );
}

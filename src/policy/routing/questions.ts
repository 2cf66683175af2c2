import type { Configuration, NumberRule, User, VoicePolicy } from '#policy/configuration';
import { DialPlans, NumberRules, rewritten } from '#policy/numbers';
import { compileRoute, mismatch } from './compiled-route.ts';
import { globalPolicy, type RoutePlan, Router } from './route.ts';
import type { RuleOutcome } from './rule-outcome.ts';
import { type PlannedTrunk, Targets } from './targets.ts';

/*
 * Parts of what becomes of a call, asked one by one: for people who look for the rule that is wrong. Each is answered by the code
 * that routes.
 */

/** What rules make of a number. Undefined: none fits. */
export interface Rewriting {
  readonly number: string | undefined;
  readonly decisions: readonly RuleOutcome[];
}

/** Each rule by itself, on what is left of the number when it is asked; undefined when there is no such plan. */
export function askDialPlan(
  { dialPlans = [] }: Pick<Configuration, 'dialPlans'>,
  name: string,
  dialled: string,
): Rewriting | undefined {
  const plan = dialPlans.find((one) => one.name === name);
  if (!plan) return undefined;
  const plans = new DialPlans({ dialPlans: [plan] });
  const decisions: RuleOutcome[] = [];
  const holder = { user: { dialPlan: name } };
  for (const reading of plans.readings(dialled, holder)) {
    const { number, rules, prefix } = reading;
    if (prefix !== undefined) decisions.push({ rule: `access prefix ${prefix}`, outcome: `off: ${number} is left` });
    decisions.push(...rules.rules.map((rule) => askRule(rule, number)));
    if (rewritten(reading)) break;
  }
  return { number: plans.normalise(dialled, holder)?.number, decisions };
}

/** One rule, whatever stands before it. */
function askRule(rule: NumberRule, number: string): RuleOutcome {
  const made = new NumberRules([rule]).apply(number);
  return {
    rule: rule.name,
    outcome: made ? `matches: ${number} is ${made.number}` : `no: ${number} does not match ${rule.pattern}`,
  };
}

/** Where somebody with a policy calls a number, as routing knows it; undefined when there is no such policy. */
export function askPolicy(configuration: Configuration, name: string, number: string): RoutePlan | undefined {
  if (!configuration.policies?.some((policy) => policy.name === name)) return undefined;
  // A number of ours would be found before the policy is asked.
  const somebody: User = { name: ' ', numbers: [], devices: 1, hidden: false, policy: name };
  const router = new Router({ ...configuration, dialPlans: [], users: [somebody] });
  return router.plan({ source: somebody.name, called: number, here: { site: undefined } });
}

/** Whether a route takes a number, whoever calls from wherever; undefined when there is no such route. */
export function askRoute(
  { routes }: Pick<Configuration, 'routes'>,
  name: string,
  number: string,
): RuleOutcome | undefined {
  const route = routes.find((one) => one.name === name);
  if (!route) return undefined;
  const { sites: _, times: __, ...open } = route;
  const compiled = compileRoute({ ...open, from: [] }, 0, (to) => to);
  const why = mismatch(compiled, { source: '', called: number, site: undefined, at: undefined });
  return { rule: name, outcome: why ?? compiled.chosen };
}

/** What a trunk is told; undefined when there is no such trunk. */
export function askTrunk(
  configuration: Pick<Configuration, 'trunks' | 'groups'>,
  name: string,
  number: string,
  caller: string,
): { readonly told: PlannedTrunk; readonly decisions: readonly RuleOutcome[] } | undefined {
  const trunk = configuration.trunks.find((one) => one.name === name);
  if (!trunk) return undefined;
  const decisions: RuleOutcome[] = [];
  const numbers = { number, changed: false, caller, callerId: undefined };
  return { told: new Targets(configuration).told(trunk, numbers, undefined, decisions), decisions };
}

/** What holds for a user, and where from it comes. */
export interface UserRights {
  readonly user: User;
  readonly dialPlan: string | undefined;
  readonly policy: VoicePolicy | undefined;
  /** `user`, a site's name, or `global`. */
  readonly policyFrom: string;
}

/** Undefined when there is no such user. */
export function askUser(configuration: Configuration, name: string): UserRights | undefined {
  const { users = [], sites = [], policies = [] } = configuration;
  const user = users.find((one) => one.name === name);
  if (!user) return undefined;
  const site = sites.find((one) => one.name === user.site);
  const policy = user.policy ?? site?.policy ?? globalPolicy;
  return {
    user,
    dialPlan: new DialPlans(configuration).planOf({ user, site }),
    policy: policies.find((one) => one.name === policy),
    policyFrom: user.policy !== undefined ? 'user' : site?.policy !== undefined ? `site ${site.name}` : globalPolicy,
  };
}

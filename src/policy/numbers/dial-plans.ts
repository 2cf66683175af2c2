import type { Configuration, DialPlan, Trunk, User } from '#policy/configuration';
import { NumberRules, type Rewritten } from './number-rules.ts';

/** The plan of those who have no other. */
const globalPlan = 'global';

/** Whose plan it is: the caller's own, else that of the trunk, else of the site, else `global`. */
export interface DialPlanHolder {
  readonly user?: Pick<User, 'dialPlan'> | undefined;
  readonly trunk?: Pick<Trunk, 'dialPlan'> | undefined;
  readonly site?: { readonly dialPlan?: string } | undefined;
}

/** A number as routing knows it, the plan and rule that made it so. */
export interface Normalised extends Rewritten {
  readonly plan: string;
}

/** How what is dialled becomes a number that routing knows: rules by plan. */
export class DialPlans {
  readonly #plans: ReadonlyMap<string, { readonly rules: NumberRules; readonly accessPrefix: string | undefined }>;

  constructor({ dialPlans = [] }: Pick<Configuration, 'dialPlans'>) {
    const compiled = (plan: DialPlan) => ({ rules: new NumberRules(plan.rules), accessPrefix: plan.accessPrefix });
    this.#plans = new Map(dialPlans.map((plan) => [plan.name, compiled(plan)]));
  }

  /** The name of the plan that holds for somebody; undefined when there is none. */
  planOf({ user, trunk, site }: DialPlanHolder): string | undefined {
    const name = user?.dialPlan ?? trunk?.dialPlan ?? site?.dialPlan ?? globalPlan;
    return this.#plans.has(name) ? name : undefined;
  }

  /** What somebody dials before a number outside. */
  accessPrefixOf(holder: DialPlanHolder): string | undefined {
    const name = this.planOf(holder);
    return name === undefined ? undefined : this.#plans.get(name)?.accessPrefix;
  }

  /** Undefined when no rule fits: the number then is as it was dialled. */
  normalise(dialled: string, holder: DialPlanHolder): Normalised | undefined {
    const name = this.planOf(holder);
    const plan = name === undefined ? undefined : this.#plans.get(name);
    if (name === undefined || !plan) return undefined;
    const { rules, accessPrefix } = plan;
    const direct = rules.apply(dialled);
    if (direct) return { ...direct, plan: name };
    if (accessPrefix === undefined || !dialled.startsWith(accessPrefix)) return undefined;
    const outside = dialled.slice(accessPrefix.length);
    const rewritten = rules.apply(outside);
    if (rewritten) return { ...rewritten, plan: name };
    return outside.startsWith('+') ? { number: outside, rule: `access prefix ${accessPrefix}`, plan: name } : undefined;
  }
}

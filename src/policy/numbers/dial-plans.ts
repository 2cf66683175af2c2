import type { Configuration, DialPlan, Trunk, User } from '#policy/configuration';
import { NumberRules, type Rewritten } from './number-rules.ts';

/** The plan of those who have no other. */
const globalPlan = 'global';

/** Whose plan it is: the caller's own, else that of the trunk, else of the site, else `global`. */
export interface DialPlanHolder {
  readonly user?: Pick<User, 'dialPlan'> | undefined;
  readonly trunk?: Pick<Trunk, 'dialPlan' | 'kind'> | undefined;
  readonly site?: { readonly dialPlan?: string } | undefined;
}

/** A number as routing knows it, the plan and rule that made it so. */
export interface Normalised extends Rewritten {
  readonly plan: string;
  /** What came off before the rule was asked. */
  readonly prefix?: string;
}

/** Rules to be asked about a number. */
export interface Reading {
  readonly number: string;
  readonly rules: NumberRules;
  /** What has come off the number. */
  readonly prefix?: string;
}

/** Undefined when no rule fits. What is whole behind a prefix needs none. */
export function rewritten({ number, rules, prefix }: Reading): Rewritten | undefined {
  const isWhole = prefix !== undefined && number.startsWith('+');
  return rules.apply(number) ?? (isWhole ? { number, rule: 'as it is' } : undefined);
}

/** A plan, ready to be asked. */
class CompiledPlan {
  readonly accessPrefix: string | undefined;
  readonly #all: NumberRules;
  /** For numbers within, which no prefix stands before. */
  readonly #internal: NumberRules;
  /** For numbers outside. */
  readonly #others: NumberRules;

  constructor({ rules, accessPrefix }: DialPlan) {
    this.accessPrefix = accessPrefix;
    this.#all = new NumberRules(rules);
    this.#internal = new NumberRules(rules.filter(({ internal }) => internal));
    this.#others = new NumberRules(rules.filter(({ internal }) => !internal));
  }

  /**
   * Who dials for a line outside means what comes behind it, whatever the whole would mean: "0 030 123456" is no number of Greece. But
   * "0123" may be an extension, which a rule says that is `internal`; and what no rule knows behind the prefix was dialled without
   * one, as a phone does that has it from a list.
   */
  readings(dialled: string, mayHavePrefix: boolean): readonly Reading[] {
    const { accessPrefix: prefix } = this;
    if (!mayHavePrefix || !prefix || !dialled.startsWith(prefix) || dialled.length === prefix.length)
      return [{ number: dialled, rules: this.#all }];
    return [
      { number: dialled, rules: this.#internal },
      { number: dialled.slice(prefix.length), rules: this.#others, prefix },
      { number: dialled, rules: this.#others },
    ];
  }
}

/** How what is dialled becomes a number that routing knows: rules by plan. */
export class DialPlans {
  readonly #plans: ReadonlyMap<string, CompiledPlan>;

  constructor({ dialPlans = [] }: Pick<Configuration, 'dialPlans'>) {
    this.#plans = new Map(dialPlans.map((plan) => [plan.name, new CompiledPlan(plan)]));
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

  /** What the rules are asked, in order. */
  readings(dialled: string, holder: DialPlanHolder): readonly Reading[] {
    const name = this.planOf(holder);
    const plan = name === undefined ? undefined : this.#plans.get(name);
    // People dial for a line outside. What comes by one has its number alone, and "0" there begins that of another city.
    return plan?.readings(dialled, !holder.trunk || holder.trunk.kind === 'ip-pbx') ?? [];
  }

  /** Undefined when no rule fits: the number then is as it was dialled. */
  normalise(dialled: string, holder: DialPlanHolder): Normalised | undefined {
    const plan = this.planOf(holder);
    if (plan === undefined) return undefined;
    for (const reading of this.readings(dialled, holder)) {
      const made = rewritten(reading);
      if (made) return { ...made, plan, ...(reading.prefix !== undefined && { prefix: reading.prefix }) };
    }
    return undefined;
  }
}

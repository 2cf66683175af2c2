import type { Configuration, Trunk } from '#policy/configuration';
import { Groups, type GroupView } from '#policy/groups';
import { NumberRules } from '#policy/numbers';
import type { CompiledRoute } from './compiled-route.ts';
import { Prices } from './prices.ts';
import type { RuleOutcome } from './rule-outcome.ts';

/** A trunk to be tried, and what it is told. */
export interface PlannedTrunk {
  readonly trunk: Trunk;
  /** As the trunk writes numbers; absent: as it was dialled. */
  readonly called?: string;
  /** In place of the caller's own number. `masks`: nothing else is to tell who calls. */
  readonly caller?: { readonly number: string; readonly masks: boolean };
}

/** The numbers of a call, before a trunk's own way to write them. */
export interface Numbers {
  readonly number: string;
  /** It is not what was dialled. */
  readonly changed: boolean;
  readonly caller: string;
  /** Whoever calls is known by this one. */
  readonly callerId: string | undefined;
}

/** The trunks of routes: which, in what order, and what each is told. */
export class Targets {
  readonly #trunks: ReadonlyMap<string, Trunk>;
  readonly #groups: Groups;
  readonly #prices: Prices;
  readonly #rules = new Map<string, { readonly called: NumberRules; readonly calling: NumberRules }>();

  constructor(configuration: Pick<Configuration, 'trunks' | 'groups'>) {
    const { trunks } = configuration;
    this.#trunks = new Map(trunks.map((trunk) => [trunk.name, trunk]));
    this.#groups = new Groups(configuration);
    this.#prices = new Prices(trunks);
    for (const { name, numbers } of trunks)
      if (numbers)
        this.#rules.set(name, { called: new NumberRules(numbers.called), calling: new NumberRules(numbers.calling) });
  }

  /** A trunk, or the name of a group. */
  named(name: string): Trunk | string | undefined {
    return this.#trunks.get(name) ?? (this.#groups.has(name) ? name : undefined);
  }

  /** Those of routes, each once. */
  of(
    found: readonly CompiledRoute[],
    numbers: Numbers,
    view: GroupView,
    decisions: RuleOutcome[],
  ): readonly PlannedTrunk[] {
    const planned = new Map<Trunk, PlannedTrunk>();
    for (const compiled of found) {
      const { route } = compiled;
      const trunks = compiled.trunks ?? this.#chosen(compiled.to, view, decisions);
      const ordered = route.choice === 'least-cost' ? this.#cheapest(trunks, numbers.number, decisions) : trunks;
      const callerId = numbers.callerId ?? route.callerId;
      for (const trunk of ordered)
        if (!planned.has(trunk)) planned.set(trunk, this.told(trunk, numbers, callerId, decisions));
    }
    return [...planned.values()];
  }

  /** Those that somebody outside has named, who may know others than we. */
  directed(
    to: readonly { readonly target: string; readonly called?: string }[],
    numbers: Numbers,
    view: GroupView,
    decisions: RuleOutcome[],
  ): readonly PlannedTrunk[] {
    const planned = new Map<Trunk, PlannedTrunk>();
    for (const { target, called } of to) {
      const one = this.named(target);
      if (one === undefined) decisions.push({ rule: target, outcome: 'passed over: there is no such trunk or group' });
      for (const trunk of one === undefined ? [] : this.#chosen([one], view, decisions)) {
        if (planned.has(trunk)) continue;
        const told = this.told(trunk, numbers, numbers.callerId, decisions);
        planned.set(trunk, called === undefined ? told : { ...told, called });
      }
    }
    return [...planned.values()];
  }

  /** What a trunk is told. */
  told(
    trunk: Trunk,
    { number, changed, caller }: Numbers,
    callerId: string | undefined,
    decisions: RuleOutcome[],
  ): PlannedTrunk {
    const rules = this.#rules.get(trunk.name);
    const called = rules?.called.apply(number);
    const from = callerId ?? caller;
    const calling = from === '' ? undefined : rules?.calling.apply(from);
    if (called)
      decisions.push({ rule: `trunk ${trunk.name}`, outcome: `${called.rule}: ${number} is written ${called.number}` });
    if (callerId !== undefined) decisions.push({ rule: `trunk ${trunk.name}`, outcome: `the caller is ${callerId}` });
    if (calling)
      decisions.push({
        rule: `trunk ${trunk.name}`,
        outcome: `${calling.rule}: caller ${from} is written ${calling.number}`,
      });
    const written = called?.number ?? (changed ? number : undefined);
    const by = calling?.number ?? callerId;
    return {
      trunk,
      ...(written === undefined ? {} : { called: written }),
      ...(by === undefined ? {} : { caller: { number: by, masks: callerId !== undefined } }),
    };
  }

  #cheapest(trunks: readonly Trunk[], number: string, decisions: RuleOutcome[]): readonly Trunk[] {
    const order = this.#prices.order(trunks, number);
    const names = order.map(({ trunk, price }) => `${trunk.name} (${price === undefined ? 'no price' : price})`);
    decisions.push({ rule: 'least cost', outcome: names.join(', ') });
    return order.map(({ trunk }) => trunk);
  }

  #chosen(to: readonly (Trunk | string)[], view: GroupView, decisions: RuleOutcome[]): readonly Trunk[] {
    const trunks = new Set<Trunk>();
    for (const each of to) {
      if (typeof each !== 'string') {
        trunks.add(each);
        continue;
      }
      const choice = this.#groups.choice(each);
      const order = this.#groups.order(each, view);
      const names = order.map(({ name, capacity }) =>
        choice === 'least-busy'
          ? `${name} (${view.count(name)}${capacity.calls === undefined ? '' : ` of ${capacity.calls}`})`
          : name,
      );
      decisions.push({ rule: `group ${each}`, outcome: `${choice}: ${names.join(', ')}` });
      for (const trunk of order) trunks.add(trunk);
    }
    return [...trunks];
  }
}

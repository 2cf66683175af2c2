import type { Configuration, Site, Trunk, User, VoicePolicy } from '#policy/configuration';
import { Groups, type GroupView, stillView } from '#policy/groups';
import { type End, hasLocationRules, obstacle, Whereabouts } from '#policy/location';
import { DialPlans, NumberRules } from '#policy/numbers';
import { type CompiledRoute, compileRoute, mismatch, type RoutedCall } from './compiled-route.ts';
import { Directory } from './directory.ts';
import { Prices } from './prices.ts';
import { RouteList } from './route-list.ts';

/** What routing knows of a call. */
export interface CallFacts {
  /** Name of the trunk it came by, or of the user who makes it. */
  readonly source: string;
  /** Who calls, as the source says it; '' when nobody is named. */
  readonly caller?: string;
  /** As it was dialled, or came. */
  readonly called: string;
  /** Unix ms. Absent: routes hold whatever the time. */
  readonly at?: number;
  /** Where who calls is, and at which site; where he belongs unless given. `site` undefined: at none that is known. */
  readonly here?: { readonly site: string | undefined };
  /** Who is to talk, where that is not who calls for him (a transfer): location rules look at him. */
  readonly talker?: { readonly source: string; readonly site: string | undefined };
  /** Whoever has the number can't be reached within: it is called by the routes. */
  readonly outside?: boolean;
}

/** One rule tried and what came of it: a line of the decision trace. */
export interface RuleOutcome {
  readonly rule: string;
  readonly outcome: string;
}

/** A trunk to be tried, and what it is told. */
export interface PlannedTrunk {
  readonly trunk: Trunk;
  /** As the trunk writes numbers; absent: as it was dialled. */
  readonly called?: string;
  /** In place of the caller's own number. `masks`: nothing else is to tell who calls. */
  readonly caller?: { readonly number: string; readonly masks: boolean };
}

export interface RoutePlan {
  /** Undefined when no route matches. */
  readonly route: string | undefined;
  /** In the order in which they are to be tried, each once. */
  readonly trunks: readonly PlannedTrunk[];
  /** Whose number it is: that one is called, and no route is asked. */
  readonly user?: User;
  /** The caller is refused with this status. */
  readonly refuse?: number;
  /** The number as routing knows it. */
  readonly number: string;
  readonly decisions: readonly RuleOutcome[];
}

/** What a caller gets who is not where a trunk might be used from. */
const notHere = 403;

/** The policy of those who have no other. */
export const globalPolicy = 'global';

/** The routing core: a pure function of configuration, live view and call facts, so that a dry run is the real thing. */
export class Router {
  readonly #trunks: ReadonlyMap<string, Trunk>;
  readonly #groups: Groups;
  readonly #plans: DialPlans;
  readonly directory: Directory;
  readonly whereabouts: Whereabouts;
  readonly #isLocal: boolean;
  readonly #policies: ReadonlyMap<string, VoicePolicy>;
  /** Routes without usages, in order. */
  readonly #open: RouteList;
  /** Those of each usage, by priority, then in order. */
  readonly #usages: ReadonlyMap<string, RouteList>;
  readonly #prices: Prices;
  readonly #rules = new Map<string, { readonly called: NumberRules; readonly calling: NumberRules }>();

  constructor(configuration: Pick<Configuration, 'trunks' | 'groups' | 'routes'> & Partial<Configuration>) {
    const { trunks, routes, policies = [] } = configuration;
    this.#trunks = new Map(trunks.map((trunk) => [trunk.name, trunk]));
    this.#groups = new Groups(configuration);
    this.#plans = new DialPlans(configuration);
    this.directory = new Directory(configuration);
    this.whereabouts = new Whereabouts(configuration);
    this.#isLocal = hasLocationRules(configuration);
    this.#policies = new Map(policies.map((policy) => [policy.name, policy]));
    this.#prices = new Prices(trunks);
    const target = (name: string) => this.#trunks.get(name) ?? (this.#groups.has(name) ? name : undefined);
    const compiled = routes.map((route, position) => compileRoute(route, position, target));
    this.#open = new RouteList(compiled.filter(({ route }) => !route.usages));
    this.#usages = listsByUsage(compiled);
    for (const { name, numbers } of trunks)
      if (numbers)
        this.#rules.set(name, { called: new NumberRules(numbers.called), calling: new NumberRules(numbers.calling) });
  }

  /** `view`: what the order of groups depends on; without one they stand as if no call had come before. */
  plan(facts: CallFacts, view: GroupView = stillView): RoutePlan {
    const { source, caller = '', at } = facts;
    const decisions: RuleOutcome[] = [];
    const trunk = this.#trunks.get(source);
    const user = trunk ? undefined : this.directory.named(source);
    const { whereabouts } = this;
    const home = user ? whereabouts.named(user.site) : trunk && whereabouts.ofTrunk(trunk);
    const here = facts.here ? whereabouts.named(facts.here.site) : home;
    // Who is on the road dials, and may call, as he does at home.
    const site = here ?? home;
    const number = this.#normalised(facts.called, { user, trunk, site }, decisions);
    const whose = facts.outside ? undefined : this.directory.find(number);
    if (whose) {
      decisions.push({ rule: 'directory', outcome: `${number} is ${whose.name}` });
      return { route: undefined, trunks: [], user: whose, number, decisions };
    }
    const call: RoutedCall = { source, called: number, site: here?.name, at };
    const usages = trunk ? trunk.usages : this.#usagesOf(user, site, decisions);
    const own = usages ? this.#byUsages(usages, call, decisions) : this.#byOrder(call, decisions);
    const found = this.#isLocal ? this.#bySite(own, this.#talker(facts, here), call, decisions) : own;
    const [first] = found;
    if (!first) return { route: undefined, trunks: [], number, decisions };
    if (first.route.refuse !== undefined)
      return { route: first.route.name, trunks: [], refuse: first.route.refuse, number, decisions };
    const dialled = { number, changed: number !== facts.called, caller };
    const targets = this.#targets(found, dialled, view, decisions);
    const trunks = this.#isLocal ? this.#joinable(targets, this.#talker(facts, here), decisions) : targets;
    const refuse = targets.length > 0 && trunks.length === 0 ? { refuse: notHere } : {};
    return { route: first.route.name, trunks, ...refuse, number, decisions };
  }

  /** The policy that holds for a user: his own, else that of his site, else that of all. */
  policyOf({ policy, site }: User): VoicePolicy | undefined {
    return this.#policies.get(policy ?? this.whereabouts.named(site)?.policy ?? globalPolicy);
  }

  /** Where somebody is who calls or is called: a trunk, or the one that stands for a user, who speaks from `address`. */
  placeOf(trunk: Trunk, address: string | undefined): End {
    return { trunk, site: this.whereabouts.of(trunk, address) };
  }

  #talker({ source, talker }: CallFacts, here: Site | undefined): End {
    const name = talker?.source ?? source;
    const trunk = this.#trunks.get(name) ?? ({ name, kind: 'ip-pbx' } as const);
    return { trunk, site: talker ? this.whereabouts.named(talker.site) : here };
  }

  /** Who may not go round tolls calls as the site says where he is, what his own policy lets him call. */
  #bySite(
    own: readonly CompiledRoute[],
    { trunk: { name }, site }: End,
    call: RoutedCall,
    decisions: RuleOutcome[],
  ): readonly CompiledRoute[] {
    const local = site?.localPolicy === undefined ? undefined : this.#policies.get(site.localPolicy);
    const user = this.#trunks.has(name) ? undefined : this.directory.named(name);
    if (own.length === 0 || !local || !user || this.policyOf(user)?.features['toll-bypass'] !== false) return own;
    decisions.push({ rule: `policy ${local.name}`, outcome: `says how calls leave from ${site!.name}` });
    return this.#byUsages(local.usages, call, decisions);
  }

  /** Those that may be joined with who talks. */
  #joinable(targets: readonly PlannedTrunk[], talker: End, decisions: RuleOutcome[]): readonly PlannedTrunk[] {
    return targets.filter(({ trunk }) => {
      const why = obstacle(talker, { trunk, site: this.whereabouts.ofTrunk(trunk) });
      if (why !== undefined) decisions.push({ rule: `trunk ${trunk.name}`, outcome: `left out: ${why}` });
      return why === undefined;
    });
  }

  #normalised(dialled: string, holder: Parameters<DialPlans['normalise']>[1], decisions: RuleOutcome[]): string {
    const plan = this.#plans.planOf(holder);
    if (plan === undefined) return dialled;
    const normalised = this.#plans.normalise(dialled, holder);
    if (!normalised) {
      decisions.push({ rule: `dial plan ${plan}`, outcome: `no rule fits ${dialled}: it stays as it is` });
      return dialled;
    }
    const { number, rule } = normalised;
    decisions.push({ rule: `dial plan ${plan}`, outcome: `${rule}: ${dialled} is ${number}` });
    return number;
  }

  /** Undefined when nobody has a policy: the routes without usages serve. */
  #usagesOf(
    user: User | undefined,
    site: { readonly policy?: string } | undefined,
    decisions: RuleOutcome[],
  ): readonly string[] | undefined {
    const name = user?.policy ?? site?.policy ?? globalPolicy;
    const policy = this.#policies.get(name);
    if (!policy) return undefined;
    decisions.push({
      rule: `policy ${name}`,
      outcome: policy.usages.length === 0 ? 'lets call nobody' : `lets call ${policy.usages.join(', ')}`,
    });
    return policy.usages;
  }

  /** The first route that takes the call. */
  #byOrder(call: RoutedCall, decisions: RuleOutcome[]): readonly CompiledRoute[] {
    for (const compiled of this.#open.candidates(call.called)) {
      const reason = mismatch(compiled, call);
      decisions.push({ rule: compiled.route.name, outcome: reason ?? compiled.chosen });
      if (reason === undefined) return [compiled];
    }
    return [];
  }

  /** All routes that take the call, usage by usage: those of later ones are where it goes when earlier ones fail. */
  #byUsages(usages: readonly string[], call: RoutedCall, decisions: RuleOutcome[]): readonly CompiledRoute[] {
    const found = new Set<CompiledRoute>();
    for (const usage of usages) {
      for (const compiled of this.#usages.get(usage)?.candidates(call.called) ?? []) {
        if (found.has(compiled)) continue;
        const reason = mismatch(compiled, call);
        decisions.push({ rule: `${usage} / ${compiled.route.name}`, outcome: reason ?? compiled.chosen });
        if (reason === undefined) found.add(compiled);
      }
    }
    return [...found];
  }

  #targets(
    found: readonly CompiledRoute[],
    dialled: { readonly number: string; readonly changed: boolean; readonly caller: string },
    view: GroupView,
    decisions: RuleOutcome[],
  ): readonly PlannedTrunk[] {
    const planned = new Map<Trunk, PlannedTrunk>();
    for (const compiled of found) {
      const { route } = compiled;
      const trunks = compiled.trunks ?? this.#chosen(compiled.to, view, decisions);
      const ordered = route.choice === 'least-cost' ? this.#cheapest(trunks, dialled.number, decisions) : trunks;
      for (const trunk of ordered)
        if (!planned.has(trunk)) planned.set(trunk, this.#told(trunk, dialled, route.callerId, decisions));
    }
    return [...planned.values()];
  }

  #cheapest(trunks: readonly Trunk[], number: string, decisions: RuleOutcome[]): readonly Trunk[] {
    const order = this.#prices.order(trunks, number);
    const names = order.map(({ trunk, price }) => `${trunk.name} (${price === undefined ? 'no price' : price})`);
    decisions.push({ rule: 'least cost', outcome: names.join(', ') });
    return order.map(({ trunk }) => trunk);
  }

  /** The numbers as a trunk is told them. */
  #told(
    trunk: Trunk,
    { number, changed, caller }: { readonly number: string; readonly changed: boolean; readonly caller: string },
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

function listsByUsage(compiled: readonly CompiledRoute[]): ReadonlyMap<string, RouteList> {
  const lists = new Map<string, CompiledRoute[]>();
  for (const one of compiled)
    for (const usage of one.route.usages ?? []) {
      const list = lists.get(usage);
      if (list) list.push(one);
      else lists.set(usage, [one]);
    }
  const priority = ({ route }: CompiledRoute) => route.priority ?? 0;
  return new Map(
    [...lists].map(([usage, list]) => [
      usage,
      new RouteList(list.sort((one, other) => priority(one) - priority(other) || one.position - other.position)),
    ]),
  );
}

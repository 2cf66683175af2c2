import type { Configuration, Site, Trunk, User, VoicePolicy } from '#policy/configuration';
import { type GroupView, stillView } from '#policy/groups';
import { type End, hasLocationRules, obstacle, Whereabouts } from '#policy/location';
import { DialPlans } from '#policy/numbers';
import { type CompiledRoute, compileRoute, mismatch, type RoutedCall } from './compiled-route.ts';
import { Directory } from './directory.ts';
import { RouteList } from './route-list.ts';
import type { RuleOutcome } from './rule-outcome.ts';
import { type Numbers, type PlannedTrunk, Targets } from './targets.ts';

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
  /** It goes to a mailbox, and nobody talks: on a PBX that is, wherever that stands. */
  readonly deposit?: boolean;
  /** What somebody outside has said of the call, who was asked. */
  readonly decided?: Directive;
}

/** Where a call is to go by who was asked about it. What may not be joined stays apart, whoever says so. */
export interface Directive {
  /** Who says so: a name for the trace, and for the route. */
  readonly by: string;
  /** Lines of the trace: who was asked, and what was said. */
  readonly heard: readonly RuleOutcome[];
  /** In place of the number. */
  readonly called?: string;
  /** Who the trunks are told calls. */
  readonly caller?: string;
  /** Trunks and groups in order; absent: the routes say. `called`: what it is told, whatever its rules for numbers. */
  readonly to?: readonly { readonly target: string; readonly called?: string }[];
  /** The status that the caller gets. */
  readonly refuse?: number;
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
  readonly #plans: DialPlans;
  readonly directory: Directory;
  readonly whereabouts: Whereabouts;
  readonly #isLocal: boolean;
  readonly #policies: ReadonlyMap<string, VoicePolicy>;
  /** Routes without usages, in order. */
  readonly #open: RouteList;
  /** Those of each usage, by priority, then in order. */
  readonly #usages: ReadonlyMap<string, RouteList>;
  readonly #targets: Targets;

  constructor(configuration: Pick<Configuration, 'trunks' | 'groups' | 'routes'> & Partial<Configuration>) {
    const { trunks, routes, policies = [] } = configuration;
    this.#trunks = new Map(trunks.map((trunk) => [trunk.name, trunk]));
    this.#targets = new Targets(configuration);
    this.#plans = new DialPlans(configuration);
    this.directory = new Directory(configuration);
    this.whereabouts = new Whereabouts(configuration);
    this.#isLocal = hasLocationRules(configuration);
    this.#policies = new Map(policies.map((policy) => [policy.name, policy]));
    const target = (name: string) => this.#targets.named(name);
    const compiled = routes.map((route, position) => compileRoute(route, position, target));
    this.#open = new RouteList(compiled.filter(({ route }) => !route.usages));
    this.#usages = listsByUsage(compiled);
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
    const { decided } = facts;
    const dialled = this.#normalised(facts.called, { user, trunk, site }, decisions);
    if (decided) decisions.push(...decided.heard);
    const number = decided?.called ?? dialled;
    if (decided?.refuse !== undefined)
      return { route: decided.by, trunks: [], refuse: decided.refuse, number, decisions };
    const whose = facts.outside ? undefined : this.directory.find(number);
    if (whose) {
      decisions.push({ rule: 'directory', outcome: `${number} is ${whose.name}` });
      return { route: undefined, trunks: [], user: whose, number, decisions };
    }
    const numbers: Numbers = { number, changed: number !== facts.called, caller, callerId: decided?.caller };
    const call: RoutedCall = { source, called: number, site: here?.name, at };
    const local = this.#isLocal ? this.#localPolicy(this.#talker(facts, here)) : undefined;
    if (decided?.to && local) {
      decisions.push({ rule: decided.by, outcome: `not heeded: policy ${local.name} says how calls leave from here` });
    } else if (decided?.to) {
      const targets = this.#targets.directed(decided.to, numbers, view, decisions);
      if (targets.length > 0) return this.#joined(decided.by, targets, facts, here, number, decisions);
    }
    const usages = trunk ? trunk.usages : this.#usagesOf(user, site, decisions);
    const own = usages ? this.#byUsages(usages, call, decisions) : this.#byOrder(call, decisions);
    const found = local && own.length > 0 ? this.#bySite(local, call, decisions) : own;
    const [first] = found;
    if (!first) return { route: undefined, trunks: [], number, decisions };
    if (first.route.refuse !== undefined)
      return { route: first.route.name, trunks: [], refuse: first.route.refuse, number, decisions };
    const targets = this.#targets.of(found, numbers, view, decisions);
    return this.#joined(first.route.name, targets, facts, here, number, decisions);
  }

  #joined(
    route: string,
    targets: readonly PlannedTrunk[],
    facts: CallFacts,
    here: Site | undefined,
    number: string,
    decisions: RuleOutcome[],
  ): RoutePlan {
    const trunks = this.#isLocal ? this.#joinable(targets, facts, here, decisions) : targets;
    const refuse = targets.length > 0 && trunks.length === 0 ? { refuse: notHere } : {};
    return { route, trunks, ...refuse, number, decisions };
  }

  /** By the policy that holds for a user: his own, else that of his site, else that of all. */
  #isBound({ policy, site }: User): boolean {
    const held = this.#policies.get(policy ?? this.whereabouts.named(site)?.policy ?? globalPolicy);
    return held?.features['toll-bypass'] === false;
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

  /** The policy by which who talks calls instead of by his own: he may not go round tolls, and the site where he is has one. */
  #localPolicy({ trunk: { name }, site }: End): VoicePolicy | undefined {
    const local = site?.localPolicy === undefined ? undefined : this.#policies.get(site.localPolicy);
    const user = local && !this.#trunks.has(name) ? this.directory.named(name) : undefined;
    return user && this.#isBound(user) ? local : undefined;
  }

  #bySite(local: VoicePolicy, call: RoutedCall, decisions: RuleOutcome[]): readonly CompiledRoute[] {
    decisions.push({ rule: `policy ${local.name}`, outcome: `says how calls leave from ${call.site}` });
    return this.#byUsages(local.usages, call, decisions);
  }

  /** Those that may be joined with who talks. */
  #joinable(
    targets: readonly PlannedTrunk[],
    facts: CallFacts,
    here: Site | undefined,
    decisions: RuleOutcome[],
  ): readonly PlannedTrunk[] {
    const talker = this.#talker(facts, here);
    return targets.filter(({ trunk }) => {
      if (facts.deposit && trunk.kind === 'ip-pbx') return true;
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

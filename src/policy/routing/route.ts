import type { Configuration, Site, Trunk, User, VoicePolicy } from '#policy/configuration';
import { type GroupView, stillView } from '#policy/groups';
import { type End, hasLocationRules, obstacle, Whereabouts } from '#policy/location';
import { DialPlans } from '#policy/numbers';
import { type CompiledRoute, compileRoute, mismatch, type RoutedCall } from './compiled-route.ts';
import { Directory } from './directory.ts';
import { disabledNow } from './disabled.ts';
import { beyondRights, nearMisses, ruleName } from './near-miss.ts';
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
  /** Who sends it here has asked the rules of location, of whom he alone knows where he is. */
  readonly placed?: boolean;
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
  /** The caller is refused with this status; without a route by his rights. */
  readonly refuse?: number;
  /** The number as routing knows it. */
  readonly number: string;
  readonly decisions: readonly RuleOutcome[];
  /** By what it was decided, beside the route; absent where no rule was asked. */
  readonly basis?: RouteBasis;
}

/** Whose call it is, where he is, and by which rules of his it was decided. */
export interface RouteBasis {
  readonly user?: string;
  readonly site?: string;
  readonly dialPlan?: string;
  readonly policy?: string;
  /** All that the policy, or the trunk, has; the one of the route comes in `usage`. */
  readonly usages?: readonly string[];
  /** The class in which the route was found. */
  readonly usage?: string;
}

/** A route that takes the call, and the class in which it was found. */
interface Found {
  readonly compiled: CompiledRoute;
  readonly usage?: string;
}

/** What a caller gets who may not call the number, or not from where he is. */
const forbidden = 403;
/** Where all that could take the call is disabled: another time it may be taken. */
const notNow = 503;

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
    const { source, caller = '', at, decided } = facts;
    const decisions: RuleOutcome[] = [];
    const trunk = this.#trunks.get(source);
    const user = trunk ? undefined : this.directory.named(source);
    const { whereabouts } = this;
    const home = user ? whereabouts.named(user.site) : trunk && whereabouts.ofTrunk(trunk);
    const here = facts.here ? whereabouts.named(facts.here.site) : home;
    // Who is on the road dials, and may call, as he does at home.
    const site = here ?? home;
    const dialPlan = this.#plans.planOf({ user, trunk, site });
    const dialled = this.#normalised(facts.called, { user, trunk, site }, decisions);
    if (decided) decisions.push(...decided.heard);
    const number = decided?.called ?? dialled;
    const policy = trunk ? undefined : this.#policies.get(user?.policy ?? site?.policy ?? globalPolicy);
    const usages = trunk ? trunk.usages : policy?.usages;
    const basis: RouteBasis = {
      ...(user && { user: user.name }),
      ...(here && { site: here.name }),
      ...(dialPlan !== undefined && { dialPlan }),
      ...(policy && { policy: policy.name }),
      ...(usages && { usages }),
    };
    const ends = { trunks: [], number, decisions, basis };
    const off = disabledNow(trunk?.disabled, at);
    if (off !== undefined) {
      decisions.push({ rule: `trunk ${source}`, outcome: `takes no calls: ${off}` });
      return { ...ends, route: undefined, refuse: notNow };
    }
    if (decided?.refuse !== undefined) return { ...ends, route: decided.by, refuse: decided.refuse };
    const whose = facts.outside ? undefined : this.directory.find(number);
    if (whose) {
      decisions.push({ rule: 'directory', outcome: `${number} is ${whose.name}` });
      return { ...ends, route: undefined, user: whose };
    }
    const numbers: Numbers = { number, changed: number !== facts.called, caller, callerId: decided?.caller };
    const call: RoutedCall = { source, called: number, site: here?.name, at };
    const talker = this.#isLocal ? this.#talker(facts, here) : undefined;
    const local = talker && this.#localPolicy(talker);
    if (decided?.to && local) {
      decisions.push({ rule: decided.by, outcome: `not heeded: policy ${local.name} says how calls leave from here` });
    } else if (decided?.to) {
      const targets = this.#targets.directed(decided.to, numbers, view, decisions);
      const serving = enabled(targets, at, decisions);
      const trunks = this.#joinable(serving, facts, here, decisions);
      if (targets.length > 0) return { ...ends, route: decided.by, trunks, ...refusedHere(targets, serving, trunks) };
    }
    if (policy) decisions.push({ rule: `policy ${policy.name}`, outcome: rightsOf(policy.usages) });
    else if (usages?.length === 0) decisions.push({ rule: `trunk ${source}`, outcome: rightsOf(usages) });
    const own = usages ? this.#byUsages(usages, call, decisions) : this.#byOrder(call, decisions);
    const isBeyond = own.length === 0 && this.#hint(usages, call, decisions);
    let found = local && own.length > 0 ? this.#bySite(local, talker?.site, call, decisions) : own;
    let refused: RoutePlan | undefined;
    for (let first = found[0]; first; first = found[0]) {
      const { route } = first.compiled;
      const by = first.usage === undefined ? basis : { ...basis, usage: first.usage };
      if (route.refuse !== undefined) return { ...ends, route: route.name, refuse: route.refuse, basis: by };
      const routes = found.map(({ compiled }) => compiled);
      const targets = this.#targets.of(routes, numbers, view, decisions);
      const serving = enabled(targets, at, decisions);
      const trunks = this.#joinable(serving, facts, here, decisions);
      const plan = { ...ends, route: route.name, trunks, ...refusedHere(targets, serving, trunks), basis: by };
      if (plan.refuse === undefined) return plan;
      refused ??= plan;
      // Usages have brought all their routes; without them the first that is left something takes the call.
      found = usages ? [] : this.#byOrder(call, decisions, first.compiled);
    }
    if (refused) return refused;
    // Who is outside learns no more than that there is no such number.
    const isOurs = !trunk || trunk.kind === 'ip-pbx';
    const mayNot = isOurs && (isBeyond || usages?.length === 0 || own.length > 0);
    return { ...ends, route: undefined, ...(mayNot && { refuse: forbidden }) };
  }

  /** What is missing for a route to take it. True: the right to call it. */
  #hint(usages: readonly string[] | undefined, call: RoutedCall, decisions: RuleOutcome[]): boolean {
    const listsOf = (names: Iterable<string>) =>
      [...names].flatMap((usage) => {
        const list = this.#usages.get(usage);
        return list ? [{ usage, list }] : [];
      });
    const others = [...this.#usages.keys()].filter((usage) => !usages?.includes(usage));
    const beyond = beyondRights(listsOf(others), call);
    if (beyond.length > 0) decisions.push(...beyond);
    else decisions.push(...nearMisses(usages ? listsOf(usages) : [{ list: this.#open }], call));
    return beyond.length > 0;
  }

  /** By the policy that holds for a user: his own, else that of his site, else that of all. */
  #isBound({ policy, site }: User): boolean {
    const held = this.#policies.get(policy ?? this.whereabouts.named(site)?.policy ?? globalPolicy);
    return held?.features['toll-bypass'] === false;
  }

  /** Where somebody is who calls or is called: a trunk, or the one that stands for a user, who speaks from `address`. */
  placeOf(trunk: Trunk, address: string | undefined): End {
    const site = this.whereabouts.of(trunk, address);
    const came = trunk.came === undefined ? undefined : this.#trunks.get(trunk.came);
    return came ? { trunk, site, beyond: { trunk: came, site: this.whereabouts.ofTrunk(came) } } : { trunk, site };
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

  #bySite(local: VoicePolicy, site: Site | undefined, call: RoutedCall, decisions: RuleOutcome[]): readonly Found[] {
    decisions.push({ rule: `policy ${local.name}`, outcome: `says how calls leave from ${site?.name}` });
    return this.#byUsages(local.usages, call, decisions);
  }

  /** Those that may be joined with who talks. */
  #joinable(
    targets: readonly PlannedTrunk[],
    facts: CallFacts,
    here: Site | undefined,
    decisions: RuleOutcome[],
  ): readonly PlannedTrunk[] {
    if (!this.#isLocal || facts.placed) return targets;
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
    const { number, rule, prefix } = normalised;
    const off = prefix === undefined ? '' : `access prefix ${prefix} off, `;
    decisions.push({ rule: `dial plan ${plan}`, outcome: `${off}${rule}: ${dialled} is ${number}` });
    return number;
  }

  /** The first route that takes the call; of those behind `last`, when that was of no use. */
  #byOrder(call: RoutedCall, decisions: RuleOutcome[], last?: CompiledRoute): readonly Found[] {
    const candidates = this.#open.candidates(call.called);
    for (const compiled of last ? candidates.slice(candidates.indexOf(last) + 1) : candidates) {
      const reason = mismatch(compiled, call);
      decisions.push({ rule: compiled.route.name, outcome: reason ?? compiled.chosen });
      if (reason === undefined) return [{ compiled }];
    }
    if (!last) passedOver('routes', this.#open, candidates, decisions);
    return [];
  }

  /** All routes that take the call, usage by usage: those of later ones are where it goes when earlier ones fail. */
  #byUsages(usages: readonly string[], call: RoutedCall, decisions: RuleOutcome[]): readonly Found[] {
    const found = new Map<CompiledRoute, Found>();
    for (const usage of usages) {
      const list = this.#usages.get(usage);
      if (!list) {
        decisions.push({ rule: usage, outcome: 'no: no route is of this usage' });
        continue;
      }
      const candidates = list.candidates(call.called);
      for (const compiled of candidates) {
        if (found.has(compiled)) continue;
        const reason = mismatch(compiled, call);
        decisions.push({ rule: ruleName(usage, compiled.route.name), outcome: reason ?? compiled.chosen });
        if (reason !== undefined) continue;
        // A refusal is the end of it: nothing that comes after is tried.
        if (compiled.route.refuse !== undefined) return found.size > 0 ? [...found.values()] : [{ compiled, usage }];
        found.set(compiled, { compiled, usage });
      }
      if (found.size === 0) passedOver(usage, list, candidates, decisions);
    }
    return [...found.values()];
  }
}

/** Of a long list only those are looked at that the number may fit. */
function passedOver(
  rule: string,
  { routes }: RouteList,
  candidates: readonly CompiledRoute[],
  decisions: RuleOutcome[],
): void {
  const count = routes.length - candidates.length;
  if (count > 0) decisions.push({ rule, outcome: `no: ${count} others are for numbers that begin in other ways` });
}

function rightsOf(usages: readonly string[]): string {
  return usages.length === 0 ? 'lets call nobody' : `lets call ${usages.join(', ')}`;
}

/** There are trunks, and none that may be used from where who talks is. */
function refusedHere(
  targets: readonly PlannedTrunk[],
  serving: readonly PlannedTrunk[],
  trunks: readonly PlannedTrunk[],
): { readonly refuse?: number } {
  if (targets.length === 0 || trunks.length > 0) return {};
  return { refuse: serving.length === 0 ? notNow : forbidden };
}

/** Those that are not disabled. */
function enabled(
  targets: readonly PlannedTrunk[],
  at: number | undefined,
  decisions: RuleOutcome[],
): readonly PlannedTrunk[] {
  if (targets.every(({ trunk }) => trunk.disabled === undefined)) return targets;
  return targets.filter(({ trunk }) => {
    const off = disabledNow(trunk.disabled, at);
    if (off !== undefined) decisions.push({ rule: `trunk ${trunk.name}`, outcome: `left out: ${off}` });
    return off === undefined;
  });
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

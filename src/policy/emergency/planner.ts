import { civicLine } from '#codec/pidf-lo';
import type { Configuration, Emergency, EmergencyScope, Location, Notify, Trunk } from '#policy/configuration';
import { Groups, type GroupView, stillView } from '#policy/groups';
import { DialPlans, NumberRules } from '#policy/numbers';
import type { PlannedTrunk, RuleOutcome } from '#policy/routing';
import { Elins } from './elins.ts';
import type { EmergencyNumbers } from './numbers.ts';
import { type Caller, type Place, Places } from './places.ts';
import { type Dialled, Scopes, type Whereabouts } from './scopes.ts';

/** What is known of a call, before anything has been made of its number. */
export interface EmergencyFacts extends Caller {
  /** As it was dialled, without separators and parameters. */
  readonly called: string;
  /** The Request-URI where it is no address but a service (RFC 5031). */
  readonly service?: string | undefined;
  /** The call tells itself where it comes from (RFC 6442): whoever sends it is believed, or it is better than nothing. */
  readonly brings: 'believed' | 'unverified' | undefined;
  /** Unix ms. */
  readonly at: number;
}

/** A trunk that is to be tried with a call for help. */
export interface EmergencyTrunk extends PlannedTrunk {
  readonly called: string;
  /** What it is told of the place: where that is, a number that stands for it, or nothing. */
  readonly conveys: 'location' | 'value' | 'elin' | 'nothing';
}

export interface EmergencyPlan {
  /** As trunks get it. */
  readonly number: string;
  /** Nobody is to be called. */
  readonly test: boolean;
  readonly place: Place;
  /** The caller is known by it where trunks are told so. */
  readonly elin?: string;
  /** In the order in which they are to be tried; a trunk may be there again with another number. */
  readonly trunks: readonly EmergencyTrunk[];
  /** Who is to hear of it. */
  readonly notify: readonly Notify[];
  readonly decisions: readonly RuleOutcome[];
}

/** Tries of one call for help (docs/limits.md): who is not helped by so many is not by more. */
const mostTries = 24;

/**
 * What is done with calls for help: a pure function of configuration, facts and the ELINs that are lent, so that trying it out is the
 * real thing. It asks no dial plan, policy, route, health, limit or location rule: none can come in between.
 */
export class EmergencyPlanner {
  readonly elins: Elins;
  readonly #scopes: Scopes;
  readonly #places: Places;
  readonly #plans: DialPlans;
  readonly #prefixes: readonly string[];
  readonly #groups: Groups;
  readonly #trunks: ReadonlyMap<string, Trunk>;
  readonly #rules = new Map<string, { readonly called: NumberRules; readonly calling: NumberRules }>();

  constructor(configuration: Configuration & { readonly emergency: Emergency }) {
    const { emergency, trunks, dialPlans = [] } = configuration;
    this.#scopes = new Scopes(configuration);
    this.elins = new Elins(emergency.callback);
    this.#places = new Places(configuration);
    this.#plans = new DialPlans(configuration);
    this.#prefixes = [...new Set(dialPlans.flatMap(({ accessPrefix }) => accessPrefix ?? []))];
    this.#groups = new Groups(configuration);
    this.#trunks = new Map(trunks.map((trunk) => [trunk.name, trunk]));
    for (const { name, numbers } of trunks)
      if (numbers)
        this.#rules.set(name, { called: new NumberRules(numbers.called), calling: new NumberRules(numbers.calling) });
  }

  /** Some number, somewhere, is one for help. */
  get knowsNumbers(): boolean {
    return this.#scopes.all.first !== '';
  }

  /** True when somebody somewhere would call for help by it: who calls, and by which plan, is not known yet. */
  mayBe(called: string, uri: string): boolean {
    const number = bareNumber(called);
    const { all } = this.#scopes;
    return (
      all.find(number) !== undefined ||
      this.#prefixes.some((prefix) => all.find(number, prefix)) ||
      all.service(uri) !== undefined
    );
  }

  /** The address is one of a site of ours. */
  isHouse(address: string): boolean {
    return this.#places.isHouse(address);
  }

  /** Undefined when it is no call for help. `view`: what the order of groups depends on. */
  plan(facts: EmergencyFacts, view: GroupView = stillView): EmergencyPlan | undefined {
    const { trunk, user } = facts;
    // Providers' networks call us; who is to be helped there is theirs to help. What comes back from one would go round for ever.
    if (!user && trunk?.kind === 'itsp') return undefined;
    const place = this.#places.of(facts);
    const at = whereabouts(facts, place);
    const recognised = this.#recognised(facts, place, at);
    if (!recognised) return undefined;
    const { test, how, scopes } = recognised;
    const number = test ? this.#scopes.usual(at) : recognised.number;
    const { location } = place;
    const wanted = location && this.elins.choose(location, sourceOf(facts), facts.number, facts.at);
    const trunks = this.#tries(number, facts, place, scopes, wanted, view);
    const elin = trunks.some(({ conveys }) => conveys === 'elin') ? wanted : undefined;
    const decisions: RuleOutcome[] = [
      { rule: 'emergency', outcome: `${test ? 'a test of ' : ''}${number}: ${how}` },
      { rule: 'emergency place', outcome: describePlace(place, facts.brings) },
      { rule: 'emergency trunks', outcome: trunks.length === 0 ? 'none' : trunks.map(describeTry).join(', ') },
    ];
    // Who is on the road is of some site all the same.
    const site = at.site ?? at.homes.map((name) => this.#scopes.siteNamed(name)).find((one) => one !== undefined);
    const notify = this.#scopes.notifiedAt(site);
    return { number, test, place, ...(elin === undefined ? {} : { elin }), trunks, notify, decisions };
  }

  /** The number that somebody dials for help, where he does not say which. */
  usual(caller: Caller): string {
    return this.#scopes.usual(whereabouts(caller, this.#places.of(caller)));
  }

  #recognised({ called, service, trunk, user }: EmergencyFacts, place: Place, at: Whereabouts): Dialled | undefined {
    const prefix = this.#plans.accessPrefixOf({ user: user ?? place.user, trunk, site: place.site });
    const find = (numbers: EmergencyNumbers) =>
      service === undefined ? numbers.find(called, prefix) : numbers.service(service);
    return (trunk?.node === undefined ? undefined : this.#scopes.decided(called)) ?? this.#scopes.dialled(at, find);
  }

  #tries(
    number: string,
    facts: EmergencyFacts,
    place: Place,
    scopes: readonly EmergencyScope[],
    elin: string | undefined,
    view: GroupView,
  ): readonly EmergencyTrunk[] {
    const relay = scopes.find((scope) => scope.relay !== undefined)?.relay;
    const asked = scopes.flatMap(({ to = [] }) => to);
    const named = new Set(this.#named(asked, facts, view));
    const { site } = place;
    const own = new Set(site ? this.#named(this.#scopes.ownOf(site).to ?? [], facts, view) : []);
    // A PBX has no way to help of its own; every other trunk may have one.
    const rest = [...this.#trunks.values()].filter(
      (trunk) => trunk.kind !== 'ip-pbx' && trunk.name !== facts.trunk?.name && !named.has(trunk),
    );
    const isKnown = place.location !== undefined || facts.brings === 'believed';
    const tells = isKnown || facts.brings === 'unverified';
    const help = (trunks: Iterable<Trunk>) => [...trunks].map((trunk) => [trunk, number] as const);
    const people = (trunks: Iterable<Trunk>) =>
      relay === undefined ? [] : [...trunks].map((trunk) => [trunk, relay] as const);
    // A gateway of the place reaches the help of the place, whoever knows where that is.
    const isLocal = (trunk: Trunk) => own.has(trunk) || (site !== undefined && trunk.site === site.name);
    const local = [...named].filter((trunk) => trunk.kind === 'pstn-gateway' && isLocal(trunk));
    const order = isKnown
      ? [...help(named), ...people(named), ...help(rest), ...people(rest)]
      : [...help(local), ...people(named), ...help(named), ...people(rest), ...help(rest)];
    const tries = new Map<string, EmergencyTrunk>();
    for (const [trunk, called] of order) {
      const key = `${trunk.name}\0${called}`;
      if (tries.size === mostTries || tries.has(key)) continue;
      tries.set(key, this.#told(trunk, called, called === number, facts, tells, elin));
    }
    return [...tries.values()];
  }

  #named(names: readonly string[], { trunk: source }: EmergencyFacts, view: GroupView): readonly Trunk[] {
    const trunks = names.flatMap((name) => {
      const trunk = this.#trunks.get(name);
      return trunk ? [trunk] : this.#groups.has(name) ? this.#groups.order(name, view) : [];
    });
    return trunks.filter((trunk) => trunk.name !== source?.name);
  }

  /** The number of help goes as it is, whatever a trunk's rules make of others. */
  #told(
    trunk: Trunk,
    called: string,
    isHelp: boolean,
    { number }: EmergencyFacts,
    tells: boolean,
    elin: string | undefined,
  ): EmergencyTrunk {
    const rules = this.#rules.get(trunk.name);
    const written = isHelp ? called : (rules?.called.apply(called)?.number ?? called);
    const calling = number === '' ? undefined : rules?.calling.apply(number)?.number;
    if (trunk.emergency === 'elin' && elin !== undefined) {
      const shown = rules?.calling.apply(elin)?.number ?? elin;
      return { trunk, called: written, caller: { number: shown, masks: true }, conveys: 'elin' };
    }
    return {
      trunk,
      called: written,
      ...(calling === undefined ? {} : { caller: { number: calling, masks: false } }),
      conveys: tells ? told(trunk) : 'nothing',
    };
  }
}

/** A user part without parameters and visual separators (RFC 3966 5.1.1). */
function bareNumber(user: string): string {
  const end = user.indexOf(';');
  return (end < 0 ? user : user.slice(0, end)).replace(/[().-]/g, '');
}

function whereabouts({ trunk, user }: Caller, { site, user: known }: Place): Whereabouts {
  return { site, homes: [user?.site ?? known?.site, trunk?.site] };
}

function told({ emergency }: Trunk): 'location' | 'value' | 'nothing' {
  return emergency === 'location' ? 'location' : emergency === 'location-value' ? 'value' : 'nothing';
}

/** How those who called are told apart. */
function sourceOf({ user, trunk }: Pick<Caller, 'user' | 'trunk'>): string {
  return user?.name ?? trunk?.name ?? '';
}

function describeLocation({ name, civic }: Location): string {
  const line = civicLine(civic);
  return line === '' ? name : `${name} (${line})`;
}

function describePlace({ location, why }: Place, brings: EmergencyFacts['brings']): string {
  const known = location ? `${describeLocation(location)}: ${why}` : `not known: ${why}`;
  if (brings === 'believed') return `the call brings its own${location ? `; by ours, ${known}` : ''}`;
  return brings && !location ? `${known}; what the call says of it goes along` : known;
}

function describeTry({ trunk, called, caller, conveys }: EmergencyTrunk): string {
  const told =
    conveys === 'location' || conveys === 'value'
      ? ' with the location'
      : conveys === 'elin'
        ? ` as ${caller?.number}`
        : '';
  return `${trunk.name} (${called}${told})`;
}

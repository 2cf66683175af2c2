import type { Configuration, Route, Trunk } from '#policy/configuration';
import { Groups, type GroupView, stillView } from '#policy/groups';

/** What routing knows of a call. */
export interface CallFacts {
  /** Name of the trunk it came by. */
  readonly source: string;
  readonly called: string;
}

/** One rule tried and what came of it: a line of the decision trace. */
export interface RuleOutcome {
  readonly rule: string;
  readonly outcome: string;
}

export interface RoutePlan {
  /** Undefined when no route matches. */
  readonly route: string | undefined;
  /** In the order in which they are to be tried, each once. */
  readonly trunks: readonly Trunk[];
  readonly decisions: readonly RuleOutcome[];
}

interface CompiledRoute {
  readonly route: Route;
  readonly from: ReadonlySet<string> | undefined;
  readonly pattern: RegExp | undefined;
  /** Trunks, and names of groups. */
  readonly to: readonly (Trunk | string)[];
  /** Set where no group is among them: then it is the same for every call. */
  readonly trunks: readonly Trunk[] | undefined;
  readonly chosen: string;
}

/** The routing core: a pure function of configuration, live view and call facts, so that a dry run is the real thing. */
export class Router {
  readonly #routes: readonly CompiledRoute[];
  readonly #groups: Groups;

  constructor(configuration: Pick<Configuration, 'trunks' | 'groups' | 'routes'>) {
    const trunks = new Map(configuration.trunks.map((trunk) => [trunk.name, trunk]));
    this.#groups = new Groups(configuration);
    this.#routes = configuration.routes.map((route) => {
      const to = route.to
        .map((name) => trunks.get(name) ?? (this.#groups.has(name) ? name : undefined))
        .filter((each) => each !== undefined);
      const direct = to.filter((each) => typeof each !== 'string');
      return {
        route,
        from: route.from.length === 0 ? undefined : new Set(route.from),
        pattern: route.called?.pattern === undefined ? undefined : new RegExp(route.called.pattern),
        to,
        trunks: direct.length === to.length ? [...new Set(direct)] : undefined,
        chosen: `matches: ${route.to.join(', ')}`,
      };
    });
  }

  /** `view`: what the order of groups depends on; without one they stand as if no call had come before. */
  plan({ source, called }: CallFacts, view: GroupView = stillView): RoutePlan {
    const decisions: RuleOutcome[] = [];
    for (const compiled of this.#routes) {
      const { route } = compiled;
      if (compiled.from && !compiled.from.has(source)) {
        decisions.push({
          rule: route.name,
          outcome: `no: is for calls from ${route.from.join(', ')}, this one is from ${source}`,
        });
        continue;
      }
      const reason = mismatch(compiled, called);
      if (reason !== undefined) {
        decisions.push({ rule: route.name, outcome: reason });
        continue;
      }
      decisions.push({ rule: route.name, outcome: compiled.chosen });
      const trunks = compiled.trunks ?? this.#chosen(compiled.to, view, decisions);
      return { route: route.name, trunks, decisions };
    }
    return { route: undefined, trunks: [], decisions };
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

function mismatch({ route, pattern }: CompiledRoute, called: string): string | undefined {
  const prefixes = route.called?.prefixes;
  if (prefixes && !prefixes.some((prefix) => called.startsWith(prefix))) {
    return `no: ${called} does not begin with ${prefixes.join(' or ')}`;
  }
  if (pattern && !pattern.test(called)) return `no: ${called} does not match ${pattern.source}`;
  return undefined;
}

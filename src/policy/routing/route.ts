import type { Configuration, Route, Trunk } from '#policy/configuration';

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
  /** In the order in which they are to be tried. */
  readonly trunks: readonly Trunk[];
  readonly decisions: readonly RuleOutcome[];
}

interface CompiledRoute {
  readonly route: Route;
  readonly from: ReadonlySet<string> | undefined;
  readonly pattern: RegExp | undefined;
  readonly trunks: readonly Trunk[];
  readonly chosen: string;
}

/** The routing core: a pure function of configuration and call facts, so that a dry run is the real thing. */
export class Router {
  readonly #routes: readonly CompiledRoute[];

  constructor(configuration: Configuration) {
    const trunks = new Map(configuration.trunks.map((trunk) => [trunk.name, trunk]));
    this.#routes = configuration.routes.map((route) => ({
      route,
      from: route.from.length === 0 ? undefined : new Set(route.from),
      pattern: route.called?.pattern === undefined ? undefined : new RegExp(route.called.pattern),
      trunks: route.to.map((name) => trunks.get(name)).filter((trunk) => trunk !== undefined),
      chosen: `matches: ${route.to.join(', ')}`,
    }));
  }

  plan({ source, called }: CallFacts): RoutePlan {
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
      return { route: route.name, trunks: compiled.trunks, decisions };
    }
    return { route: undefined, trunks: [], decisions };
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

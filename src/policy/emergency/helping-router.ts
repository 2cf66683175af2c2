import type { Configuration } from '#policy/configuration';
import type { GroupView } from '#policy/groups';
import { type CallFacts, type RoutePlan, Router } from '#policy/routing';
import { EmergencyPlanner } from './planner.ts';

/** The routes, and before them calls for help: what becomes of a call, for who asks without making one. */
export class HelpingRouter {
  readonly router: Router;
  readonly #planner: EmergencyPlanner | undefined;
  readonly #trunks: ReadonlyMap<string, Configuration['trunks'][number]>;

  constructor(configuration: Configuration) {
    const { emergency, trunks } = configuration;
    this.router = new Router(configuration);
    this.#planner = emergency && new EmergencyPlanner({ ...configuration, emergency });
    this.#trunks = new Map(trunks.map((trunk) => [trunk.name, trunk]));
  }

  plan(facts: CallFacts, view?: GroupView): RoutePlan {
    return this.#help(facts, view) ?? this.router.plan(facts, view);
  }

  #help({ source, caller, called, at }: CallFacts, view: GroupView | undefined): RoutePlan | undefined {
    const trunk = this.#trunks.get(source);
    const user = trunk ? undefined : this.router.directory.named(source);
    const facts = { trunk, user, number: caller ?? user?.line ?? '', called, brings: undefined, at: at ?? 0 };
    const plan = this.#planner?.plan(facts, view);
    if (!plan) return undefined;
    const { number, test, trunks, decisions } = plan;
    return { route: 'emergency', trunks, number, decisions, ...(test ? { refuse: 480 } : {}) };
  }
}

import type { Configuration, User } from '#policy/configuration';
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

  #help({ source, caller, called, at, here }: CallFacts, view: GroupView | undefined): RoutePlan | undefined {
    const known = this.#trunks.get(source);
    const trunk = known && here ? atSite(known, here.site) : known;
    const somebody = known ? undefined : this.router.directory.named(source);
    const user = somebody && here ? guestAt(somebody, here.site) : somebody;
    const facts = { trunk, user, number: caller ?? user?.line ?? '', called, brings: undefined, at: at ?? 0 };
    const plan = this.#planner?.plan(facts, view);
    if (!plan) return undefined;
    const { number, test, trunks, decisions } = plan;
    return { route: 'emergency', trunks, number, decisions, ...(test ? { refuse: 480 } : {}) };
  }
}

/** Whose telephone is elsewhere is not at the place that is his own. */
function guestAt(user: User, site: string | undefined): User {
  if (user.site === site) return user;
  const { location: _, ...guest } = user;
  return atSite(guest, site);
}

function atSite<T extends { readonly site?: string }>(one: T, site: string | undefined): T {
  const { site: _, ...rest } = one;
  return { ...rest, ...(site !== undefined && { site }) } as T;
}

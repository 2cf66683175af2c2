import type { OutsideFacts, PlanFacts } from '#call';
import { type Instant, toOctets } from '#kernel';
import type { Configuration, Trunk } from '#policy/configuration';
import type { GroupView } from '#policy/groups';
import { type CallFacts, type RoutePlan, Router } from '#policy/routing';
import type { Nodes } from './nodes.ts';
import type { Users } from './users/users.ts';

interface PlannerServices {
  readonly configuration: Configuration;
  readonly view: GroupView;
  readonly nodes: Nodes | undefined;
  /** A test call of the owner's. */
  passed(source: Trunk, called: string): RoutePlan | undefined;
  /** Help calls back somebody who has no number. */
  calledBack(plan: RoutePlan, source: Trunk, called: string, now: Instant): RoutePlan | undefined;
  users(): Pick<Users, 'trunk' | 'trunkHere' | 'trunkOfDevice' | 'byTemporary' | 'nodeOfTemporary'>;
}

/** Where calls go: the routing core, and what comes before and after it in a running engine. */
export class Planner {
  router: Router;
  readonly #services: PlannerServices;

  constructor(services: PlannerServices) {
    this.#services = services;
    this.router = new Router(services.configuration);
  }

  /** By other routes from now on. */
  configure(configuration: Configuration): void {
    this.router = new Router(configuration);
  }

  /** A call takes its turn of a group. */
  plan(call: OutsideFacts, now: Instant): RoutePlan {
    const { view, nodes } = this.#services;
    const users = this.#services.users();
    const device = users.byTemporary(call.called, now);
    const given = device ? undefined : nodes?.given(users.nodeOfTemporary(call.called), call);
    if (given) return given;
    const plan = this.#planned(device ? { ...call, called: toOctets(device.name) } : call, view, now);
    const instance = device?.instance ?? call.instance;
    const isHere = call.source.node !== undefined;
    const whose = plan.user?.name;
    const user =
      whose === undefined || instance === undefined
        ? whose !== undefined && (isHere ? users.trunkHere(whose) : users.trunk(whose))
        : users.trunkOfDevice(whose, instance, isHere);
    if (user) return { ...plan, trunks: [{ trunk: user }] };
    return nodes?.reach(plan, call.source) ?? plan;
  }

  /** What the routes would do; undefined: it is a test call, help calls back, or another node has decided. */
  foresee(call: OutsideFacts, now: Instant): RoutePlan | undefined {
    const plan = call.source.node === undefined ? this.#planned(call, undefined, now) : undefined;
    return plan?.basis && plan;
  }

  #planned(call: OutsideFacts, view: GroupView | undefined, now: Instant): RoutePlan {
    const { source, called, caller } = call;
    const { nodes, passed, calledBack } = this.#services;
    const facts = { source: source.name, called, caller, at: now.wall };
    const places = this.#places(source, call);
    const planned =
      passed(source, called) ?? this.router.plan({ ...facts, ...places, ...nodes?.facts(source, called) }, view);
    const back = calledBack(planned, source, called, now) ?? planned;
    if (back === planned || back.trunks[0]?.trunk.node === undefined) return back;
    // Who called for help is at another node: he is called as anybody calls him.
    const again = this.router.plan({ ...facts, ...places, called: back.number }, view);
    return { ...again, decisions: [...back.decisions, ...again.decisions] };
  }

  /** Where those are that it is of, and what else routing takes as it comes. */
  #places(source: Trunk, { address, talker, outside, deposit, decided }: PlanFacts): Partial<CallFacts> {
    const siteOf = (trunk: Trunk, at: string) => this.router.placeOf(trunk, at).site?.name;
    return {
      ...(source.user && address !== undefined ? { here: { site: siteOf(source, address) } } : {}),
      ...(talker ? { talker: { source: talker.trunk.name, site: siteOf(talker.trunk, talker.address) } } : {}),
      ...(outside ? { outside } : {}),
      ...(deposit ? { deposit } : {}),
      ...(decided ? { decided } : {}),
    };
  }
}

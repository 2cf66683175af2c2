import { cameBy } from '#call';
import type { SipRequest } from '#codec/sip-message';
import type { Configuration, Trunk } from '#policy/configuration';
import { nodeTrunkName } from '#policy/nodes';
import type { CallFacts, PlannedTrunk, RoutePlan } from '#policy/routing';

/** Trunks that are asked for by name at once: more than any organisation has. */
const mostAsked = 10_000;

/**
 * Calls between the nodes of an organisation. The node that a call reaches first decides where it goes; where that is a trunk
 * of another node, this is asked for the trunk by name (RFC 4904), and asks nobody else: no call goes in a circle.
 */
export class Nodes {
  #trunks: ReadonlyMap<string, Trunk> = new Map();
  /** What came from a node for a trunk: by the node's and the trunk's name. */
  readonly #asking = new Map<string, Trunk>();

  private constructor(configuration: Configuration) {
    this.configure(configuration);
  }

  /** These are the trunks from now on. */
  configure({ trunks }: Configuration): void {
    this.#trunks = new Map(trunks.map((trunk) => [trunk.name, trunk]));
    this.#asking.clear();
  }

  /** Undefined where there is one node only. */
  static of(configuration: Configuration): Nodes | undefined {
    return configuration.node === undefined ? undefined : new Nodes(configuration);
  }

  /** Who sent a request that begins something: a node, that may say for which trunk of ours, or by which one the call came to it. */
  sender(trunk: Trunk, { target }: SipRequest): Trunk {
    if (trunk.node === undefined) return trunk;
    const asks = trunkGroupIn(target?.user ?? '');
    const came = target?.params.get(cameBy);
    if (asks === undefined && came === undefined) return trunk;
    const key = `${trunk.name} ${asks ?? ''} ${came ?? ''}`;
    const known = this.#asking.get(key);
    if (known) return known;
    const asking: Trunk = {
      ...trunk,
      ...(asks === undefined ? {} : { asks }),
      ...(came === undefined ? {} : { came }),
    };
    if (this.#asking.size < mostAsked) this.#asking.set(key, asking);
    return asking;
  }

  /** What routing is told of a call from a node besides. */
  facts({ name, asks }: Trunk, called: string): Partial<CallFacts> {
    if (asks === undefined) return {};
    const heard = [{ rule: name, outcome: `asks for trunk ${asks}` }];
    return { outside: true, placed: true, decided: { by: name, heard, called, to: [{ target: asks }] } };
  }

  /** A plan as far as it may go: what another node has sent stays here, what is our own may leave by the others of the pool. */
  reach(plan: RoutePlan, source: Trunk): RoutePlan {
    if (source.node === undefined) return { ...plan, trunks: this.widened(plan.trunks, plan.number) };
    const trunks = plan.trunks.filter(({ trunk }) => trunk.name === source.asks && !trunk.by);
    if (trunks.length > 0) return { ...plan, trunks };
    const outcome =
      source.asks === undefined ? 'asks for nobody who is here' : `trunk ${source.asks} does not end here`;
    return { ...plan, trunks, refuse: 404, decisions: [...plan.decisions, { rule: source.name, outcome }] };
  }

  /** What is for a temporary name that another node gave to a device goes to that, which alone knows whose it is (RFC 5627). */
  given(
    node: string | undefined,
    { source, called }: { readonly source: Trunk; readonly called: string },
  ): RoutePlan | undefined {
    const trunk = node === undefined || source.node !== undefined ? undefined : this.#trunks.get(nodeTrunkName(node));
    if (!trunk) return undefined;
    const decisions = [{ rule: trunk.name, outcome: 'has given that name to a device' }];
    return { route: undefined, trunks: [{ trunk, called }], number: called, decisions };
  }

  /** The same of a call for help: here it is not turned away because another trunk was asked for. */
  helpers<T extends PlannedTrunk>(planned: readonly T[], source: Trunk | undefined, number: string): readonly T[] {
    if (source?.node === undefined) return this.widened(planned, number);
    const own = planned.filter(({ trunk }) => !trunk.by);
    const asked = own.filter(({ trunk }) => trunk.name === source.asks);
    return asked.length > 0 ? asked : own;
  }

  /** These, and after them the same by way of nodes that have them as well. `number`: as routing knows it. */
  widened<T extends PlannedTrunk>(planned: readonly T[], number: string): readonly T[] {
    const more = planned.flatMap((one) => {
      const trunk = one.trunk.pool === undefined ? undefined : this.#trunks.get(one.trunk.pool);
      if (!trunk) return [];
      const { caller, ...rest } = one;
      // Numbers are written by the node that tells them.
      return [{ ...rest, trunk, called: number, ...(caller?.masks ? { caller } : {}) } as T];
    });
    return more.length === 0 ? planned : [...planned, ...more];
  }
}

/** RFC 4904 5: the trunk group of a user part. */
function trunkGroupIn(user: string): string | undefined {
  const at = user.indexOf(';tgrp=');
  if (at < 0) return undefined;
  const end = user.indexOf(';', at + 1);
  return user.slice(at + 6, end < 0 ? undefined : end);
}

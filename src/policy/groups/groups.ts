import type { Random } from '#kernel';
import type { Configuration, Trunk, TrunkGroup } from '#policy/configuration';

/** What the order of a group depends on at the moment of a call, beside the configuration. */
export interface GroupView {
  /** Calls that the trunk carries now. */
  count(trunk: string): number;
  /** How many calls asked the group before this one. */
  turn(group: string): number;
  readonly random: Random;
}

/** The live view. A call takes its turn of a group; a dry run looks on (`still`). */
export class LiveView implements GroupView {
  readonly random: Random;
  readonly #occupancy: Pick<GroupView, 'count'>;
  readonly #turns = new Map<string, number>();

  constructor(occupancy: Pick<GroupView, 'count'>, random: Random) {
    this.#occupancy = occupancy;
    this.random = random;
  }

  count(trunk: string): number {
    return this.#occupancy.count(trunk);
  }

  turn(group: string): number {
    const turn = this.#turns.get(group) ?? 0;
    this.#turns.set(group, turn + 1);
    return turn;
  }

  /** The same, for questions: what a call would do now, with dice of the asker's. */
  still(random: Random): GroupView {
    return {
      count: (trunk) => this.count(trunk),
      turn: (group) => this.#turns.get(group) ?? 0,
      random,
    };
  }
}

/** Nothing is known: no trunk carries a call, no call came before, and of those to draw from the first is drawn. */
export const stillView: GroupView = {
  count: () => 0,
  turn: () => 0,
  random: { integer: () => 0, token: (bits) => '0'.repeat(bits / 4) },
};

interface Member {
  readonly trunk: Trunk;
  readonly weight: number;
}

/**
 * In which order the trunks of a group are tried, call by call. Every member is in every order: those that are down
 * or full are passed by when their turn comes.
 *
 * - `ordered`: as they are listed.
 * - `round-robin`: each call begins one member further.
 * - `weighted`: drawn by weight, one after the other, until all are (as RFC 2782 draws servers); weight 0 comes last.
 * - `least-busy`: by the share of `capacity.calls` that is in use, or by calls where a member has no such limit: shares
 *   and calls do not compare. Equals by turns.
 */
export class Groups {
  readonly #groups: ReadonlyMap<string, { readonly group: TrunkGroup; readonly members: readonly Member[] }>;

  constructor({ groups, trunks }: Pick<Configuration, 'groups' | 'trunks'>) {
    const byName = new Map(trunks.map((trunk) => [trunk.name, trunk]));
    this.#groups = new Map(
      (groups ?? []).map((group) => [
        group.name,
        {
          group,
          members: group.members.flatMap(({ trunk: name, weight }) => {
            const trunk = byName.get(name);
            return trunk ? [{ trunk, weight }] : [];
          }),
        },
      ]),
    );
  }

  has(name: string): boolean {
    return this.#groups.has(name);
  }

  /** Undefined for a name that is no group's. */
  choice(name: string): TrunkGroup['choice'] | undefined {
    return this.#groups.get(name)?.group.choice;
  }

  order(name: string, view: GroupView): readonly Trunk[] {
    const known = this.#groups.get(name);
    if (!known) return [];
    const trunks = known.members.map(({ trunk }) => trunk);
    switch (known.group.choice) {
      case 'ordered':
        return trunks;
      case 'round-robin':
        return turned(trunks, view.turn(name));
      case 'weighted':
        return drawn(known.members, view.random);
      case 'least-busy':
        return leastBusy(turned(trunks, view.turn(name)), view);
    }
  }
}

/** The members, beginning with the `turn`th. */
function turned(trunks: readonly Trunk[], turn: number): readonly Trunk[] {
  if (trunks.length === 0) return trunks;
  const first = turn % trunks.length;
  return [...trunks.slice(first), ...trunks.slice(0, first)];
}

function drawn(members: readonly Member[], random: Random): readonly Trunk[] {
  const left = members.filter(({ weight }) => weight > 0);
  const order: Trunk[] = [];
  let sum = left.reduce((total, { weight }) => total + weight, 0);
  while (left.length > 0) {
    let draw = random.integer(sum);
    let at = 0;
    while (draw >= left[at]!.weight) draw -= left[at++]!.weight;
    const [member] = left.splice(at, 1);
    order.push(member!.trunk);
    sum -= member!.weight;
  }
  for (const { trunk, weight } of members) if (weight <= 0) order.push(trunk);
  return order;
}

/** `trunks` stand in the order of equals, which sorting keeps. */
function leastBusy(trunks: readonly Trunk[], view: GroupView): readonly Trunk[] {
  const shares = trunks.every(({ capacity }) => capacity.calls !== undefined && capacity.calls > 0);
  return trunks
    .map((trunk) => {
      const calls = view.count(trunk.name);
      return { trunk, load: shares ? calls / trunk.capacity.calls! : calls };
    })
    .sort((a, b) => a.load - b.load)
    .map(({ trunk }) => trunk);
}

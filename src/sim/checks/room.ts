import type { Engine } from '#engine';
import type { Organisation } from '../organisation/organisation.ts';
import type { LinkOf, LiveCall, Topology } from '../organisation/topology.ts';
import { Violation } from './safety.ts';

interface Need {
  readonly audio: number;
  readonly video: number;
}

/** A call that has a place in links: of calls' own, as much as is looked at. */
interface Holder {
  readonly id: string;
  readonly phase: string;
}

/** `instead`: of whom it is to come in place, who have their part till then. */
interface Taken {
  readonly links: readonly LinkOf[];
  readonly need: Need;
  readonly claim: Need;
  readonly instead: readonly object[];
}

const nothing: Need = { audio: 0, video: 0 };

/**
 * The room that is counted is that of the calls there are: each call that talks across links has taken them, nobody else has, the sums
 * are theirs, and those that have to ask for room never have more than there is. One for each life of the process.
 */
export class RoomChecks {
  readonly #engine: Engine;
  readonly #topology: Topology;
  readonly #organisation: Organisation;
  readonly #taken = new Map<object, Taken>();

  constructor(engine: Engine, topology: Topology, organisation: Organisation) {
    this.#engine = engine;
    this.#topology = topology;
    this.#organisation = organisation;
    const { room } = engine;
    const { take, release, claim, keepClaim, dropClaim } = room;
    room.take = (holder, ways, need, instead = []) => {
      take.call(room, holder, ways, need, instead);
      // Of what may ring at once, whichever answers.
      const most = new Map<LinkOf['name'], readonly LinkOf[]>();
      for (const along of ways.map((way) => topology.along(way)))
        for (const { name } of along) {
          const same = along.filter((link) => link.name === name);
          if (same.length > (most.get(name)?.length ?? 0)) most.set(name, same);
        }
      const links = [...most.values()].flat();
      const claimed = this.#taken.get(holder)?.claim ?? nothing;
      this.#taken.delete(holder);
      if (links.length > 0) this.#taken.set(holder, { links, need, claim: claimed, instead });
    };
    room.claim = (holder, need) => {
      const why = claim.call(room, holder, need);
      const taken = this.#taken.get(holder);
      if (taken && why === undefined && (need.audio > taken.need.audio || need.video > taken.need.video))
        this.#taken.set(holder, { ...taken, claim: need });
      return why;
    };
    room.keepClaim = (holder) => {
      keepClaim.call(room, holder);
      const taken = this.#taken.get(holder);
      if (taken) this.#taken.set(holder, { ...taken, need: greater(taken.need, taken.claim), claim: nothing });
    };
    room.dropClaim = (holder) => {
      dropClaim.call(room, holder);
      const taken = this.#taken.get(holder);
      if (taken) this.#taken.set(holder, { ...taken, claim: nothing });
    };
    room.release = (holder) => {
      release.call(room, holder);
      this.#taken.delete(holder);
    };
  }

  /** After each turn. */
  turn(calls: readonly LiveCall[]): void {
    const { room } = this.#engine;
    if (!room.isLimited) return;
    const live = new Map(calls.map((call) => [call.call, call]));
    const sums = new Map<LinkOf['name'], { audio: number; video: number; asked: Need; most: LinkOf['bandwidth'] }>();
    const holders = new Map<string, readonly LinkOf[]>();
    for (const [holder, taken] of this.#taken) {
      const { id, phase } = holder as Holder;
      const call = live.get(id);
      if (!call || phase === 'ended') throw new Violation(`${id} is over, and holds ${taken.need.audio} kbit/s`);
      holders.set(id, taken.links);
      const free = this.#isFree(call);
      for (const [name, { bandwidth }] of new Map(taken.links.map((link) => [link.name, link]))) {
        const sum = sums.get(name) ?? { audio: 0, video: 0, asked: nothing, most: bandwidth };
        const { asked } = sum;
        const need = this.#beyond(taken, name);
        sums.set(name, {
          ...sum,
          audio: sum.audio + need.audio,
          video: sum.video + need.video,
          asked: free ? asked : { audio: asked.audio + need.audio, video: asked.video + need.video },
        });
      }
    }
    this.#compare(sums);
    for (const call of calls) this.#holds(call, holders.get(call.call) ?? []);
  }

  #compare(sums: ReadonlyMap<string, { audio: number; video: number; asked: Need; most: LinkOf['bandwidth'] }>): void {
    const counted = this.#engine.room.inspect() as readonly {
      link: string;
      audio: number;
      video: number;
      calls: number;
    }[];
    for (const { link, audio, video } of counted) {
      const own = sums.get(link) ?? { audio: 0, video: 0 };
      if (Math.abs(own.audio - audio) > 0.01 || Math.abs(own.video - video) > 0.01)
        throw new Violation(
          `${link} is counted with ${audio} and ${video}, and its calls take ${own.audio} and ${own.video}`,
        );
    }
    for (const [name, { asked, most }] of sums) {
      if (asked.audio > most.audio + 0.01 || asked.video > most.video + 0.01)
        throw new Violation(`${name} has ${JSON.stringify(asked)} of ${JSON.stringify(most)}: ${this.#who(name)}`);
    }
  }

  #who(name: string): string {
    const some = [...this.#taken].filter(([, { links }]) => links.some((link) => link.name === name));
    return some.map(([holder, { need }]) => `${(holder as Holder).id} ${JSON.stringify(need)}`).join(', ');
  }

  /** It need not ask: a call for help, or one to somebody who is let in however full a link is. */
  #isFree({ emergency, b, decisions }: LiveCall): boolean {
    if (emergency !== undefined) return true;
    const policy = this.#organisation.policies.find(
      ({ name }) => name === (this.#topology.person(b?.trunk ?? '')?.policy ?? 'global'),
    );
    if (policy?.features['bandwidth-override']) return true;
    return decisions.some(({ outcome }) => outcome.startsWith('let in, as its policy says'));
  }

  /** What it takes of a link, less what those have of it in whose place it is to come. */
  #beyond(taken: Taken, link: string): Need {
    const own = mostOf(taken, link);
    const theirs = taken.instead.flatMap((one) => this.#taken.get(one) ?? []).map((one) => mostOf(one, link));
    const less = (kind: 'audio' | 'video') =>
      Math.max(
        0,
        theirs.reduce((left, one) => left - one[kind], own[kind]),
      );
    return { audio: less('audio'), video: less('video') };
  }

  #holds({ call, phase, emergency, a, b }: LiveCall, held: readonly LinkOf[]): void {
    if (phase !== 'answered' || b?.remote === undefined) return;
    const topology = this.#topology;
    const [from, to] = [topology.siteOf(a.trunk, a.remote), topology.siteOf(b.trunk, b.remote)];
    const due = topology.links(from, to);
    // Media of a call for help may go past us, and those of others where it is let.
    const mayPass = emergency !== undefined || this.#engine.configuration.media.bypass !== undefined;
    const isPast = mayPass && namesOf(topology.along([from, to])) === namesOf(held);
    if (!isPast && namesOf(due) !== namesOf(held))
      throw new Violation(
        `${call} from ${a.trunk} at ${a.remote} to ${b.trunk} at ${b.remote} holds ${namesOf(held)}, not ${namesOf(due)}`,
      );
  }
}

/** As much as it has or may come to of a link, which it may pass there and back. */
function mostOf({ links, need, claim }: Omit<Taken, 'instead'>, link: string): Need {
  const times = links.filter(({ name }) => name === link).length;
  const { audio, video } = greater(need, claim);
  return { audio: times * audio, video: times * video };
}

function greater(one: Need, other: Need): Need {
  return { audio: Math.max(one.audio, other.audio), video: Math.max(one.video, other.video) };
}

function namesOf(links: readonly LinkOf[]): string {
  return links.length === 0
    ? 'nothing'
    : links
        .map(({ name }) => name)
        .sort()
        .join(', ');
}

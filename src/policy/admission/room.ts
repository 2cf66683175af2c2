import type { Configuration } from '#policy/configuration';
import { Network, type NetworkLink } from './network.ts';

/** kbit/s one way that a call takes. */
export interface Need {
  readonly audio: number;
  readonly video: number;
}

/** The sites that media passes, in order: from who calls by where it is anchored to who is called. Undefined: not known. */
export type Way = readonly (string | undefined)[];

/** Where calls for help are known, the share of a link's audio that they alone may take. */
const emergencyReserve = 0.1;

/** What a call takes of a link, bit/s: whole numbers, so that what is taken and given back comes to nothing. */
interface Taken {
  readonly audio: number;
  readonly video: number;
}

interface Load {
  audio: number;
  video: number;
  readonly calls: Map<object, Taken>;
  /** Calls that found no room. */
  refused: number;
}

/** The bandwidth of the links between sites, and the live calls that take it. */
export class Room {
  #network!: Network;
  readonly #loads = new Map<NetworkLink, Load>();
  readonly #taken = new Map<
    object,
    { readonly ways: readonly Way[]; readonly links: readonly NetworkLink[]; readonly need: Need }
  >();
  /** Link -> calls that found no room before it was configured anew. */
  readonly #refused = new Map<string, number>();
  #reserve = 0;
  #isLimited = false;

  constructor(configuration: Pick<Configuration, 'sites' | 'regionLinks' | 'siteLinks' | 'emergency'>) {
    this.configure(configuration);
  }

  /** The links from now on: who has something takes it of these. Who passed none with limits until now has nothing of them. */
  configure(configuration: Pick<Configuration, 'sites' | 'regionLinks' | 'siteLinks' | 'emergency'>): void {
    const holders = [...this.#taken];
    for (const [holder] of holders) this.release(holder);
    for (const [{ name }, { refused }] of this.#loads) this.#refused.set(name, refused);
    this.#loads.clear();
    this.#network = new Network(configuration);
    const { sites = [], regionLinks = [], siteLinks = [], emergency } = configuration;
    this.#isLimited = [...sites, ...regionLinks, ...siteLinks].some(({ bandwidth }) => bandwidth !== undefined);
    this.#reserve = emergency ? emergencyReserve : 0;
    for (const [holder, { ways, need }] of holders) this.take(holder, ways, need);
  }

  /** False: no link has limits, and nobody has to ask. */
  get isLimited(): boolean {
    return this.#isLimited;
  }

  /**
   * Why a call has no room on its way; undefined when it has. What `instead` holds is given back when this call has its place.
   * A link that media pass twice, there and back, must have room for both.
   */
  refusal(way: Way, need: Need, instead: readonly object[] = []): string | undefined {
    for (const [link, times] of this.#passed(way)) {
      const why = this.#full(link, times, need, instead);
      if (why === undefined) continue;
      this.#loadOf(link).refused++;
      return why;
    }
    return undefined;
  }

  /**
   * `holder` takes it, whether there is room or not; what it took before is given back. One of these ways it will go: of a link it
   * takes as much as the one that takes most.
   */
  take(holder: object, ways: readonly Way[], need: Need): void {
    this.release(holder);
    const passed = new Map<NetworkLink, number>();
    for (const way of ways)
      for (const [link, times] of this.#passed(way)) passed.set(link, Math.max(times, passed.get(link) ?? 0));
    if (passed.size === 0) return;
    for (const [link, times] of passed) {
      const taken = { audio: bits(need.audio) * times, video: bits(need.video) * times };
      const load = this.#loadOf(link);
      load.calls.set(holder, taken);
      load.audio += taken.audio;
      load.video += taken.video;
    }
    this.#taken.set(holder, { ways, links: [...passed.keys()], need });
  }

  release(holder: object): void {
    for (const link of this.#taken.get(holder)?.links ?? []) {
      const load = this.#loadOf(link);
      const taken = load.calls.get(holder)!;
      load.calls.delete(holder);
      load.audio -= taken.audio;
      load.video -= taken.video;
    }
    this.#taken.delete(holder);
  }

  /** Why what `holder` has can't become this much; undefined when it can, or is not more. */
  growth(holder: object, need: Need): string | undefined {
    const taken = this.#taken.get(holder);
    if (!taken || (need.audio <= taken.need.audio && need.video <= taken.need.video)) return undefined;
    for (const way of taken.ways) {
      const why = this.refusal(way, need, [holder]);
      if (why !== undefined) return why;
    }
    return undefined;
  }

  /** What `holder` has may become this much, by an offer that has no answer yet: it takes as much of each as either says. */
  grow(holder: object, { audio, video }: Need): void {
    const taken = this.#taken.get(holder);
    if (!taken) return;
    const { ways, need } = taken;
    this.take(holder, ways, { audio: Math.max(need.audio, audio), video: Math.max(need.video, video) });
  }

  /** What it holds of each link that it passes once; undefined when it passes none with limits. */
  held(holder: object): Need | undefined {
    return this.#taken.get(holder)?.need;
  }

  /** What stands of the links that calls have asked for, as plain data: kbit/s one way. */
  inspect(): readonly Record<string, unknown>[] {
    return [...this.#loads].map(([{ name, bandwidth }, { audio, video, calls, refused }]) => ({
      link: name,
      calls: calls.size,
      audio: audio / 1000,
      video: video / 1000,
      refused,
      most: bandwidth,
    }));
  }

  #full(link: NetworkLink, times: number, need: Need, instead: readonly object[]): string | undefined {
    const { audio, audioSession, video, videoSession } = link.bandwidth;
    const { audio: audioUsed, video: videoUsed } = this.#without(link, instead);
    if (need.audio > audioSession) return tooMuch(link, 'audio', audioSession, need.audio);
    const most = audio * (1 - this.#reserve);
    if (audioUsed + need.audio * times > most)
      return tooFull(link, 'audio', most - audioUsed, audio, need.audio * times);
    if (need.video === 0) return undefined;
    if (need.video > videoSession) return tooMuch(link, 'video', videoSession, need.video);
    if (videoUsed + need.video * times > video)
      return tooFull(link, 'video', video - videoUsed, video, need.video * times);
    return undefined;
  }

  /** What others take, kbit/s. */
  #without(link: NetworkLink, instead: readonly object[]): Need {
    const load = this.#loads.get(link);
    let { audio, video } = load ?? { audio: 0, video: 0 };
    for (const holder of instead) {
      const taken = load?.calls.get(holder);
      audio -= taken?.audio ?? 0;
      video -= taken?.video ?? 0;
    }
    return { audio: audio / 1000, video: video / 1000 };
  }

  #loadOf(link: NetworkLink): Load {
    const known = this.#loads.get(link);
    if (known) return known;
    const refused = this.#refused.get(link.name) ?? 0;
    const load = { audio: 0, video: 0, calls: new Map<object, Taken>(), refused };
    this.#loads.set(link, load);
    return load;
  }

  /** The links with limits on the way, and how often each is passed. */
  #passed(way: Way): ReadonlyMap<NetworkLink, number> {
    const links = new Map<NetworkLink, number>();
    for (let i = 1; i < way.length; i++)
      for (const link of this.#network.between(way[i - 1], way[i])) links.set(link, (links.get(link) ?? 0) + 1);
    return links;
  }
}

function tooMuch({ name }: NetworkLink, what: string, most: number, need: number): string {
  return `${name} lets a call have ${most} kbit/s of ${what}, not ${round(need)}`;
}

function tooFull({ name }: NetworkLink, what: string, left: number, most: number, need: number): string {
  return `${name} has ${round(Math.max(0, left))} of ${most} kbit/s of ${what} left, and ${round(need)} are needed`;
}

function bits(kbits: number): number {
  return Math.round(kbits * 1000);
}

function round(kbits: number): number {
  return Math.round(kbits * 10) / 10;
}

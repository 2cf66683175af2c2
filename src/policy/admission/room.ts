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

/** What a call has. */
interface Part {
  readonly ways: readonly Way[];
  readonly links: ReadonlyMap<NetworkLink, number>;
  readonly need: Need;
  /** As much as it may come to by an offer that has no answer yet. */
  readonly claim: Need | undefined;
  /** Those that are over when its people talk. */
  readonly instead: readonly object[];
}

const nobody: readonly object[] = [];

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
  readonly #taken = new Map<object, Part>();
  /** Those that are to come in place of others. */
  readonly #heirs = new Set<object>();
  /** Link -> calls that found no room before it was configured anew. */
  readonly #refused = new Map<string, number>();
  #reserve = 0;
  #isLimited = false;

  constructor(configuration: Pick<Configuration, 'sites' | 'regionLinks' | 'siteLinks' | 'emergency'>) {
    this.configure(configuration);
  }

  /** The links from now on: who has something takes it of these. Who passed none with limits until now takes its part of them anew. */
  configure(configuration: Pick<Configuration, 'sites' | 'regionLinks' | 'siteLinks' | 'emergency'>): void {
    const holders = [...this.#taken];
    for (const [holder] of holders) this.#remove(holder);
    for (const [{ name }, { refused }] of this.#loads) this.#refused.set(name, refused);
    this.#loads.clear();
    this.#network = new Network(configuration);
    const { sites = [], regionLinks = [], siteLinks = [], emergency } = configuration;
    this.#isLimited = [...sites, ...regionLinks, ...siteLinks].some(({ bandwidth }) => bandwidth !== undefined);
    this.#reserve = emergency ? emergencyReserve : 0;
    for (const [holder, part] of holders) this.#place(holder, part);
  }

  /** False: no link has limits, and nobody has to ask. */
  get isLimited(): boolean {
    return this.#isLimited;
  }

  /** False: no link on the way has limits. */
  limits(way: Way): boolean {
    for (let i = 1; i < way.length; i++) if (this.#network.between(way[i - 1], way[i]).length > 0) return true;
    return false;
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
   * takes as much as the one that takes most. What it has claimed stays claimed. While those `instead` of whom it is to come have their
   * part, it takes what it needs beyond that.
   */
  take(holder: object, ways: readonly Way[], need: Need, instead = nobody): void {
    this.#place(holder, { ways, need, claim: this.#taken.get(holder)?.claim, instead });
  }

  release(holder: object): void {
    this.#remove(holder);
    this.#changed(holder);
  }

  /** Why what `holder` has can't become this much; undefined when it can, or is not more. */
  growth(holder: object, need: Need): string | undefined {
    const taken = this.#taken.get(holder);
    if (!taken || isWithin(need, taken.need)) return undefined;
    for (const way of taken.ways) {
      const why = this.refusal(way, need, [holder, ...taken.instead]);
      if (why !== undefined) return why;
    }
    return undefined;
  }

  /** What `holder` has may become this much, by an offer that has no answer yet: nobody else gets it meanwhile. Or why it can't. */
  claim(holder: object, need: Need): string | undefined {
    const taken = this.#taken.get(holder);
    if (!taken || isWithin(need, taken.need)) return undefined;
    const why = this.growth(holder, need);
    if (why === undefined) this.#place(holder, { ...taken, claim: need });
    return why;
  }

  /** What `holder` has claimed is its own. */
  keepClaim(holder: object): void {
    const taken = this.#taken.get(holder);
    if (taken?.claim) this.#place(holder, { ...taken, need: greater(taken.need, taken.claim), claim: undefined });
  }

  /** What `holder` has claimed is not needed. */
  dropClaim(holder: object): void {
    const taken = this.#taken.get(holder);
    if (taken?.claim) this.#place(holder, { ...taken, claim: undefined });
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

  #place(holder: object, { ways, need, claim, instead }: Omit<Part, 'links'>): void {
    this.#remove(holder);
    const links = new Map<NetworkLink, number>();
    for (const way of ways)
      for (const [link, times] of this.#passed(way)) links.set(link, Math.max(times, links.get(link) ?? 0));
    if (links.size > 0) {
      this.#taken.set(holder, { ways, links, need, claim, instead });
      if (instead.length > 0) this.#heirs.add(holder);
      this.#count(holder);
    }
    this.#changed(holder);
  }

  #remove(holder: object): void {
    const taken = this.#taken.get(holder);
    if (!taken) return;
    for (const link of taken.links.keys()) this.#note(link, holder, undefined);
    this.#taken.delete(holder);
    this.#heirs.delete(holder);
  }

  /** Who is to come in place of `holder` takes so much more or less. */
  #changed(holder: object): void {
    if (this.#heirs.size === 0) return;
    for (const heir of this.#heirs) if (this.#taken.get(heir)!.instead.includes(holder)) this.#count(heir);
  }

  /** What `holder` takes of its links now. */
  #count(holder: object): void {
    const { links, need, claim, instead } = this.#taken.get(holder)!;
    const most = claim ? greater(need, claim) : need;
    for (const [link, times] of links) {
      let audio = bits(most.audio) * times;
      let video = bits(most.video) * times;
      for (const other of instead) {
        const theirs = this.#loads.get(link)?.calls.get(other);
        audio -= theirs?.audio ?? 0;
        video -= theirs?.video ?? 0;
      }
      this.#note(link, holder, { audio: Math.max(0, audio), video: Math.max(0, video) });
    }
  }

  #note(link: NetworkLink, holder: object, taken: Taken | undefined): void {
    const load = this.#loadOf(link);
    const before = load.calls.get(holder);
    load.audio += (taken?.audio ?? 0) - (before?.audio ?? 0);
    load.video += (taken?.video ?? 0) - (before?.video ?? 0);
    if (taken) load.calls.set(holder, taken);
    else load.calls.delete(holder);
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

function isWithin(one: Need, other: Need): boolean {
  return one.audio <= other.audio && one.video <= other.video;
}

/** As much of each as either says. */
function greater(one: Need, other: Need): Need {
  return { audio: Math.max(one.audio, other.audio), video: Math.max(one.video, other.video) };
}

function bits(kbits: number): number {
  return Math.round(kbits * 1000);
}

function round(kbits: number): number {
  return Math.round(kbits * 10) / 10;
}

import type { Configuration } from '#policy/configuration';
import { Network, type NetworkLink } from './network.ts';

/** kbit/s one way that a call takes. */
export interface Need {
  readonly audio: number;
  readonly video: number;
}

/** Share of a link's audio that emergency calls alone may take. */
const emergencyReserve = 0.1;

/**
 * The bandwidth of the links between sites, and the live calls that take it: what is used is reckoned from them, so that it
 * can't drift from the truth.
 */
export class Room {
  readonly #network: Network;
  readonly #users = new Map<NetworkLink, Map<object, Need>>();
  readonly #taken = new Map<object, readonly NetworkLink[]>();

  /** False: no link has limits, and nobody has to ask. */
  readonly isLimited: boolean;

  constructor(configuration: Pick<Configuration, 'sites' | 'regionLinks' | 'siteLinks'>) {
    this.#network = new Network(configuration);
    const { sites = [], regionLinks = [], siteLinks = [] } = configuration;
    this.isLimited = [...sites, ...regionLinks, ...siteLinks].some(({ bandwidth }) => bandwidth !== undefined);
  }

  /**
   * Why a call has no room on its way: through `sites` in order, from who calls by where its media passes to who is called.
   * Undefined when it has. An emergency call may take what others may not.
   */
  refusal(sites: readonly (string | undefined)[], need: Need, isEmergency = false): string | undefined {
    for (const link of this.#links(sites)) {
      const { audio, audioSession, video, videoSession } = link.bandwidth;
      const used = this.used(link);
      const most = isEmergency ? audio : audio * (1 - emergencyReserve);
      if (need.audio > audioSession && !isEmergency)
        return `${link.name} lets a call have ${audioSession} kbit/s of audio, not ${round(need.audio)}`;
      if (used.audio + need.audio > most)
        return `${link.name} has ${round(Math.max(0, most - used.audio))} of ${audio} kbit/s of audio left, and ${round(need.audio)} are needed`;
      if (need.video === 0) continue;
      if (need.video > videoSession)
        return `${link.name} lets a call have ${videoSession} kbit/s of video, not ${round(need.video)}`;
      if (used.video + need.video > video)
        return `${link.name} has ${round(Math.max(0, video - used.video))} of ${video} kbit/s of video left, and ${round(need.video)} are needed`;
    }
    return undefined;
  }

  /** `holder` takes it, whether there is room or not; what it took before is given back. */
  take(holder: object, sites: readonly (string | undefined)[], need: Need): void {
    this.release(holder);
    const links = this.#links(sites);
    if (links.length === 0) return;
    for (const link of links) {
      const users = this.#users.get(link);
      if (users) users.set(holder, need);
      else this.#users.set(link, new Map([[holder, need]]));
    }
    this.#taken.set(holder, links);
  }

  release(holder: object): void {
    for (const link of this.#taken.get(holder) ?? []) this.#users.get(link)?.delete(holder);
    this.#taken.delete(holder);
  }

  used(link: NetworkLink): Need {
    let audio = 0;
    let video = 0;
    for (const need of this.#users.get(link)?.values() ?? []) {
      audio += need.audio;
      video += need.video;
    }
    return { audio, video };
  }

  /** What stands, as plain data. */
  inspect(): readonly Record<string, unknown>[] {
    return [...this.#users].map(([link, users]) => {
      const { audio, video } = this.used(link);
      return { link: link.name, calls: users.size, audio: round(audio), video: round(video), most: link.bandwidth };
    });
  }

  #links(sites: readonly (string | undefined)[]): readonly NetworkLink[] {
    const links = new Set<NetworkLink>();
    for (let i = 1; i < sites.length; i++)
      for (const link of this.#network.between(sites[i - 1], sites[i])) links.add(link);
    return [...links];
  }
}

function round(kbits: number): number {
  return Math.round(kbits * 10) / 10;
}

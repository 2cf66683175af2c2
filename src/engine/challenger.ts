import { DigestServer } from '#codec/digest';
import type { Header, SipRequest } from '#codec/sip-message';
import { type Instant, type Random, Sensitive } from '#kernel';
import type { Trunk } from '#policy/configuration';
import type { Flow } from '#sip/flow';

/** Ms that a nonce of ours is good for. */
const nonceLifetime = 300_000;
/** Ms that an address stays known as that of a trunk which proved itself there, for what can't be challenged. */
const knownFor = 3_600_000;
/** Addresses that are known so at once. */
const mostKnown = 10_000;

export type Challenged =
  | { readonly kind: 'proven'; readonly trunk: Trunk }
  | {
      readonly kind: 'refused';
      readonly status: 400 | 401;
      readonly headers: readonly Header[];
      readonly wrong: boolean;
    };

/** Trunks that prove themselves by digest (RFC 3261 22.2): asks, verifies, and remembers where they speak from. */
export class Challenger {
  readonly #trunks: readonly Trunk[];
  readonly #server: DigestServer;
  /** "udp 192.0.2.9:5060" or a connection -> whose it was, and until when (monotonic ms). */
  readonly #known = new Map<string, { readonly trunk: Trunk; readonly until: number }>();

  constructor(trunks: readonly Trunk[], random: Random) {
    this.#trunks = trunks.filter(({ authenticate }) => authenticate !== undefined);
    this.#server = new DigestServer({ secret: new Sensitive(random.token(256)), random, nonceLifetime });
  }

  /** Some trunk is known by digest alone: anybody may have to be asked. */
  get asks(): boolean {
    return this.#trunks.length > 0;
  }

  /** Whose a request is that can't be challenged (ACK, CANCEL) or stands in a dialog: by where it comes from. */
  known(flow: Flow, now: Instant): Trunk | undefined {
    const entry = this.#known.get(keyOf(flow));
    return entry && entry.until > now.mono ? entry.trunk : undefined;
  }

  /** `suspect` is the trunk that the address says it is; any that proves itself by digest when undefined. */
  challenge(request: SipRequest, flow: Flow, suspect: Trunk | undefined, now: Instant): Challenged {
    const trunks = suspect ? [suspect] : this.#trunks;
    const realms = [...new Set(trunks.map((trunk) => trunk.authenticate!.realm))];
    const source = flow.remote.host;
    const verdict = this.#server.verify(
      { values: request.all('authorization'), method: request.method, uris: [request.uri], source, realms },
      (username, realm) => trunks.find(holds(username, realm))?.authenticate,
      now.wall,
    );
    if (verdict.kind === 'ok') {
      const trunk = trunks.find(holds(verdict.username, verdict.realm))!;
      this.#remember(flow, trunk, now);
      return { kind: 'proven', trunk };
    }
    if (verdict.kind === 'malformed') return { kind: 'refused', status: 400, headers: [], wrong: true };
    const stale = verdict.kind === 'stale' || verdict.kind === 'replayed';
    const headers: Header[] = [];
    for (const realm of realms) {
      const { algorithms } = trunks.find((trunk) => trunk.authenticate!.realm === realm)!.authenticate!;
      for (const value of this.#server.challenge(realm, algorithms, source, now.wall, stale))
        headers.push(['WWW-Authenticate', value]);
    }
    return { kind: 'refused', status: 401, headers, wrong: verdict.kind === 'wrong' };
  }

  #remember(flow: Flow, trunk: Trunk, now: Instant): void {
    const key = keyOf(flow);
    // Remembered again it moves to the end: the Map stays in order of age.
    this.#known.delete(key);
    if (this.#known.size >= mostKnown) this.#known.delete(this.#known.keys().next().value!);
    this.#known.set(key, { trunk, until: now.mono + knownFor });
  }
}

function holds(username: string, realm: string): (trunk: Trunk) => boolean {
  return ({ authenticate }) => authenticate!.username === username && authenticate!.realm === realm;
}

function keyOf({ transport, remote, connection }: Flow): string {
  return connection ?? `${transport} ${remote.host} ${remote.port}`;
}

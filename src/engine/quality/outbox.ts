import { type CallServices, listenerIds, type Party, type TrunkTarget } from '#call';
import type { Tried } from '#codec/digest';
import { qualityReportEvent, qualityReportType } from '#codec/quality-report';
import { escapeUser, type Header, type SipResponse } from '#codec/sip-message';
import { bracketed, type Instant, type Octets } from '#kernel';
import type { QualityCollector, Trunk } from '#policy/configuration';
import type { ClientFailure, ClientTransaction, OutgoingRequest, Target } from '#sip/transaction';

export const outboxLimits = {
  /** Reports that wait; one more takes the place of the oldest. */
  waiting: 1_000,
  /** That are on their way at once. */
  underWay: 8,
} as const;

interface Letter {
  readonly collector: QualityCollector;
  readonly body: Octets;
}

const usualPort = 5060;

/** Sends reports to collectors by PUBLISH (RFC 6035 4.7.3, RFC 3903 4): a few at once, as long as there is room, and no call waits for it. */
export class Outbox {
  readonly counts = { sent: 0, lost: 0 };
  readonly #services: CallServices;
  readonly #waiting: Letter[] = [];
  readonly #trunks = new WeakMap<QualityCollector, Trunk>();
  /** Collectors that could not be told last, so that it is said once. */
  readonly #silent = new Set<string>();
  #underWay = 0;

  constructor(services: CallServices) {
    this.#services = services;
  }

  get waiting(): number {
    return this.#waiting.length + this.#underWay;
  }

  post(collector: QualityCollector, body: Octets, now: Instant): void {
    if (this.#waiting.length >= outboxLimits.waiting) {
      this.#waiting.shift();
      this.counts.lost++;
    }
    this.#waiting.push({ collector, body });
    this.#next(now);
  }

  #next(now: Instant): void {
    while (this.#underWay < outboxLimits.underWay) {
      const letter = this.#waiting.shift();
      if (!letter) return;
      this.#underWay++;
      new Delivery(this.#services, letter, this.#trunkOf(letter.collector), (why, at) => {
        this.#underWay--;
        this.#told(letter.collector, why);
        this.#next(at);
      }).begin(now);
    }
  }

  /** `why`: it could not be told; undefined: it took the report. */
  #told({ uri }: QualityCollector, why: string | undefined): void {
    if (why === undefined) {
      this.counts.sent++;
      if (this.#silent.delete(uri)) this.#services.log('info', 'collector-again', { collector: uri });
      return;
    }
    this.counts.lost++;
    if (this.#silent.has(uri)) return;
    this.#silent.add(uri);
    this.#services.log('warn', 'collector-unreachable', { collector: uri, why });
  }

  /** A collector is reached by a trunk, or as one: then it is none, and nothing comes from it. */
  #trunkOf(collector: QualityCollector): Trunk {
    const named = this.#services.configuration.trunks.find(({ name }) => name === collector.trunk);
    if (named) return named;
    let trunk = this.#trunks.get(collector);
    if (!trunk) {
      const { uri, host, port, transport, side } = collector;
      trunk = {
        name: `collector ${uri}`,
        kind: 'ip-pbx',
        side,
        transport,
        addresses: [{ host, port: port ?? usualPort, matchPort: port !== undefined }],
        capacity: {},
        setupTimeout: 10_000,
        ringTimeout: 10_000,
      };
      this.#trunks.set(collector, trunk);
    }
    return trunk;
  }
}

/** One report on its way. */
class Delivery implements Party {
  readonly #services: CallServices;
  readonly #letter: Letter;
  readonly #trunk: Trunk;
  readonly #done: (why: string | undefined, now: Instant) => void;
  #left: TrunkTarget[] = [];
  #isLocated = false;
  #request: OutgoingRequest | undefined;
  #target: Target | undefined;
  #transaction: ClientTransaction<Party> | undefined;
  #tried: Tried = [];

  constructor(
    services: CallServices,
    letter: Letter,
    trunk: Trunk,
    done: (why: string | undefined, now: Instant) => void,
  ) {
    this.#services = services;
    this.#letter = letter;
    this.#trunk = trunk;
    this.#done = done;
  }

  begin(now: Instant): void {
    const { trunks } = this.#services;
    const found = trunks.targets(this.#trunk, now);
    if (found.kind === 'pending' && !this.#isLocated) {
      trunks.await(this.#trunk, this, now);
      return;
    }
    if (found.kind !== 'targets') return this.#done(found.kind === 'failed' ? found.reason : 'not located', now);
    this.#left = [...found.targets];
    this.#tryNext('no listener of ours leads there', now);
  }

  onLocated(now: Instant): void {
    this.#isLocated = true;
    this.begin(now);
  }

  #tryNext(why: string, now: Instant): void {
    const { configuration, random, trunks } = this.#services;
    const { collector, body } = this.#letter;
    const trunk = this.#trunk;
    for (let target = this.#left.shift(); target; target = this.#left.shift()) {
      const { transport, remote, connection, tls } = target;
      const sockets = this.#services.listenersFor(trunk, remote.host);
      const socket = sockets[transport];
      if (!socket) continue;
      const way = trunks.way(trunk);
      const headers: Header[] = [
        ['Max-Forwards', '70'],
        ['Event', qualityReportEvent],
        ['Expires', '3600'],
        ['Content-Type', qualityReportType],
      ];
      if (configuration.userAgent !== undefined) headers.push(['User-Agent', configuration.userAgent]);
      const account = trunk.identity ? `${escapeUser(trunk.identity.user)}@` : '';
      this.#target = {
        transport,
        remote,
        listeners: listenerIds(sockets),
        connection,
        tls: tls ?? way.tls,
        keepsUdp: way.keepsUdp,
      };
      this.#request = {
        method: 'PUBLISH',
        uri: collector.uri,
        from: `<sip:${account}${bracketed(way.home ?? socket.advertise.host)}>;tag=${random.token(64)}`,
        to: `<${collector.uri}>`,
        callId: random.token(128),
        cseq: 1,
        routes: way.routes,
        headers,
        body,
      };
      const { headers: credentials, tried } = trunks.beforehand(trunk, this.#request);
      this.#send(this.#request, this.#target, credentials, tried, now);
      return;
    }
    this.#done(why, now);
  }

  #send(request: OutgoingRequest, target: Target, credentials: readonly Header[], tried: Tried, now: Instant): void {
    this.#tried = tried;
    const signed = { ...request, headers: [...request.headers, ...credentials] };
    this.#transaction = this.#services.transactions.request(signed, target, this, now.mono);
  }

  onResponse(response: SipResponse, transaction: ClientTransaction<Party>, now: Instant): void {
    const { status, phrase } = response;
    const request = this.#request;
    const target = this.#target;
    if (status < 200 || transaction !== this.#transaction || !request || !target) return;
    if (status === 401 || status === 407) {
      const proof = this.#services.trunks.authorized(this.#trunk, response, request, this.#tried);
      if (proof.kind === 'authorised') {
        this.#request = { ...request, cseq: request.cseq + 1 };
        return this.#send(this.#request, target, proof.headers, proof.tried, now);
      }
    }
    // RFC 3263 4.3: a 503 is as good as nobody there.
    if (status === 503) return this.#tryNext('503', now);
    this.#done(status < 300 ? undefined : `${status} ${phrase}`, now);
  }

  onFailure(_failure: ClientFailure, reason: string, now: Instant): void {
    this.#tryNext(reason, now);
  }
}

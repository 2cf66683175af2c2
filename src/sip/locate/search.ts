import { isIpv4Address, isIpv6Address } from '#codec/sip-message';
import type { Random } from '#kernel';
import type { FlowTransport } from '#sip/flow';
import type { AddressRecord, DnsQuestion, DnsRecord, NaptrRecord, SrvRecord } from './dns.ts';
import { domainName } from './domain-name.ts';
import { locateLimits } from './limits.ts';
import type { Found, Located, LocateRequest } from './located.ts';
import { interleaved, shuffled, srvOrder } from './order.ts';
import { defaultPorts, serviceTransports, srvServices } from './services.ts';

/** What is known of a question at this moment. */
export type Heard =
  | { readonly kind: 'records'; readonly records: readonly DnsRecord[]; readonly stale: boolean }
  | { readonly kind: 'none'; readonly reason: 'no-such-name' | 'no-data'; readonly stale: boolean }
  /** `retrying`: it has been asked again. */
  | { readonly kind: 'failed'; readonly reason: string; readonly retrying: boolean }
  | { readonly kind: 'pending' };

/** Looks a question up, and asks it where that is due. */
export type Look = (type: DnsQuestion['type'], name: string) => Heard;

/** What came of one SRV question: `found` whether or not its targets have addresses. */
type ServiceOutcome = 'found' | 'none' | 'not-offered' | 'failed' | 'pending';

interface Service {
  readonly transport: FlowTransport;
  readonly name: string;
}

/** Reasons that are told when nothing is found. */
const maxReasons = 8;

/** Walks RFC 3263 4's tree over what is known. One search, one draw of the dice. */
export function search(request: LocateRequest, look: Look, random: Random): Found {
  const walk = new Search(request, look, random);
  walk.run();
  return walk.found();
}

class Search {
  readonly #request: LocateRequest;
  readonly #look: Look;
  readonly #random: Random;
  readonly #targets: Located[] = [];
  readonly #reasons: string[] = [];
  #isPending = false;
  #isRetrying = false;
  #stale = false;

  constructor(request: LocateRequest, look: Look, random: Random) {
    this.#request = request;
    this.#look = look;
    this.#random = random;
  }

  run(): void {
    const { host, port, transport, supported } = this.#request;
    // RFC 3263 4.1: with an address or a port, a SIP URI's transport is UDP.
    const usual = transport ?? usualOf(supported);
    if (usual === undefined) {
      this.#reasons.push('no transport is supported');
      return;
    }
    if (isIpv4Address(host) || isIpv6Address(host)) {
      this.#add(usual, host, port ?? defaultPorts[usual], host);
      return;
    }
    const name = domainName(host);
    if (name === undefined) this.#reasons.push(`"${host.slice(0, 64)}" is neither an address nor a name`);
    else if (port !== undefined) this.#addresses(usual, name, port);
    else if (transport !== undefined) this.#byServices([serviceOf(transport, name)], name);
    else this.#byNaptr(name);
  }

  found(): Found {
    if (this.#isPending) return { kind: 'pending' };
    if (this.#targets.length > 0) return { kind: 'targets', targets: this.#targets, stale: this.#stale };
    // A question that has failed before keeps nobody waiting who has another way.
    if (this.#isRetrying) return { kind: 'pending' };
    return { kind: 'failed', reason: this.#reasons.slice(0, maxReasons).join('; ') };
  }

  /** 4.1. When NAPTR fails we go on as if there were none: some servers do not know the type, and SRV says the same. */
  #byNaptr(name: string): void {
    const heard = this.#ask('NAPTR', name);
    if (heard.kind === 'pending') return;
    const offered = heard.kind === 'records' ? this.#offered(heard.records as readonly NaptrRecord[]) : [];
    if (offered.length > 0) this.#byServices(offered, name);
    else
      this.#byServices(
        this.#request.supported.map((transport) => serviceOf(transport, name)),
        name,
        'udp',
      );
  }

  /** Of the lowest order among those we support (RFC 3403 4.1), by preference. */
  #offered(records: readonly NaptrRecord[]): readonly Service[] {
    const supported = records.filter(({ service }) =>
      this.#request.supported.includes(serviceTransports.get(service)!),
    );
    return supported
      .filter(({ order }) => order === supported[0]!.order)
      .slice(0, locateLimits.services)
      .map(({ service, replacement }) => ({ transport: serviceTransports.get(service)!, name: replacement }));
  }

  /**
   * The first service that leads anywhere decides the transport. Where none has SRV records, the host's own addresses
   * count (RFC 3263 4.2), by the transport `preferred` if it may be, else by the first that may.
   */
  #byServices(services: readonly Service[], host: string, preferred?: FlowTransport): void {
    const open: FlowTransport[] = [];
    let isKnown = false;
    for (const [index, service] of services.entries()) {
      const outcome = this.#service(service);
      if (outcome === 'pending') {
        // Asked at once, so that they need not be waited for one after the other.
        for (const { name } of services.slice(index + 1)) this.#look('SRV', name);
        return;
      }
      if (this.#isPending || this.#targets.length > 0) return;
      if (outcome === 'none') open.push(service.transport);
      else if (outcome !== 'not-offered') isKnown = true;
    }
    const transport = open.find((one) => one === preferred) ?? open[0];
    if (!isKnown && transport !== undefined) this.#addresses(transport, host, defaultPorts[transport]);
  }

  #service({ transport, name }: Service): ServiceOutcome {
    const heard = this.#ask('SRV', name);
    if (heard.kind !== 'records') return heard.kind;
    const records = (heard.records as readonly SrvRecord[]).filter(({ target }) => target !== '.');
    if (records.length === 0) {
      this.#reasons.push(`SRV ${name}: the service is not offered (target ".")`);
      return 'not-offered';
    }
    for (const { target, port } of srvOrder(records, this.#random)) this.#addresses(transport, target, port);
    return 'found';
  }

  #addresses(transport: FlowTransport, name: string, port: number): void {
    const lists = this.#request.families.map((family) => {
      const heard = this.#ask(family === 4 ? 'A' : 'AAAA', name);
      // In any order: several addresses of one name share its load, and the order we keep is that of one answer.
      return heard.kind === 'records' ? shuffled(heard.records as readonly AddressRecord[], this.#random) : [];
    });
    for (const { address } of interleaved(lists)) this.#add(transport, address, port, name);
  }

  #add(transport: FlowTransport, host: string, port: number, name: string): void {
    const targets = this.#targets;
    if (targets.length >= locateLimits.targets) return;
    for (const { remote } of targets) if (remote.host === host && remote.port === port) return;
    targets.push({ transport, remote: { host, port }, name });
  }

  #ask(type: DnsQuestion['type'], name: string): Heard {
    const heard = this.#look(type, name);
    switch (heard.kind) {
      case 'pending':
        this.#isPending = true;
        break;
      case 'records':
        this.#stale ||= heard.stale;
        break;
      case 'none':
        this.#stale ||= heard.stale;
        this.#reasons.push(`${type} ${name}: ${heard.reason === 'no-data' ? 'no such record' : 'no such name'}`);
        break;
      case 'failed':
        this.#isRetrying ||= heard.retrying;
        this.#reasons.push(`${type} ${name}: ${heard.reason}`);
        break;
    }
    return heard;
  }
}

function serviceOf(transport: FlowTransport, host: string): Service {
  return { transport, name: `${srvServices[transport]}.${host}` };
}

function usualOf(supported: readonly FlowTransport[]): FlowTransport | undefined {
  return supported.includes('udp') ? 'udp' : supported[0];
}

import type { Sockets } from '#call';
import type { SipRequest } from '#codec/sip-message';
import type { Configuration, Listener, Side, Trunk } from '#policy/configuration';
import { TrunkIndex } from '#policy/trunks';
import type { Flow } from '#sip/flow';
import type { DropReason } from './ports/index.ts';


/** Who may speak to us, and by which of our sockets: everything that hangs on addresses. */
export class Gate {
  readonly #configuration: Configuration;
  readonly #trunks: TrunkIndex;
  readonly #listeners: ReadonlyMap<string, Listener>;
  readonly #sockets = new Map<string, Sockets>();

  constructor(configuration: Configuration) {
    this.#configuration = configuration;
    this.#trunks = new TrunkIndex(configuration.trunks);
    this.#listeners = new Map(configuration.listeners.map((listener) => [listener.id, listener]));
    for (const side of ['internal', 'external'] as const) {
      for (const six of [false, true]) {
        const fits = (transport: string) =>
          configuration.listeners.find(
            (listener) =>
              listener.transport === transport &&
              (listener.side === side || listener.side === 'both') &&
              listener.bind.host.includes(':') === six,
          );
        this.#sockets.set(`${side} ${six}`, { udp: fits('udp'), tcp: fits('tcp'), tls: fits('tls') });
      }
    }
  }

  /** Before the parser: what needs no look inside. */
  admits(flow: Flow, octets: string): DropReason | 'pass' {
    if (octets.length < 5 || isBlank(octets)) return 'keep-alive';
    // Responses come from wherever our requests went; their branch is what identifies them.
    if (octets.startsWith('SIP/2.0 ')) return 'pass';
    if (this.#configuration.unknownSource === 'ignore' && !this.#trunks.names(flow.remote.host))
      return 'unknown-source';
    return 'pass';
  }

  trunkOf(request: SipRequest, flow: Flow): Trunk | undefined {
    const stream = flow.connection !== undefined;
    return this.#trunks.identify(flow.remote, stream, stream ? request.via.port : undefined);
  }

  /** True when it is one of the trunk's hosts, whichever port it speaks from. */
  speaksFor(trunk: Trunk, flow: Flow): boolean {
    return trunk.addresses.some(({ host }) => host === flow.remote.host);
  }

  /** True when the trunk's messages may come by this listener. */
  rightSide(trunk: Trunk, flow: Flow): boolean {
    const side = this.#listeners.get(flow.listener)?.side;
    return side === 'both' || side === trunk.side;
  }

  listenersFor(side: Side, host: string): Sockets {
    return this.#sockets.get(`${side} ${host.includes(':')}`)!;
  }
}

/** CRLFs and nothing else (RFC 5626 4.4.1); a message's first octet tells at once that it is none. */
function isBlank(octets: string): boolean {
  for (let i = 0; i < octets.length; i++) {
    const code = octets.charCodeAt(i);
    if (code !== 13 && code !== 10 && code !== 32 && code !== 0) return false;
  }
  return true;
}

import type { HostPort, Octets } from '#kernel';
import type { Flow } from '#sip/flow';
import { ourHosts, peerAddresses } from './configuration.ts';
import type { Dice } from './dice.ts';
import type { Endpoint, Network } from './network.ts';

const nobody: HostPort = { host: '203.0.113.66', port: 5060 };
const methods = ['INVITE', 'ACK', 'BYE', 'CANCEL', 'OPTIONS', 'INFO', 'REGISTER', 'UPDATE', 'PRACK', 'FROB'];
/** Messages heard of each peer that may be sent again, or something like them. */
const heardSize = 40;

/** Sends what nobody should: from an address of nobody, and in the name of the peers, whose messages it overhears. */
export class Hostile implements Endpoint {
  readonly name = 'hostile';
  readonly alive = true;
  readonly #dice: Dice;
  readonly #network: Network;
  readonly #heard = new Map<string, Octets[]>();
  #at = 0;
  #streams = 0;

  constructor(dice: Dice, network: Network) {
    this.#dice = dice;
    this.#network = network;
    network.attach(this, nobody, { udp: 'hostile/udp', tcp: 'hostile/tcp' });
  }

  /** Whatever goes between a peer and Tandem. */
  overhear(from: string, to: string, octets: Octets): void {
    const peer = from === 'tandem' ? to : from;
    if (from === this.name || to === this.name) return;
    const heard = this.#heard.get(peer) ?? [];
    this.#heard.set(peer, heard);
    heard[this.#at++ % heardSize] = octets;
  }

  act(): void {
    const dice = this.#dice;
    const from = dice.chance(0.25) ? undefined : dice.pick(peerAddresses);
    const side = from?.side ?? dice.pick(['internal', 'external'] as const);
    const source = from?.address ?? nobody;
    const heard = from && (this.#heard.get(from.name) ?? []).filter((octets) => octets !== undefined);
    const octets =
      heard && heard.length > 0 && dice.chance(0.7)
        ? this.#mutated(dice.pick(heard))
        : this.#invented(source, ourHosts[side]);
    if (dice.chance(0.2)) return this.#byStream(source, ourHosts[side], octets);
    const to = {
      host: dice.chance(0.95) ? ourHosts[side] : ourHosts[side === 'internal' ? 'external' : 'internal'],
      port: 5060,
    };
    this.#network.datagram(this, 'hostile/udp', source, to, octets);
  }

  /** A connection that claims the peer's address: what it says, and gone. */
  #byStream(source: HostPort, to: string, octets: Octets): void {
    const flow: Flow = {
      transport: 'tcp',
      listener: 'hostile/tcp',
      remote: { host: to, port: 5060 },
      connection: `evil-${++this.#streams}`,
    };
    this.#network.connect(this, source, flow);
    this.#network.send(this, source, flow, octets);
    if (this.#dice.chance(0.5)) this.#network.close(this, flow.connection!);
  }

  received(_flow: Flow, _octets: Octets): void {}
  opened(): void {}
  closed(): void {}
  undeliverable(): void {}

  #invented({ host, port }: HostPort, to: string): Octets {
    const dice = this.#dice;
    const token = () => `evil.${dice.token(64)}`;
    const via = `Via: SIP/2.0/UDP ${host}:${port};branch=${dice.chance(0.9) ? 'z9hG4bK' : ''}${token()}${dice.chance(0.5) ? ';rport' : ''}`;
    const tag = dice.chance(0.4) ? `;tag=${token()}` : '';
    const method = dice.pick(methods);
    const rest = `${via}\r\nFrom: <sip:x@${host}>;tag=${token()}\r\nTo: <sip:y@${to}>${tag}\r\nCall-ID: ${token()}\r\n`;
    if (dice.chance(0.25)) {
      const status = dice.pick([100, 180, 200, 200, 302, 404, 487, 503, 603]);
      return `SIP/2.0 ${status} Hm\r\n${rest}CSeq: 1 ${dice.pick(methods)}\r\nContent-Length: 0\r\n\r\n`;
    }
    const contact = dice.chance(0.7) ? `Contact: <sip:x@${host}:${port}>\r\n` : '';
    const require = dice.chance(0.1) ? 'Require: 100rel\r\n' : '';
    const hops = `Max-Forwards: ${dice.pick(['70', '1', '0'])}\r\n`;
    const body = dice.chance(0.3) ? dice.pick(['v=0\r\n', 'nonsense', '\0\0']) : '';
    const type = body === '' ? '' : `Content-Type: ${dice.pick(['application/sdp', 'text/plain'])}\r\n`;
    return `${method} sip:+1000@${to} SIP/2.0\r\n${rest}CSeq: ${dice.integer(5)} ${method}\r\n${contact}${require}${hops}${type}Content-Length: ${body.length}\r\n\r\n${body}`;
  }

  /** One to three changes to a message that was on the wire. */
  #mutated(octets: Octets): Octets {
    const dice = this.#dice;
    let out = octets;
    for (let i = dice.integer(4); i > 0; i--) out = this.#changed(out);
    return out;
  }

  #changed(octets: Octets): Octets {
    const dice = this.#dice;
    const lines = octets.split('\r\n');
    const at = dice.integer(lines.length);
    const line = lines[at]!;
    switch (dice.integer(7)) {
      case 0:
        lines.splice(at, 1);
        break;
      case 1:
        lines.splice(at, 0, line);
        break;
      case 2: {
        const char = dice.integer(line.length + 1);
        lines[at] = line.slice(0, char) + String.fromCharCode(dice.integer(256)) + line.slice(char + 1);
        break;
      }
      case 3:
        lines[0] = lines[0]!.replace(/^[A-Z]+/, (method) => (method === 'SIP' ? method : dice.pick(methods)));
        break;
      case 4: {
        const cseq = lines.findIndex((one) => one.startsWith('CSeq:'));
        if (cseq >= 0) lines[cseq] = `CSeq: ${dice.integer(200)} ${dice.pick(methods)}`;
        break;
      }
      case 5: {
        const via = lines.findIndex((one) => one.startsWith('Via:'));
        if (via >= 0) lines[via] = lines[via]!.replace(/branch=[^;]*/, `branch=z9hG4bKevil.${dice.token(64)}`);
        break;
      }
      default:
        return octets.slice(0, dice.integer(octets.length + 1));
    }
    return lines.join('\r\n');
  }
}

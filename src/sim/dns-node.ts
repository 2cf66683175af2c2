import type { DnsAnswer, DnsQuestion, DnsRecord } from '#sip/locate';
import type { Agenda } from './agenda.ts';
import { domainOf, peerAddresses } from './configuration.ts';
import type { Dice } from './dice.ts';
import type { Mix } from './mix.ts';
import { enumDomain } from './organisation/settings.ts';
import type { PeerAddress, PeerTransport } from './peer-address.ts';

export interface DnsNodeOptions {
  readonly agenda: Agenda;
  readonly dice: Dice;
  readonly mix: Mix;
  readonly transport: (peer: PeerAddress) => PeerTransport;
  readonly trace: (what: string) => void;
  /** What the DNS of numbers says. */
  readonly numbers: (name: string) => DnsAnswer;
}

const services = { udp: '_sip._udp', tcp: '_sip._tcp', tls: '_sips._tcp' } as const;

/** The DNS: knows the providers by name, and is slow, silent, failing, denying, or of another mind than before. */
export class DnsNode {
  readonly #options: DnsNodeOptions;
  /** Ms for which an answer holds. */
  readonly #ttl: number;
  /** Where a dead server stands by each name: before the living one, behind it, or not at all. */
  readonly #dead = new Map<string, 'before' | 'behind' | 'none'>();
  #calm = false;

  constructor(options: DnsNodeOptions) {
    this.#options = options;
    const { dice, mix } = options;
    this.#ttl = dice.pick([1_000, 10_000, 60_000, 3_600_000]);
    for (const { name } of peerAddresses)
      this.#dead.set(name, name === 'south' && mix.deadAddress ? 'before' : dice.pick(['behind', 'none'] as const));
  }

  /** The answer, some day or never. */
  ask(question: DnsQuestion, reply: (answer: DnsAnswer) => void): void {
    const { agenda, dice, mix, trace } = this.#options;
    const { type, name } = question;
    const troubled = (fault: 'dns-silence' | 'dns-failures' | 'dns-denials', chance: number) =>
      !this.#calm && mix.faults.has(fault) && dice.chance(chance);
    if (troubled('dns-silence', 0.3)) return trace(`is silent: ${type} ${name}`);
    const answer: DnsAnswer = troubled('dns-failures', 0.3)
      ? { kind: 'failed', reason: 'SERVFAIL' }
      : troubled('dns-denials', 0.2)
        ? { kind: 'none', reason: 'no-such-name', ttl: 5_000 }
        : this.#answer(question);
    // Beyond the time that a question has it comes too late, and is taken all the same.
    const slow = !this.#calm && mix.faults.has('dns-silence') && dice.chance(0.2);
    agenda.in(slow ? dice.between(500, 8_000) : dice.between(0.5, 40), () => {
      trace(`${type} ${name}: ${JSON.stringify(answer)}`);
      reply(answer);
    });
  }

  /** A provider rearranges its servers. */
  change(): void {
    const { dice } = this.#options;
    const { name } = dice.pick(peerAddresses);
    this.#dead.set(name, dice.pick(['before', 'behind', 'none'] as const));
  }

  /** From now on every question is answered, and rightly. */
  calm(): void {
    this.#calm = true;
  }

  #answer({ type, name }: DnsQuestion): DnsAnswer {
    if (name.endsWith(enumDomain)) return this.#options.numbers(name);
    const peer = peerAddresses.find((one) => name === domainOf(one.name) || name.endsWith(`.${domainOf(one.name)}`));
    const none: DnsAnswer = { kind: 'none', reason: peer ? 'no-data' : 'no-such-name', ttl: 10_000 };
    if (!peer) return none;
    const domain = domainOf(peer.name);
    const records: DnsRecord[] = [];
    if (type === 'SRV' && name === `${services[this.#options.transport(peer)]}.${domain}`) {
      const { port } = peer.address;
      const dead = this.#dead.get(peer.name)!;
      records.push({ type, priority: 20, weight: 0, port, target: `gw.${domain}` });
      if (dead !== 'none' && peer.dead) {
        const priority = dead === 'before' ? 10 : 30;
        records.push({ type, priority, weight: 0, port: peer.dead.port, target: `dead.${domain}` });
      }
    }
    if (type === 'A' && name === `gw.${domain}`) records.push({ type, address: peer.address.host });
    if (type === 'A' && name === `dead.${domain}` && peer.dead) records.push({ type, address: peer.dead.host });
    return records.length > 0 ? { kind: 'records', records, ttl: this.#ttl } : none;
  }
}

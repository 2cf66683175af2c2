import { parseMessage, parseNameAddress, parseUri } from '#codec/sip-message';
import type { Engine } from '#engine';
import type { Instant, Octets } from '#kernel';
import type { Fault, Mix } from '../mix.ts';
import type { Organisation } from '../organisation/organisation.ts';
import type { Agent } from '../peer/agent.ts';
import { Violation } from './safety.ts';

/** Ms from the choice of a device to its INVITE: ports of media are waited for. */
const patience = 3_000;

/** Who is registered is called, and nobody else; for as long as he was told. Seen from the wire. */
export class RegistrationChecks {
  readonly #organisation: Organisation;
  readonly #isTrue: boolean;
  /** Contact -> virtual ms until which it may be called. */
  readonly #until = new Map<string, number>();
  readonly #invited = new Set<string>();

  constructor(organisation: Organisation, { faults }: Mix) {
    this.#organisation = organisation;
    // A jump of the wall clock moves what stands in its time; a forger registers as much as he overhears.
    this.#isTrue = !(['clock-jumps', 'hostile'] as readonly Fault[]).some((fault) => faults.has(fault));
  }

  /** Each message of ours, as it leaves. */
  sent(host: string, octets: Octets, now: number): void {
    if (!this.#isTrue) return;
    const device = this.#organisation.devices.find(({ address }) => address.host === host);
    if (!device) return;
    const isInvite = octets.startsWith('INVITE ');
    if (!isInvite && !octets.startsWith('SIP/2.0 200')) return;
    const message = parseMessage(octets);
    if (message.kind === 'fault') return;
    // What comes again says nothing new.
    const key = `${message.via.branch} ${message.callId}`;
    if (message.kind === 'response' && this.#invited.has(key)) return;
    if (message.kind === 'response') this.#invited.add(key);
    if (message.kind === 'response' && message.cseq.method === 'REGISTER') {
      const own = this.#organisation.devices.filter(({ user }) => user === device.user);
      for (const { address } of own)
        for (const [uri, until] of this.#until)
          if (until > now && parseUri(uri)?.host === address.host) this.#until.set(uri, now);
      for (const value of message.all('contact')) {
        const contact = parseNameAddress(value);
        const seconds = Number(contact?.params.get('expires'));
        if (contact) this.#until.set(contact.uri, now + seconds * 1000);
      }
    }
    if (message.kind !== 'request' || message.to.tag !== undefined || this.#invited.has(message.callId)) return;
    this.#invited.add(message.callId);
    const until = this.#until.get(message.uri);
    if (until === undefined) throw new Violation(`${device.name} rings at ${message.uri}, which nobody registered`);
    if (until + patience < now)
      throw new Violation(`${device.name} rings ${now - until} ms after its registration was over`);
  }

  /** A process that died had kept what it had no time to tell any more. */
  restored(engine: Engine, now: Instant, at: number): void {
    for (const { devices } of bindingsOf(engine, now))
      for (const { contact, expires } of devices) {
        const until = at + Date.parse(expires) - now.wall;
        this.#until.set(contact, Math.max(until, this.#until.get(contact) ?? 0));
      }
  }

  /** Who was told that he is registered is, at our end too. */
  look(engine: Engine, agents: readonly Agent[], now: Instant): void {
    if (!this.#isTrue) return;
    const known = bindingsOf(engine, now);
    for (const { user, devices } of known) {
      const person = this.#organisation.people.find(({ name }) => name === user)!;
      if (devices.length > person.most) throw new Violation(`${user} has ${devices.length} devices of ${person.most}`);
      for (const { contact, expires } of devices)
        if (Date.parse(expires) < now.wall - 1000) throw new Violation(`${contact} was to go at ${expires}`);
    }
    for (const { name, devices, most } of this.#organisation.people) {
      // One more takes the place of another.
      if (devices.length > most) continue;
      for (const device of devices) {
        const agent = agents.find((one) => one.name === device.name);
        const { phone } = agent ?? {};
        if (!agent?.alive || !phone?.isSettled || phone.until <= agent.now().mono + 1_000) continue;
        const own = known.find(({ user }) => user === name)?.devices ?? [];
        if (!own.some(({ contact }) => contact === phone.contact))
          throw new Violation(`${device.name} was told that it is registered, and is not: ${JSON.stringify(own)}`);
      }
    }
  }
}

/** Who is registered, and until when. */
function bindingsOf(engine: Engine, now: Instant) {
  return engine.users.inspect(now, () => 0, new Set()) as readonly {
    readonly user: string;
    readonly devices: readonly { readonly contact: string; readonly expires: string }[];
  }[];
}

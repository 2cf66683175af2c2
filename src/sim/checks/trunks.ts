import type { MediaRequest } from '#codec/media-control';
import { parseMessage, type SipRequest } from '#codec/sip-message';
import type { Engine } from '#engine';
import type { CallRecord, Configuration, Input, Trunk } from '#engine/ports';
import { formatHostPort, type HostPort, type Instant, type Octets } from '#kernel';
import { describeFlow, type Flow } from '#sip/flow';
import { peerAddresses } from '../configuration.ts';
import { Violation } from './safety.ts';

/** docs/limits.md: whatever a registrar answers. */
const registersPerMinute = 40;
const minute = 60_000;

/** What a trunk was before a turn of the engine. */
interface Before {
  /** Why calls pass a target by, by its name. */
  readonly skipped: ReadonlyMap<string, string>;
  /** The connection that it is registered by. */
  readonly connection: string | undefined;
}

/** What must hold of the trunks: who is called, by what, how often they are bothered, and who is kept out. */
export class TrunkChecks {
  #configuration: Configuration;
  #before: ReadonlyMap<string, Before> = new Map();
  /** Session -> what was when ports were asked for: a target is chosen then, and called when they are there. */
  readonly #orders = new Map<string, ReadonlyMap<string, Before>[]>();
  /** All that may have been when this turn's target was chosen. */
  #choices: readonly ReadonlyMap<string, Before>[] = [];
  /** Targets that each trunk was ever called or asked at. */
  readonly #targets = new Map<string, Map<string, HostPort & { readonly transport: Flow['transport'] }>>();
  /** Call-ID of our first INVITE to a target -> what is wrong with that unless it was the last resort. */
  readonly #doubtful = new Map<string, string>();
  readonly #invited = new Set<string>();
  /** Trunk -> times and branches of its last REGISTERs. */
  #registers = new Map<string, { readonly at: number; readonly branch: string }[]>();

  constructor(configuration: Configuration) {
    this.#configuration = configuration;
    for (const { name } of configuration.trunks) this.#targets.set(name, new Map());
  }

  /** Another one holds. */
  configured(configuration: Configuration): void {
    this.#configuration = configuration;
    for (const { name } of configuration.trunks) if (!this.#targets.has(name)) this.#targets.set(name, new Map());
  }

  /** A process begins. */
  started(): void {
    this.#registers = new Map();
  }

  /** Before each turn. */
  turn(engine: Engine, now: Instant, input?: Input): void {
    const before = new Map<string, Before>();
    for (const trunk of this.#configuration.trunks) {
      const skipped = new Map<string, string>();
      if (trunk.health) {
        for (const [name, { transport, host, port }] of this.#targets.get(trunk.name)!) {
          const why = engine.trunks.skip(trunk, { transport, remote: { host, port } }, now);
          if (why !== undefined) skipped.set(name, why);
        }
      }
      before.set(trunk.name, { skipped, connection: registeredBy(engine, trunk, now) });
    }
    this.#before = before;
    const applied = input?.kind === 'media' && input.message.kind === 'applied' ? input.message.session : '';
    this.#choices = [before, ...(this.#orders.get(applied) ?? [])];
    this.#orders.delete(applied);
  }

  /** Ports are asked for. */
  ordered({ kind, ...rest }: MediaRequest): void {
    if (kind !== 'apply' || !('plan' in rest)) return;
    const { session } = rest.plan;
    this.#orders.set(session, [...(this.#orders.get(session) ?? []), this.#before]);
  }

  /** Each message of ours, as it leaves. */
  sent(engine: Engine, flow: Flow, octets: Octets, now: Instant): void {
    const isInvite = octets.startsWith('INVITE ');
    const isRegister = octets.startsWith('REGISTER ');
    if (!isInvite && !isRegister && !octets.startsWith('OPTIONS ')) return;
    const trunk = this.#trunkAt(flow.remote.host);
    const request = parseMessage(octets);
    if (!trunk || request.kind !== 'request' || request.to.tag !== undefined) return;
    if (isRegister) this.#registered(trunk, request, now.mono);
    if (isInvite) this.#called(engine, trunk, flow, request, now);
    const { transport, remote } = flow;
    this.#targets.get(trunk.name)!.set(describeFlow(flow), { transport, ...remote });
  }

  recorded({ attempts, decisions, emergency }: CallRecord): void {
    for (const { leg } of attempts) {
      const isLastResort = decisions.some(
        ({ rule, outcome }) =>
          (attempts.length === 1 || rule === `trunk ${leg.trunk}`) &&
          outcome === 'nothing else is left: tried all the same',
      );
      const doubt = this.#doubtful.get(leg.callId);
      // A leg that goes on in another call is in the record of that too.
      this.#doubtful.delete(leg.callId);
      // Who needs help is tried with everybody.
      if (doubt !== undefined && !isLastResort && emergency === undefined) throw new Violation(doubt);
    }
  }

  /** Something was let fall because of who sent it. */
  dropped(reason: string, from: HostPort | undefined): void {
    if (reason !== 'banned' && reason !== 'flood' && reason !== 'scanner') return;
    const trunk =
      from && this.#configuration.trunks.find(({ addresses }) => addresses.some((one) => one.host === from.host));
    if (trunk) throw new Violation(`${trunk.name} is kept out at ${formatHostPort(from)}: ${reason}`);
  }

  #called(engine: Engine, trunk: Trunk, flow: Flow, invite: SipRequest, now: Instant): void {
    if (this.#invited.has(invite.callId)) return; // With credentials, or by another way.
    this.#invited.add(invite.callId);
    const target = describeFlow(flow);
    const choices = this.#choices.map((choice) => choice.get(trunk.name)!);
    if (choices.every(({ skipped }) => skipped.has(target)))
      this.#doubtful.set(
        invite.callId,
        `${trunk.name} is called at ${target}, which is skipped: ${choices[0]!.skipped.get(target)}`,
      );
    if (!trunk.registration || trunk.transport === 'udp') return;
    const registered = [registeredBy(engine, trunk, now), ...choices.map(({ connection }) => connection)];
    // It may have fallen since it was chosen: then the call goes to the same address, anew.
    const isNow = registered[0] === undefined && registered.some((one) => one !== undefined);
    if (flow.connection === undefined || !(registered.includes(flow.connection) || isNow))
      this.#doubtful.set(
        invite.callId,
        `${trunk.name} is called by ${flow.connection}, and registered by ${registered[0]}`,
      );
  }

  #registered(trunk: Trunk, { via, octets }: SipRequest, mono: number): void {
    const sent = (this.#registers.get(trunk.name) ?? []).filter(({ at }) => at > mono - minute);
    const branch = via.branch ?? '';
    if (!sent.some((one) => one.branch === branch)) sent.push({ at: mono, branch });
    this.#registers.set(trunk.name, sent);
    if (sent.length > registersPerMinute)
      throw new Violation(`${sent.length} REGISTERs in a minute to ${trunk.name}: ${octets}`);
  }

  #trunkAt(host: string): Trunk | undefined {
    const peer = peerAddresses.find(({ address, dead }) => address.host === host || dead?.host === host);
    return this.#configuration.trunks.find(({ name }) => name === peer?.name);
  }
}

/** The connection that it is registered by; only that of a trunk which registers can be asked for without asking the DNS. */
function registeredBy(engine: Engine, trunk: Trunk, now: Instant): string | undefined {
  if (!trunk.registration) return undefined;
  const found = engine.trunks.targets(trunk, now);
  return found.kind === 'targets' ? found.targets[0]?.connection : undefined;
}

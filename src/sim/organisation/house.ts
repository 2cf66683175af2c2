import type { Engine } from '#engine';
import type { CallRecord, Configuration, Effect, Input } from '#engine/ports';
import type { Instant, Octets } from '#kernel';
import type { Agenda } from '../agenda.ts';
import { HelpChecks } from '../checks/help.ts';
import type { Limits } from '../checks/limits.ts';
import { checkLocation } from '../checks/location.ts';
import { checkOccupancy } from '../checks/occupancy.ts';
import { RegistrationChecks } from '../checks/registrations.ts';
import { RoomChecks } from '../checks/room.ts';
import { checkSilenced, checkTogether } from '../checks/together.ts';
import { peerAddresses } from '../configuration.ts';
import type { Dice } from '../dice.ts';
import type { Mix } from '../mix.ts';
import type { Agent } from '../peer/agent.ts';
import type { History } from '../peer/line.ts';
import { OracleNode } from './oracle-node.ts';
import type { Organisation } from './organisation.ts';
import { type LiveCall, Topology } from './topology.ts';

export interface HouseOptions {
  readonly mix: Mix;
  readonly organisation: Organisation;
  readonly configuration: Configuration;
  readonly agenda: Agenda;
  readonly dice: Dice;
  /** Ms in which messages have come wherever they go. */
  readonly patience: number;
  readonly agents: () => readonly Agent[];
  readonly histories: readonly History[];
}

/** The organisation of a world, and all who judge what becomes of it. */
export class House {
  readonly #options: HouseOptions;
  readonly oracle: OracleNode;
  readonly #topology: Topology;
  readonly #help: HelpChecks;
  readonly #registrations: RegistrationChecks;
  #room: RoomChecks | undefined;
  #lives = 0;

  constructor(options: HouseOptions) {
    const { mix, organisation, configuration, agenda, dice } = options;
    this.#options = options;
    this.oracle = new OracleNode(agenda, dice);
    this.#topology = new Topology(configuration, organisation);
    this.#help = new HelpChecks(mix, organisation, this.#topology);
    this.#registrations = new RegistrationChecks(organisation, mix);
  }

  /** A process begins. */
  started(engine: Engine): void {
    this.#lives++;
    this.#room = new RoomChecks(engine, this.#topology, this.#options.organisation);
  }

  /** It has taken up what the one before has left. */
  restored(engine: Engine, now: Instant): void {
    this.#registrations.restored(engine, now, this.#options.agenda.now);
  }

  /** After each turn. */
  turn(engine: Engine, limits: Limits): void {
    const calls = engine.standing.traces('') as readonly LiveCall[];
    this.#help.turn(calls);
    this.#room?.turn(calls);
    checkOccupancy(engine, calls, this.#options.organisation, this.#topology, limits);
  }

  sent(host: string, octets: Octets): void {
    this.#registrations.sent(host, octets, this.#options.agenda.now);
    this.#help.sent(
      host,
      peerAddresses.find(({ address, dead }) => address.host === host || dead?.host === host)?.name,
      octets,
    );
  }

  decide(
    effect: Extract<Effect, { kind: 'decide' }>,
    reply: (input: Extract<Input, { kind: 'decided' }>) => void,
  ): void {
    this.#help.act(effect);
    this.oracle.decide(effect, reply);
  }

  told(effect: Extract<Effect, { kind: 'notify' }>): void {
    this.#help.act(effect);
  }

  recorded(record: CallRecord): void {
    const { organisation, agenda, patience, histories, agents, mix } = this.#options;
    this.#help.recorded(record, this.#lives - 1);
    checkLocation(record, organisation, this.#topology);
    checkTogether(record);
    // What comes when nobody waits for its answer any more rings on.
    const breaking = ['hostile', 'certificates', 'handshakes', 'media-crashes'] as const;
    if (patience > 3_000 || breaking.some((fault) => mix.faults.has(fault))) return;
    const there = new Set(
      agents()
        .filter(({ alive }) => alive)
        .map(({ name }) => name),
    );
    agenda.in(patience, () =>
      checkSilenced(
        record,
        histories.filter(({ agent }) => there.has(agent)),
      ),
    );
  }

  look(engine: Engine, now: Instant): void {
    this.#registrations.look(engine, this.#options.agents(), now);
  }
}

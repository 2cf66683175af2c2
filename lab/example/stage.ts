import { createSocket, type Socket } from 'node:dgram';
import { setTimeout as sleep } from 'node:timers/promises';
import { atNode, type Configuration, type Listener, nodesOf, type Trunk, type User } from '#engine/ports';
import type { HostPort } from '#kernel';
import { type PhoneEvent, PhoneSocket } from '#phone';
import type { CallPlan } from '../plan.ts';
import { Program } from '../program.ts';
import { phoneHost } from './addresses.ts';
import { Conversation } from './conversation.ts';

/** Ms for a registrar to answer. */
const registering = 5_000;
/** Ms until nodes that have just begun know of each other. */
const nodesMeet = 5_000;
/** Seconds for which phones register: they are heard of again within the half of it. */
const registeredFor = 120;

/** Where each node of a file runs, where that is not the machine itself: by name, the file of its network namespace. */
export type Networks = ReadonlyMap<string, string>;

export interface Dialled {
  readonly caller?: string;
  /** Ms after which the caller hangs up; he does not unless given. */
  readonly talkMs?: number;
  /** The node that it is dialled through; the first one of those that it may be unless given. */
  readonly by?: string;
}

/** What stands behind a phone here. */
interface Place {
  readonly phone: PhoneSocket;
  /** Of somebody who registers. */
  readonly user?: User;
}

/** A configuration that runs: every node a program, a phone in the place of each trunk, and one for each user who registers. */
export class Stage {
  readonly configuration: Configuration;
  readonly #root: string;
  readonly #file: string;
  readonly #networks: Networks | undefined;
  readonly #programs = new Map<string | undefined, Program>();
  readonly #places = new Map<string, Place[]>();
  readonly #deaf: Socket[] = [];
  readonly #conversations: Conversation[] = [];
  /** Who waits for what a registrar says: by the name of the user. */
  readonly #waiting = new Map<string, (status: number) => void>();
  #number = 0;

  private constructor(root: string, file: string, configuration: Configuration, networks: Networks | undefined) {
    this.#root = root;
    this.#file = file;
    this.configuration = configuration;
    this.#networks = networks;
  }

  /** Resolves when all programs listen and all phones are registered. */
  static async start(root: string, file: string, configuration: Configuration, networks?: Networks): Promise<Stage> {
    const stage = new Stage(root, file, configuration, networks);
    try {
      await stage.#start();
      return stage;
    } catch (error) {
      const said = [...stage.#programs.values()].flatMap((program) => program.said.map((line) => `  ${line}`));
      await stage.stop();
      throw new Error([(error as Error).message, ...said].join('\n'));
    }
  }

  async #start(): Promise<void> {
    const { trunks, users = [], nodes = [] } = this.configuration;
    for (const trunk of trunks.filter(({ transport }) => transport === 'udp'))
      for (const { host, port } of trunk.addresses) await this.#open(trunk.name, { host, port });
    const names = nodes.length === 0 ? [undefined] : nodes.map(({ name }) => name);
    await Promise.all(names.map((name) => this.startNode(name)));
    // Whoever stood first may have found the others absent: they ask each other again every few seconds.
    if (names.length > 1) await sleep(nodesMeet);
    for (const user of users.filter(({ password }) => password !== undefined)) {
      const host = phoneHost(this.configuration, user);
      if (host === undefined) continue;
      await this.#open(user.name, { host, port: 0 }, user);
      const status = await this.register(user.name);
      if (status !== 200) throw new Error(`${user.name} cannot register: ${status || 'nobody answers'}`);
    }
  }

  async #open(name: string, address: HostPort, user?: User): Promise<void> {
    const domain = this.configuration.registrar?.domains[0] ?? this.configuration.registrar?.realm ?? '';
    const account = user?.password && { user: user.name, domain, password: user.password };
    const phone: PhoneSocket = await PhoneSocket.open(address, (event) => this.#told(name, phone, event), account);
    const places = this.#places.get(name) ?? [];
    this.#places.set(name, [...places, { phone, ...(user && { user }) }]);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#programs.values()].map((program) => program.stop(true)));
    for (const { phone } of [...this.#places.values()].flat()) phone.close();
    for (const socket of this.#deaf) socket.close();
  }

  // --- nodes ---------------------------------------------------------------------------------------------------------

  async startNode(name: string | undefined): Promise<void> {
    const own = name === undefined ? this.configuration : atNode(this.configuration, name)!;
    const network = name === undefined ? undefined : this.#networks?.get(name);
    const place = { ...(name !== undefined && { node: name }), ...(network !== undefined && { network }) };
    const program = new Program(this.#root, this.#file, own.records.path, place);
    this.#programs.set(name, program);
    await program.ready();
  }

  /** As when its machine loses power. */
  async killNode(name: string): Promise<void> {
    const program = this.#programs.get(name);
    if (!program) throw new Error(`there is no node ${name}`);
    program.kill();
    await program.ended;
    this.#programs.delete(name);
  }

  // --- phones --------------------------------------------------------------------------------------------------------

  /** The status of the registrar, 0 for none. `at`: a node; that of the user's site unless given. */
  register(user: string, at?: string): Promise<number> {
    const place = this.#placeOf(user);
    const registrar = this.#addressFor(this.#listeners(place.user!, at));
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#waiting.get(user)?.(0), registering);
      this.#waiting.set(user, (status) => {
        clearTimeout(timer);
        this.#waiting.delete(user);
        resolve(status);
      });
      place.phone.handle({ kind: 'register', at: registrar, seconds: registeredFor });
    });
  }

  /** What stands at the end of this trunk says nothing from now on: its machine is there, and its program hangs. */
  async deafen(trunk: string): Promise<void> {
    for (const { phone } of this.#places.get(trunk) ?? []) {
      const { host, port } = phone.address;
      phone.close();
      const socket = createSocket('udp4');
      this.#deaf.push(socket);
      await new Promise<void>((resolve, reject) => {
        socket.once('error', reject);
        socket.bind(port, host, resolve);
      });
    }
    this.#places.delete(trunk);
  }

  // --- calls ---------------------------------------------------------------------------------------------------------

  /** Whether a phone of ours stands for it: a trunk of UDP, or a user who registers. */
  has(name: string): boolean {
    return this.#places.has(name);
  }

  /** From a trunk or a user. Resolves when it is answered or refused. */
  async dial(from: string, to: string, { caller = '+4930231251', talkMs, by }: Dialled = {}): Promise<Conversation> {
    const { phone, user } = this.#placeOf(from);
    const trunk = this.configuration.trunks.find(({ name }) => name === from);
    const plan = planOf(++this.#number, user ? user.name : caller, to, talkMs);
    const conversation = new Conversation(plan, phone);
    this.#conversations.push(conversation);
    await conversation.dial(this.#addressFor(this.#listeners(user ?? trunk!, by)));
    return conversation;
  }

  #placeOf(name: string): Place {
    const [place] = this.#places.get(name) ?? [];
    if (!place) throw new Error(`no phone stands for ${name}`);
    return place;
  }

  #told(name: string, phone: PhoneSocket, event: PhoneEvent): void {
    if (event.kind === 'registered') this.#waiting.get(name)?.(event.status);
    else if (event.kind === 'incoming') {
      // The last one that was dialled waits for it.
      if (!this.#conversations.at(-1)?.takes(event, name, phone))
        phone.handle({ kind: 'refuse', call: event.call, status: 486 });
    } else if (event.kind !== 'asked') for (const one of this.#conversations) one.told(event, phone);
  }

  // --- addresses -----------------------------------------------------------------------------------------------------

  #addressFor(listeners: readonly Listener[]): HostPort {
    const udp = listeners.find(({ transport }) => transport === 'udp');
    if (!udp) throw new Error('the example has no listener of UDP for one of its phones');
    return udp.bind;
  }

  /** Where somebody sends his requests: to what lives of what he belongs to. */
  #listeners(of: Trunk | User, node: string | undefined): readonly Listener[] {
    const { listeners, nodes = [] } = this.configuration;
    const isTrunk = 'addresses' in of;
    const side = isTrunk ? of.side : 'internal';
    const fits = (one: Listener) =>
      isTrunk && of.listeners ? of.listeners.includes(one.name) : one.side === 'both' || one.side === side;
    if (nodes.length === 0) return listeners.filter(fits);
    const own = isTrunk ? nodesOf(this.configuration, of) : nodes.filter((one) => this.#serves(one.site, of));
    const chosen =
      node === undefined ? own.find(({ name }) => this.#programs.has(name)) : nodes.find(({ name }) => name === node);
    return listeners.filter(
      (one) => chosen?.listeners.includes(one.name) && (node !== undefined ? one.side === side : fits(one)),
    );
  }

  #serves(site: string | undefined, user: User): boolean {
    const { sites = [], nodes = [] } = this.configuration;
    if (nodes.some((node) => node.site === user.site)) return site === user.site;
    return site === sites.find(({ name }) => name === user.site)?.centre;
  }
}

function planOf(number: number, caller: string, called: string, talkMs: number | undefined): CallPlan {
  return {
    number,
    from: 'pbx',
    caller,
    called,
    law: 'PCMA',
    // Every call has its own pitch, so that one that is joined to the wrong one is not heard.
    callerTone: 400 + 40 * (number % 8),
    calleeTone: 1000 + 40 * (number % 8),
    ringMs: 100,
    talkMs: talkMs ?? 600_000,
    hangsUp: 'caller',
    detour: false,
  };
}

import { type Configuration, judge, Router, type SampleCall, type Trunk } from '#engine/ports';
import type { HostPort } from '#kernel';
import { type PhoneEvent, PhoneSocket } from '#phone';
import { Party } from '../party.ts';
import type { CallPlan } from '../plan.ts';
import { Program } from '../program.ts';

/** What came of a sample call that was made. */
export interface SampleOutcome {
  readonly sample: SampleCall;
  /** The trunk that was called, and with which numbers. */
  readonly reached?: { readonly trunk: string; readonly called: string; readonly caller: string };
  /** The status of a refusal. */
  readonly refused?: number;
  readonly heard: boolean;
  /** What is not as it should be, in a sentence each. */
  readonly faults: readonly string[];
}

/** Ms that a sample call may take from INVITE to its end. */
const longest = 15_000;

/** One configuration on loopback: a phone in the place of each trunk, and the sample calls of the file made for real. */
export class Example {
  readonly #configuration: Configuration;
  readonly #program: Program;
  readonly #phones = new Map<string, PhoneSocket>();
  #told: (trunk: string, event: PhoneEvent) => void = () => {};
  #number = 0;

  private constructor(configuration: Configuration, program: Program) {
    this.#configuration = configuration;
    this.#program = program;
  }

  static async start(root: string, file: string, configuration: Configuration): Promise<Example> {
    const example = new Example(configuration, new Program(root, file, configuration.records.path));
    try {
      for (const trunk of configuration.trunks) {
        const [address] = trunk.addresses;
        if (trunk.transport !== 'udp' || !address) continue;
        const phone = await PhoneSocket.open({ host: address.host, port: address.port }, (event) =>
          example.#told(trunk.name, event),
        );
        example.#phones.set(trunk.name, phone);
      }
      await example.#program.ready();
      return example;
    } catch (error) {
      const said = example.#program.said.map((line) => `  ${line}`).join('\n');
      await example.stop();
      throw new Error(`${(error as Error).message}\n${said}`);
    }
  }

  /** Makes one call; undefined when its caller is nobody that a phone stands for here (a user that would have to register). */
  async call(sample: SampleCall): Promise<SampleOutcome | undefined> {
    const from = this.#configuration.trunks.find(({ name }) => name === sample.from);
    const phone = this.#phones.get(sample.from);
    if (!from || !phone) return undefined;
    const expected = judge(new Router(this.#configuration), sample);
    const [first] = expected.plan.trunks;
    const plan = planOf(++this.#number, sample);
    const id = `sample-${plan.number}`;
    const caller = new Party(plan, 'caller', phone, id, () => {});
    let reached: SampleOutcome['reached'];
    let callee: Party | undefined;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#told = (trunk, event) => {
      if (event.kind === 'incoming') {
        const at = this.#phones.get(trunk)!;
        reached = { trunk, called: event.called, caller: event.caller };
        callee = new Party(plan, 'callee', at, event.call, () => {});
        void callee.take(event);
        return;
      }
      if (event.kind === 'asked') return;
      for (const party of [caller, callee]) if (party?.is(this.#phones.get(trunk)!, event.call)) party.told(event);
      if (caller.isOver && (!callee || callee.isOver)) resolve();
    };
    const timer = setTimeout(resolve, longest);
    await caller.dial(this.#listenerOf(from));
    await promise;
    clearTimeout(timer);
    const said = caller.report();
    const refused = said.answeredAt === undefined && said.end ? said.end.status : undefined;
    const heard = said.heard && callee?.report().heard === true;
    const faults = [...expected.differences, ...said.troubles];
    if (!caller.isOver) faults.push(`it has not ended after ${longest / 1000} s`);
    if (first && reached?.trunk !== first.trunk.name)
      faults.push(`${reached?.trunk ?? 'nobody'} was called, not ${first.trunk.name}`);
    if (first && reached && reached.called !== (first.called ?? sample.to))
      faults.push(`it was called as ${reached.called}, not ${first.called ?? sample.to}`);
    if (first && !heard) faults.push('the two did not hear each other');
    if (!first && sample.expect.refused !== undefined && refused !== sample.expect.refused)
      faults.push(`it was answered with ${refused ?? 'a call'}, not ${sample.expect.refused}`);
    return {
      sample,
      ...(reached ? { reached } : {}),
      ...(refused === undefined ? {} : { refused }),
      heard,
      faults,
    };
  }

  async stop(): Promise<void> {
    await this.#program.stop(true);
    for (const phone of this.#phones.values()) phone.close();
  }

  /** Where a peer of this trunk sends its requests. */
  #listenerOf({ side, listeners }: Trunk): HostPort {
    const listener = this.#configuration.listeners.find(
      (one) =>
        one.transport === 'udp' &&
        (listeners ? listeners.includes(one.name) : one.side === 'both' || one.side === side),
    );
    if (!listener) throw new Error('the example has no listener for one of its trunks');
    return listener.bind;
  }
}

function planOf(number: number, { caller = '+4930231251', to }: SampleCall): CallPlan {
  return {
    number,
    from: 'pbx',
    caller,
    called: to,
    law: 'PCMA',
    callerTone: 440,
    calleeTone: 1000,
    ringMs: 100,
    talkMs: 700,
    hangsUp: 'caller',
    detour: false,
  };
}

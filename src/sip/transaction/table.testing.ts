import { formatRequest, formatResponse, type Header, parseMessage, SipRequest, SipResponse } from '#codec/sip-message';
import { assert, Deadlines, type Octets } from '#kernel';
import type { Flow } from '#sip/flow';
import { defaultTimers, type Sleeper } from './timers.ts';
import type { TransactionEvent, TransactionUser } from './transaction.ts';

const udp: Flow = { transport: 'udp', listener: 'u', remote: { host: '192.0.2.9', port: 5060 } };
const tcp: Flow = {
  transport: 'tcp',
  listener: 't',
  remote: { host: '192.0.2.9', port: 40000 },
  connection: 'c1',
};
export const flows = { udp, tcp };

export type Transport = keyof typeof flows;
const transports: readonly Transport[] = ['udp', 'tcp'];

/** What a row says: the same on both transports, or one for each. */
type Cell = string | Readonly<Record<Transport, string>>;

/** Status codes that stand for their class in the tables, both ends of it. */
const statuses = { '1xx': [100, 180, 199], '2xx': [200, 299], '3xx-6xx': [300, 486, 699] } as const;
type StatusClass = keyof typeof statuses;

function classOf(status: number): StatusClass {
  if (status < 200) return '1xx';
  return status < 300 ? '2xx' : '3xx-6xx';
}

/** Stands in for the layer: records what a machine does, and drives it by real deadlines. */
export class Rig implements TransactionUser<string> {
  readonly deadlines = new Deadlines<Sleeper>();
  readonly timers = defaultTimers;
  readonly log: string[] = [];
  /** Where each message left, in order. */
  readonly left: { readonly flow: Flow; readonly octets: Octets }[] = [];
  now = 1_000_000;

  send(flow: Flow, octets: Octets): void {
    this.left.push({ flow, octets });
    const status = /^\d{3}$/.test(octets) ? classOf(Number(octets)) : undefined;
    this.log.push(`send ${status ?? octets.split(' ', 1)[0]}`);
  }

  sendAgain(flow: Flow, octets: Octets): void {
    this.send(flow, octets);
  }

  tell(event: TransactionEvent<string>): void {
    let what = '';
    if (event.kind === 'response' || event.kind === 'stray-response') what = ` ${classOf(event.response.status)}`;
    else if (event.kind === 'failed') what = ` ${event.failure}`;
    this.log.push(`tell ${event.kind}${what}`);
  }

  cancel(): void {
    this.log.push('send CANCEL');
  }

  terminated(): void {
    this.log.push('end');
  }

  /** "A 500, B 32000": what is armed and in how many ms. */
  armed(): string {
    return [...this.deadlines]
      .sort((a, b) => a.at - b.at)
      .map(({ name, at }) => `${name.replace('Timer ', '')} ${at - this.now}`)
      .join(', ');
  }

  /** Lets the time come at which the timer fires, and the earlier ones fire before. One that is not armed never does. */
  fire(name: string): void {
    if (![...this.deadlines].some((deadline) => deadline.name === name)) return;
    for (;;) {
      const at = this.deadlines.next();
      assert(at !== undefined, `${name} was armed and never fired`);
      this.now = at;
      const deadline = this.deadlines.due(at)!;
      this.log.length = 0;
      deadline.owner.wake(deadline.name, { mono: at, wall: 0 });
      if (deadline.name === name) return;
    }
  }

  /** Runs until nothing is armed; what was done and when, in ms from now. */
  history(): readonly string[] {
    const start = this.now;
    const history: string[] = [];
    for (;;) {
      for (const entry of this.log.splice(0)) history.push(`${this.now - start} ${entry}`);
      const at = this.deadlines.next();
      if (at === undefined) return history;
      this.now = at;
      const deadline = this.deadlines.due(at)!;
      deadline.owner.wake(deadline.name, { mono: at, wall: 0 });
    }
  }

  /**
   * What an input did: "-" for nothing at all, else "state | what was done | timers armed", where the timers are
   * left out when neither they nor the state changed, and at the end, when none may be left.
   */
  outcome(machine: { readonly state: string }, input: () => void): string {
    const state = machine.state;
    const armed = this.#absolute();
    this.log.length = 0;
    input();
    const parts: string[] = [machine.state];
    if (this.log.length > 0) parts.push(this.log.join(', '));
    const ended = machine.state === 'terminated';
    if (machine.state !== state ? !ended : this.#absolute() !== armed) parts.push(this.armed() || 'no timers');
    assert(!ended || this.deadlines.size === 0, 'nothing is armed when all is over');
    return parts.length === 1 && machine.state === state ? '-' : parts.join(' | ');
  }

  #absolute(): string {
    return [...this.deadlines]
      .map(({ name, at }) => `${name} ${at}`)
      .sort()
      .join();
  }
}

export type Act<Machine> = (rig: Rig, machine: Machine, status: number) => void;

/** A machine's table: every state reached by a path of inputs, and what each input does there. */
export interface Table<Machine extends { readonly state: string }, State extends string, Input extends string> {
  start(rig: Rig, transport: Transport): Machine;
  /** `status` is given to the inputs that end in a class of status codes: a code of that class. */
  readonly inputs: Readonly<Record<Input, Act<Machine>>>;
  /** From the start. "proceeding, answered" is the machine's state "proceeding" in a history of its own. */
  readonly paths: Readonly<Record<State, readonly Input[]>>;
  readonly outcomes: Readonly<Record<State, Readonly<Record<Input, Cell>>>>;
}

export interface Row {
  readonly title: string;
  readonly expected: string;
  /** Runs it: the outcome, or the different outcomes of the status codes of one class, or "unreachable". */
  actual(): string;
}

/** One row for each transport, state and input that the paths and inputs name, whatever the outcomes say of them. */
export function rowsOf<Machine extends { readonly state: string }, State extends string, Input extends string>(
  table: Table<Machine, State, Input>,
): readonly Row[] {
  const rows: Row[] = [];
  for (const transport of transports) {
    for (const state of Object.keys(table.paths) as State[]) {
      for (const input of Object.keys(table.inputs) as Input[]) {
        const cell = (table.outcomes[state] as Partial<Record<Input, Cell>> | undefined)?.[input];
        const expected = cell === undefined ? 'NO ROW' : typeof cell === 'string' ? cell : cell[transport];
        const actual = () => {
          const seen = new Set<string>();
          for (const status of codesOf(input)) {
            const rig = new Rig();
            const machine = table.start(rig, transport);
            for (const step of table.paths[state]) table.inputs[step](rig, machine, codesOf(step)[0]!);
            const reached = machine.state === state.split(',', 1)[0];
            seen.add(reached ? rig.outcome(machine, () => table.inputs[input](rig, machine, status)) : 'unreachable');
          }
          return [...seen].join(' or ');
        };
        rows.push({ title: `${transport}: ${state} x ${input}`, expected, actual });
      }
    }
  }
  return rows;
}

function codesOf(input: string): readonly number[] {
  return statuses[input.slice(input.lastIndexOf(' ') + 1) as StatusClass] ?? [0];
}

interface MessageOptions {
  readonly via?: string;
  readonly vias?: readonly string[];
  readonly uri?: string;
  readonly fromTag?: string;
  readonly toTag?: string | undefined;
  readonly callId?: string;
  readonly cseq?: number;
  readonly headers?: readonly Header[];
  readonly body?: Octets;
}

function headersOf(method: string, options: MessageOptions): Header[] {
  const { via = 'SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK1', vias = [] } = options;
  const { fromTag = 'f', toTag, callId = 'c@192.0.2.9', cseq = 1, headers = [] } = options;
  return [
    ...[via, ...vias].map((value): Header => ['Via', value]),
    ['From', `<sip:alice@192.0.2.9>;tag=${fromTag}`],
    ['To', `<sip:bob@192.0.2.1>${toTag === undefined ? '' : `;tag=${toTag}`}`],
    ['Call-ID', callId],
    ['CSeq', `${cseq} ${method}`],
    ['Max-Forwards', '70'],
    ['Contact', '<sip:alice@192.0.2.9>'],
    ...headers,
  ];
}

/** A request as a peer's would be parsed. */
export function receivedRequest(method: string, options: MessageOptions = {}): SipRequest {
  const uri = options.uri ?? 'sip:bob@192.0.2.1';
  const message = parseMessage(formatRequest(method, uri, headersOf(method, options), options.body));
  assert(message instanceof SipRequest, 'a request that parses');
  return message;
}

/** A response as a peer's would be parsed. */
export function receivedResponse(status: number, method: string, options: MessageOptions = {}): SipResponse {
  const message = parseMessage(formatResponse(status, 'Whatever', headersOf(method, options), options.body));
  assert(message instanceof SipResponse, 'a response that parses');
  return message;
}

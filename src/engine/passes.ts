import type { HostPort, Instant } from '#kernel';
import { formatHostPort } from '#kernel';
import type { Configuration, Side, Trunk } from '#policy/configuration';
import type { RoutePlan } from '#policy/routing';
import type { Flow, FlowTransport } from '#sip/flow';

export const passLimits = {
  /** Passes that stand at once; one more takes the place of the oldest. */
  passes: 4,
  /** Ms in which calls may begin by a pass. */
  lifetime: 120_000,
  /** Ms for which what such a call says inside its dialog is let in. */
  lingering: 1_800_000,
} as const;

/** What a pass is asked for: requests from `source` that come by `listener` are to be test calls over `trunk`. */
export interface PassRequest {
  readonly trunk: string;
  readonly source: HostPort;
  /** Id of a listener: its transport, and the side that the test calls from. */
  readonly listener: string;
}

interface Pass {
  /** Whom its calls come from: no trunk of the configuration. */
  readonly guest: Trunk;
  /** Where they go, and nowhere else. */
  readonly trunk: Trunk;
  /** Monotonic ms. */
  readonly grantedAt: number;
}

/**
 * Who may make a test call over a trunk though no trunk names it: one source address and port each, for two minutes. They are
 * given to the owner of the program only (the status socket); all else about such a call is as for any other.
 */
export class Passes {
  /** What is configured now. */
  configuration: Configuration;
  /** In records: the caller's trunk. */
  readonly name: string;
  readonly #passes = new Map<string, Pass>();

  constructor(configuration: Configuration) {
    this.configuration = configuration;
    const taken = new Set(configuration.trunks.map(({ name }) => name));
    let name = 'test';
    while (taken.has(name)) name += '-call';
    this.name = name;
  }

  /** Gives a pass, which is told for the log; undefined when there is no such trunk or listener. */
  grant({ trunk: to, source, listener: id }: PassRequest, now: Instant): Readonly<Record<string, string>> | undefined {
    const trunk = this.configuration.trunks.find(({ name }) => name === to);
    const listener = this.configuration.listeners.find((one) => one.id === id);
    if (!trunk || !listener) return undefined;
    const { transport } = listener;
    const side = listener.side === 'both' ? 'internal' : listener.side;
    const key = keyOf(transport, source);
    this.#passes.delete(key);
    if (this.#passes.size >= passLimits.passes) this.#passes.delete(this.#passes.keys().next().value!);
    this.#passes.set(key, { guest: guest(this.name, side, transport, source), trunk, grantedAt: now.mono });
    return { trunk: to, source: formatHostPort(source), listener: id };
  }

  /** The trunk that stands for who has a pass. `begins`: the message stands in no dialog and cancels nothing. */
  guest({ transport, remote }: Flow, begins: boolean, now: Instant): Trunk | undefined {
    if (this.#passes.size === 0) return undefined;
    const key = keyOf(transport, remote);
    const pass = this.#passes.get(key);
    if (!pass) return undefined;
    const age = now.mono - pass.grantedAt;
    if (age >= passLimits.lingering) this.#passes.delete(key);
    return age < (begins ? passLimits.lifetime : passLimits.lingering) ? pass.guest : undefined;
  }

  /** Where the calls of a guest go. */
  plan(source: Trunk, number: string): RoutePlan | undefined {
    for (const { guest, trunk } of this.#passes.values()) {
      if (guest !== source) continue;
      const decisions = [{ rule: this.name, outcome: `a test call over trunk ${trunk.name}` }];
      return { route: this.name, trunks: [{ trunk }], number, decisions };
    }
    return undefined;
  }
}

/** A trunk with nothing but an address: plain SIP and RTP, no limits, no health. */
function guest(name: string, side: Side, transport: FlowTransport, { host, port }: HostPort): Trunk {
  return {
    name,
    kind: 'ip-pbx',
    side,
    transport,
    addresses: [{ host, port, matchPort: true }],
    capacity: {},
    setupTimeout: 10_000,
    ringTimeout: 180_000,
  };
}

function keyOf(transport: FlowTransport, address: HostPort): string {
  return `${transport} ${formatHostPort(address)}`;
}

import type { CapturedPacket } from '#codec/pcapng';
import type { Configuration, Flow } from '#engine/ports';
import type { HostPort } from '#kernel';
import type { KeptMessage } from '#shell/message-ring';
import { Problem } from '../problem.ts';
import type { Services } from '../services.ts';
import { masked } from './masked.ts';

/** One message of a call, on one of its legs. */
export interface TracedMessage {
  /** Unix ms, with fractions. */
  readonly at: number;
  readonly sent: boolean;
  readonly transport: Flow['transport'];
  readonly local: HostPort;
  readonly remote: HostPort;
  /** The trunk, or the user, on whose leg it went. */
  readonly leg: string;
  readonly callId: string;
  /** Without secrets. */
  readonly octets: string;
}

export interface Trace {
  readonly call: string;
  readonly messages: readonly TracedMessage[];
}

/** The messages of a call that stands or has ended, as long as they are kept. Throws a Problem where there is no such call. */
export async function traceOf(services: Services, call: string): Promise<Trace> {
  const legs = (await standingLegs(services, call)) ?? recordedLegs(services, call);
  if (!legs) throw new Problem(404, `There is no call ${call}.`);
  const callIds = [...legs.keys()].slice(0, 64);
  const { messages } = (await services.ask('messages', { callIds })) as { messages: readonly KeptMessage[] };
  const locals = localsOf(services.configuration());
  return {
    call,
    messages: messages.map(({ at, sent, flow, octets }) => {
      const callId = callIds.find((one) => octets.includes(one)) ?? '';
      const { transport, remote, listener } = flow;
      const local = locals.get(listener) ?? { host: '0.0.0.0', port: 0 };
      return { at, sent, transport, local, remote, leg: legs.get(callId) ?? '', callId, octets: masked(octets) };
    }),
  };
}

/** As packets, for a capture. */
export function packetsOf({ messages }: Trace): CapturedPacket[] {
  return messages.map(({ at, sent, transport, local, remote, leg, octets }) => ({
    at,
    from: sent ? local : remote,
    to: sent ? remote : local,
    transport: transport === 'udp' ? 'udp' : 'tcp',
    octets,
    comment: `${leg}${transport === 'tls' ? ', by TLS' : ''}`,
  }));
}

/** Call-IDs, and whose leg each is. */
type Legs = ReadonlyMap<string, string>;

async function standingLegs({ ask }: Services, call: string): Promise<Legs | undefined> {
  const { calls } = (await ask('call', { call })) as { calls: readonly { readonly call: string }[] };
  const found = calls.find((one) => one.call === call);
  return found && legsIn(found);
}

function recordedLegs({ records }: Services, call: string): Legs | undefined {
  const record = records()
    ?.find(call, 1)
    .find((one) => one.call === call);
  return record && legsIn(record);
}

/** Wherever a leg stands in what is known of a call, it has a trunk and a Call-ID. */
function legsIn(known: object): Legs {
  const legs = new Map<string, string>();
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { callId, trunk } = value as { readonly callId?: unknown; readonly trunk?: unknown };
    if (typeof callId === 'string' && callId !== '' && !legs.has(callId))
      legs.set(callId, typeof trunk === 'string' ? trunk : '');
    for (const part of Object.values(value)) walk(part);
  };
  walk(known);
  return legs;
}

function localsOf({ listeners }: Configuration): ReadonlyMap<string, HostPort> {
  return new Map(listeners.map(({ id, bind }) => [id, bind]));
}

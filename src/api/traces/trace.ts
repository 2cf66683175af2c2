import type { CapturedPacket } from '#codec/pcapng';
import type { Configuration } from '#engine/ports';
import type { HostPort } from '#kernel';
import { callIdOf, type KeptMessage, masked } from '#shell/message-ring';
import { Problem } from '../problem.ts';
import type { Services } from '../services.ts';
import type { TracedMessage } from './message.ts';

export interface Trace {
  readonly call: string;
  /** `kept`: they were kept on the disk. */
  readonly from: 'memory' | 'kept';
  readonly messages: readonly TracedMessage[];
}

/** More Call-IDs than the status socket takes at once: a call and its attempts. */
const mostCallIds = 64;

/** The messages of a call that stands or has ended, as long as they are kept anywhere. Throws a Problem where there is no such call. */
export async function traceOf(services: Services, call: string): Promise<Trace> {
  const kept = services.traces()?.get(call);
  // Without the signalling process what is on the disk is still there.
  const known = await callOf(services, call).catch((error: unknown) => {
    if (kept) return undefined;
    throw error;
  });
  const messages = known ? await tracedOf(services, known) : [];
  if (kept && kept.messages.length >= messages.length) return { call, from: 'kept', messages: kept.messages };
  if (!known) throw new Problem(404, `There is no call ${call}.`);
  return { call, from: 'memory', messages };
}

/** The messages with the Call-IDs of a call, as far as the signalling process has them in memory. `call`: what is known of it. */
export async function tracedOf(
  { ask, configuration }: Pick<Services, 'ask' | 'configuration'>,
  call: object,
): Promise<readonly TracedMessage[]> {
  const legs = legsIn(call);
  const callIds = [...legs.keys()].slice(0, mostCallIds);
  const { messages } = (await ask('messages', { callIds })) as { messages: readonly KeptMessage[] };
  const { tracing, listeners } = configuration();
  const locals = localsOf(listeners);
  const keys = tracing?.keys === true;
  return messages.map(({ at, sent, flow, octets }) => {
    const callId = callIdOf(octets) ?? '';
    const { transport, remote, listener } = flow;
    const local = locals.get(listener) ?? { host: '0.0.0.0', port: 0 };
    return {
      at,
      sent,
      transport,
      local,
      remote,
      leg: legs.get(callId) ?? '',
      callId,
      octets: masked(octets, { keys }),
    };
  });
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

async function callOf({ ask, records }: Services, call: string): Promise<object | undefined> {
  const { calls } = (await ask('call', { call })) as { calls: readonly { readonly call: string }[] };
  const is = (one: { readonly call: string }) => one.call === call;
  return calls.find(is) ?? records()?.find(call, 1).find(is);
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

/** Where peers see us: where we listen, or what we tell them where that is every address of ours. */
function localsOf(listeners: Configuration['listeners']): ReadonlyMap<string, HostPort> {
  const isAny = ({ host }: HostPort) => host === '0.0.0.0' || host === '::';
  return new Map(
    listeners.map(({ id, bind, advertise }) => [id, isAny(bind) ? { host: advertise.host, port: bind.port } : bind]),
  );
}

import type { Header } from '#codec/sip-message';
import type { Octets } from '#kernel';
import type { Trunk } from '#policy/configuration';
import { type Dialog, literalAddress, nextHopUri, routingOf } from '#sip/dialog';
import type { Flow, FlowTransport } from '#sip/flow';
import type { OutgoingRequest, Target } from '#sip/transaction';
import type { CallServices, Sockets } from './services.ts';

/** Where requests in a dialog go: its next hop where that is an address we can reach, else where the peer was heard. */
export function dialogTarget(services: CallServices, trunk: Trunk, dialog: Dialog, flow: Flow): Target {
  if (trunk.user) {
    const moved = services.flows.stands(flow) ? undefined : services.trunks.flowTo(trunk, dialog.remoteTarget);
    return alongFlow(moved ?? flow);
  }
  const uri = nextHopUri(dialog);
  const wanted = uri?.params.get('transport')?.toLowerCase();
  let transport = wanted === 'tcp' || wanted === 'udp' || wanted === 'tls' ? wanted : flow.transport;
  // What came encrypted is not answered in clear.
  if (flow.transport === 'tls') transport = 'tls';
  let remote = literalAddress(uri, transport === 'tls') ?? flow.remote;
  let sockets = services.listenersFor(trunk, remote.host);
  if (flow.transport === 'tls' ? !sockets.tls : !sockets.udp && !sockets.tcp && !sockets.tls) {
    // An address of a family that we have no socket of.
    remote = flow.remote;
    sockets = services.listenersFor(trunk, remote.host);
  }
  if (!sockets[transport] && flow.transport !== 'tls') transport = transport === 'udp' ? 'tcp' : 'udp';
  const rules = services.flows.rulesOf(flow.connection);
  const way = services.trunks.way(trunk);
  return {
    transport,
    remote,
    listeners: ownWay(services, listenerIds(sockets), flow, remote),
    connection: flow.connection,
    tls: rules?.trunk === trunk.name ? rules : way.tls,
    keepsUdp: way.keepsUdp,
  };
}

/** A dialog stays with the listening point that it was begun by, where the peer is to be reached from there. */
function ownWay(
  { flows }: CallServices,
  listeners: Target['listeners'],
  { transport, listener, remote: heard }: Flow,
  remote: Flow['remote'],
): Target['listeners'] {
  const isReached = heard.host.includes(':') === remote.host.includes(':') && flows.socket(listener) !== undefined;
  return isReached ? { ...listeners, [transport]: listener } : listeners;
}

/** A user's device is where it was heard from: behind a NAT there is nobody at its Contact. */
function alongFlow({ transport, remote, connection, listener }: Flow): Target {
  return { transport, remote, listeners: { [transport]: listener }, connection, keepsUdp: true };
}

/** A request in a dialog. */
export function dialogRequest(
  dialog: Dialog,
  method: string,
  cseq: number,
  headers: readonly Header[],
  body: Octets,
): OutgoingRequest {
  const hops: readonly Header[] = headers.some(([name]) => name === 'Max-Forwards')
    ? headers
    : [['Max-Forwards', '70'], ...headers];
  const { uri, routes } = routingOf(dialog);
  return {
    method,
    uri,
    routes,
    from: dialog.local,
    to: dialog.remote,
    callId: dialog.callId,
    cseq,
    headers: hops,
    body,
  };
}

export function listenerIds({ udp, tcp, tls }: Sockets): Readonly<Record<FlowTransport, string | undefined>> {
  return { udp: udp?.id, tcp: tcp?.id, tls: tls?.id };
}

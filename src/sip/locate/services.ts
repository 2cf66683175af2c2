import type { FlowTransport } from '#sip/flow';

/** What RFC 3263 calls a transport in a URI's host, by its SRV service and by its port. */
export const srvServices: Readonly<Record<FlowTransport, string>> = {
  udp: '_sip._udp',
  tcp: '_sip._tcp',
  tls: '_sips._tcp',
};

export const defaultPorts: Readonly<Record<FlowTransport, number>> = { udp: 5060, tcp: 5060, tls: 5061 };

/** NAPTR services (RFC 3263 4.1), lower case. */
export const serviceTransports: ReadonlyMap<string, FlowTransport> = new Map([
  ['sip+d2u', 'udp'],
  ['sip+d2t', 'tcp'],
  ['sips+d2t', 'tls'],
]);

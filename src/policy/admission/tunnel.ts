import type { TunnelKind } from '#policy/configuration';

const outerIp = { 4: 20, 6: 40 } as const;
const udp = 8;
const gre = 4;
/** SPI, sequence number and initialisation vector before, integrity check value behind. */
const esp = 8 + 8 + 16;
/** Pad length and next header, which are padded to a multiple of four with what is carried (RFC 4303 2.4). */
const espTrailer = 2;
/** Type, receiver and counter before, the tag of Poly1305 behind; what is carried is padded to a multiple of 16. */
const wireGuard = 16 + 16;

/**
 * Octets that a tunnel adds to an IP packet of that many octets: ESP in tunnel mode with AES-GCM (RFC 4303, RFC 4106), the same through a
 * NAT (RFC 3948), WireGuard, GRE (RFC 2784), which hides nothing, and GRE within ESP in transport mode. `over`: the version of IP outside.
 */
export function tunnelOctets(kind: TunnelKind, packet: number, over: 4 | 6 = 4): number {
  const ip = outerIp[over];
  switch (kind) {
    case 'ipsec':
      return ip + esp + upTo(4, packet + espTrailer) - packet;
    case 'ipsec-nat':
      return ip + udp + esp + upTo(4, packet + espTrailer) - packet;
    case 'wireguard':
      return ip + udp + wireGuard + upTo(16, packet) - packet;
    case 'gre':
      return ip + gre;
    case 'gre-ipsec':
      return ip + esp + upTo(4, gre + packet + espTrailer) - packet;
  }
}

function upTo(multiple: number, octets: number): number {
  return Math.ceil(octets / multiple) * multiple;
}

import type { CapturedPacket } from '#codec/pcapng';
import type { Octets } from '#kernel';
import { packetsOf, type Trace } from '../traces/trace.ts';

/**
 * The messages of a call beside its media in clear: what they say of SRTP would have a reader take the media for encrypted. A profile
 * that is written otherwise is told beside the packet, and its lengths are right.
 */
export function clearPackets(trace: Trace): readonly CapturedPacket[] {
  return packetsOf(trace).map((packet) => {
    const octets = withoutSavp(packet.octets);
    if (octets === packet.octets) return packet;
    return {
      ...packet,
      octets,
      comment: `${packet.comment}; RTP/SAVP is written as RTP/AVP, since the media here is decrypted`,
    };
  });
}

function withoutSavp(octets: Octets): Octets {
  const end = octets.indexOf('\r\n\r\n');
  if (end < 0) return octets;
  const body = octets.slice(end + 4);
  const clear = body.replace(/^(m=\S+ \S+ (?:UDP\/TLS\/)?RTP\/)SAVP/gm, '$1AVP');
  const less = body.length - clear.length;
  if (less === 0) return octets;
  const head = octets
    .slice(0, end)
    .replace(
      /^((?:content-length|l)[ \t]*:[ \t]*)(\d+)/im,
      (_all, name: string, length: string) => `${name}${Number(length) - less}`,
    );
  return `${head}\r\n\r\n${clear}`;
}

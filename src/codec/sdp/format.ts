import { detach, type Octets } from '#kernel';
import type { SessionDescription } from './model.ts';

/** The octets of a session description. Each line ends in CRLF (RFC 8866 5). */
export function formatSdp(sdp: SessionDescription): Octets {
  let out = '';
  for (const line of sdp.lines) out += `${line.type}=${line.value}\r\n`;
  for (const media of sdp.media) {
    out += `m=${media.media} ${media.port}`;
    if (media.portCount !== undefined) out += `/${media.portCount}`;
    out += ` ${media.protocol}`;
    for (const format of media.formats) out += ` ${format}`;
    out += '\r\n';
    for (const line of media.lines) out += `${line.type}=${line.value}\r\n`;
  }
  // It is kept for as long as its session is: in one piece.
  return detach(out);
}

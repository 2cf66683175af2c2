import { attributeOf, isDirection } from './inspect.ts';
import type { Direction, MediaDescription, SdpLine } from './model.ts';

/** The stream with this direction; `session` are the lines that speak for streams without their own (RFC 8866 6.7). */
export function withDirection(
  session: readonly SdpLine[],
  media: MediaDescription,
  direction: Direction,
): MediaDescription {
  const lines = media.lines.filter(({ type, value }) => type !== 'a' || !isDirection(value));
  const inherited = session.find(({ type, value }) => type === 'a' && isDirection(value))?.value ?? 'sendrecv';
  if (inherited !== direction) lines.push({ type: 'a', value: direction });
  return { ...media, lines };
}

/** The stream with this a=ptime, or with its a=maxptime where that is less (RFC 8866 6.4, 6.5). */
export function withPacketTime(media: MediaDescription, ms: number): MediaDescription {
  const most = Number(attributeOf(media.lines, 'maxptime') ?? Number.NaN);
  const wanted: SdpLine = { type: 'a', value: `ptime:${most < ms ? most : ms}` };
  const lines: SdpLine[] = [];
  let written = false;
  for (const line of media.lines) {
    if (line.type !== 'a' || !line.value.startsWith('ptime:')) lines.push(line);
    else if (!written) {
      lines.push(wanted);
      written = true;
    }
  }
  if (!written) lines.push(wanted);
  return { ...media, lines };
}

/** Without b=AS and b=TIAS, which are sums over codecs; b=CT, RS and RR are none (RFC 8866 5.8, RFC 3890, RFC 3556). */
export function withoutBandwidth(lines: readonly SdpLine[]): readonly SdpLine[] {
  return lines.filter(({ type, value }) => type !== 'b' || !(value.startsWith('AS:') || value.startsWith('TIAS:')));
}

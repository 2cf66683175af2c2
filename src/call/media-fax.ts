import type { MediaDescription, RtpFormat, SessionDescription } from '#codec/sdp';
import type { SideSession, StreamState } from './media-state.ts';

/** T.38 over UDPTL (ITU-T T.38 D.2.3); the name of the transport is written either way. */
export function isT38({ media, protocol }: MediaDescription): boolean {
  return media === 'image' && (protocol === 'udptl' || protocol.toLowerCase() === 'udptl');
}

/** Why a side does not take what an m= line is of; undefined when it does. */
export function notTaken({ media: types, fax }: SideSession, line: MediaDescription): string | undefined {
  const { media } = line;
  if (media === 'image') {
    if (isT38(line)) {
      if (fax !== undefined) return fax === 't38' ? undefined : 'T.38 is not taken';
    } else if (line.formats.some((format) => format.toLowerCase() === 't38')) return 'T.38 is taken over UDPTL alone';
  }
  return types === undefined || types.some((type) => type === media) ? undefined : `${media} is not taken`;
}

/** The session is to become a fax: there is T.38, and no voice beside it. */
export function isFaxAlone({ media }: SessionDescription): boolean {
  return (
    media.some((line) => line.port !== 0 && isT38(line)) && media.every((line) => line.port === 0 || isImage(line))
  );
}

const isImage = ({ media }: MediaDescription) => media === 'image';

/**
 * Modem tones are to pass as they are (ITU-T V.152): the stream says so itself, by RFC 3108's silenceSupp or by gpmd of
 * voice-band data.
 */
export function isForTones({ media, lines }: MediaDescription): boolean {
  if (media !== 'audio') return false;
  return lines.some(({ type, value }) => {
    if (type !== 'a') return false;
    return value.startsWith('silenceSupp:off') || (value.startsWith('gpmd:') && value.includes('vbd=yes'));
  });
}

/** Without comfort noise, which would be heard in place of a pause that a modem makes. */
export function withoutNoise<Format extends RtpFormat>(formats: readonly Format[]): readonly Format[] {
  return formats.some(({ name }) => name === 'cn') ? formats.filter(({ name }) => name !== 'cn') : formats;
}

/** What an m= line that is answered, for modem tones or not, makes of its stream: voice may become a fax, and the other way round (RFC 3264 8.3.3). */
export function become(stream: StreamState, line: MediaDescription, forTones: boolean): void {
  if (stream.media !== line.media) stream.media = line.media;
  const isFax = isT38(line);
  if (isFax) stream.udptl = true;
  else delete stream.udptl;
  if (forTones && !isFax) stream.modem = true;
  else delete stream.modem;
}

/** The answer to T.38, in the offerer's own spelling. */
export function answeredT38(asked: MediaDescription, answer: MediaDescription): MediaDescription {
  const same = asked.formats.join(' ').toLowerCase() === answer.formats.join(' ').toLowerCase();
  return { ...answer, protocol: asked.protocol, formats: same ? asked.formats : answer.formats };
}

import type { MediaConfiguration } from '#engine/ports';
import { parseAddress } from '#media/packet-io';

/** What the media process is started with: one JSON argument. */
export interface MediaProcessSettings extends Pick<MediaConfiguration, 'internal' | 'external' | 'ports'> {
  /** Path of the control socket. */
  readonly socket: string;
  /** The directory of captures, made when there is one; nothing is captured unless given. */
  readonly captures?: string;
}

/** Throws an Error that says what is wrong: the supervisor wrote it, so it is ours. */
export function readSettings(json: string | undefined): MediaProcessSettings {
  if (json === undefined) throw new Error('no settings: one JSON argument is expected');
  const settings = JSON.parse(json) as MediaProcessSettings;
  if (typeof settings.socket !== 'string' || settings.socket === '') throw new Error('settings: no socket');
  for (const side of ['internal', 'external'] as const) {
    const { bind, advertise } = settings[side] ?? {};
    if (!parseAddress(bind ?? '') || !parseAddress(advertise ?? ''))
      throw new Error(`settings: ${side} must have bind and advertise, IP literals`);
  }
  const { min, max } = settings.ports ?? {};
  if (!Number.isInteger(min) || !Number.isInteger(max) || min < 1 || max > 65535 || min >= max)
    throw new Error('settings: ports must have min and max, 1 to 65535');
  return settings;
}

import type { DeviceSettings } from '#engine/ports';
import type { DeviceEntry } from './schema-devices.ts';
import { qualityOf } from './schema-quality.ts';

/** How devices are spoken to: what is not said stays out. */
export function settingsOfDevices(entry: DeviceEntry): DeviceSettings {
  const { srtp, dtmf, dscp, passes, watchers, 'believe-location': believesPlace } = entry;
  const quality = qualityOf(entry.quality);
  return {
    ...(srtp && { srtp: srtpOf(srtp) }),
    ...(dtmf && { dtmf }),
    ...(dscp && { dscp }),
    ...(passes && { passes }),
    ...(believesPlace !== undefined && { believesPlace }),
    ...(watchers && { watchers: watchersOf(watchers) }),
    ...(quality && { quality }),
  };
}

function srtpOf({ mode, offer, suites, 'keys-in-clear': keysInClear }: NonNullable<DeviceEntry['srtp']>) {
  return mode === 'off' ? mode : { mode, offer, suites, keysInClear };
}

function watchersOf(names: readonly string[]): NonNullable<DeviceSettings['watchers']> {
  const [first] = names;
  return names.length === 1 && (first === 'users' || first === 'nobody') ? first : names;
}

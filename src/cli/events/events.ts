import type { OutputOptions } from '../output/output.ts';
import { openRemote, type RemoteOptions } from '../rest/remote.ts';
import { followEvents, queryOf } from './follow.ts';

export type EventsOptions = RemoteOptions &
  OutputOptions & {
    readonly kinds?: string;
    readonly trunk?: string;
    readonly number?: string;
    readonly call?: string;
  };

/** `tandem events`: what happens, until Ctrl-C. */
export async function events({ kinds, trunk, number, call, ...options }: EventsOptions): Promise<void> {
  await followEvents(await openRemote(options), queryOf({ kinds, trunk, number, call }), options.output);
}

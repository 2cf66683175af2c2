import type { PackedConfiguration } from './configuration-message.ts';

/** What the supervisor and the signalling process tell each other over the channel that Node gives to child processes. */

export type ToSignalling =
  /** First. `mediaSocket`: the control socket of the media process, absent when none takes part. */
  | { readonly kind: 'start'; readonly configuration: PackedConfiguration; readonly mediaSocket?: string }
  /** Take no new calls, end with status 0 when the last one has ended. */
  | { readonly kind: 'drain' }
  /** End every call now. */
  | { readonly kind: 'stop' };

export type FromSignalling =
  /** The listeners are open, and the media process has greeted where one takes part. */
  | { readonly kind: 'ready'; readonly calls: number }
  /** As it was told to, and with all calls ended: it shall not be started again. */
  | { readonly kind: 'ending' }
  /** The process will end with `notStarted`: the reason, for the operator. */
  | { readonly kind: 'not-started'; readonly reason: string };

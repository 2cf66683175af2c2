import type { Header, SipRequest } from '#codec/sip-message';
import type { Instant } from '#kernel';
import type { Trunk } from '#policy/configuration';
import type { Flow } from '#sip/flow';

/** Who wants to watch: his SUBSCRIBE, how it came, and our To tag in the answer. */
export interface Watcher {
  readonly trunk: Trunk;
  readonly flow: Flow;
  readonly request: SipRequest;
  readonly tag: string;
}

/** What he is answered; then `begin`, where it is a yes. */
export interface WatchAnswer {
  readonly status: number;
  readonly phrase?: string;
  readonly headers: readonly Header[];
  begin?(now: Instant): void;
}

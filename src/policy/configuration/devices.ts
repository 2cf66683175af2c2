import type { Interworking } from './interworking.ts';
import type { QualityReporting } from './quality.ts';
import type { SrtpConfiguration } from './srtp.ts';

/** How devices of users are spoken to, and what they may do beside calls. What is said of a user counts before what is said of all. */
export interface DeviceSettings {
  /** `off`: RTP only, whatever holds for others. */
  readonly srtp?: SrtpConfiguration | 'off';
  /** Absent: digits travel as they come. */
  readonly dtmf?: NonNullable<Interworking['dtmf']>;
  /** Differentiated services code points, 0-63. */
  readonly dscp?: { readonly signalling: number; readonly media: number };
  /** Requests beside calls that pass to and from them, as a trunk has it. */
  readonly passes?: readonly string[];
  /** What they say of where they are, in a call for help, is believed (RFC 6442). */
  readonly believesPlace?: boolean;
  /** Who may subscribe to whether he is there and in a call; names are of users and trunks. Absent: users who are registered. */
  readonly watchers?: 'users' | 'nobody' | readonly string[];
  /** Reports on voice quality (RFC 6035), as a trunk has it. */
  readonly quality?: QualityReporting;
}

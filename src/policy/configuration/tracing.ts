import type { HostPort, Sensitive } from '#kernel';

/** What is kept of calls beyond memory, and who outside is told of them. Absent: nothing, and nobody. */
export interface TracingConfiguration {
  /** Of which calls the messages are kept on the disk when they have ended: those that one of these fits. */
  readonly keep: readonly KeepRule[];
  /** Ms for which they are kept. */
  readonly lifetime: number;
  /** Octets that they may take; the oldest go first. */
  readonly size: number;
  /** Keys that people pressed can be read in messages, and in media where who has it copied asks for it. */
  readonly keys?: true;
  /** Of which calls the media may be copied to the disk; absent: of none. */
  readonly media?: MediaCaptureConfiguration;
  readonly homer?: HomerConfiguration;
  readonly otlp?: OtlpConfiguration;
}

/** All that it says must hold. */
export interface KeepRule {
  /** Those that ended otherwise than a party wanted, or of which a try did. */
  readonly failed?: true;
  /** On either side. */
  readonly trunk?: string;
  /** Of the caller or of who is called, as it came or as a trunk got it. `+49*`: those that begin so. */
  readonly number?: string;
}

/** Who may have the media of which calls copied, and how much of it. */
export interface MediaCaptureConfiguration {
  /** Accounts, and tokens as `account/token`; administrators unless given. */
  readonly by?: readonly string[];
  /** Calls with a side on one of these trunks, or of one of these sites; all unless either is given. */
  readonly trunks?: readonly string[];
  readonly sites?: readonly string[];
  /** Of one copy: ms and octets. */
  readonly longest: number;
  readonly size: number;
  /** Ms for which they are kept. */
  readonly lifetime: number;
}

/** A capture agent of HEP version 3: each message of every call is sent there. */
export interface HomerConfiguration {
  readonly to: HostPort;
  readonly transport: 'udp' | 'tcp';
  /** What it knows us by. */
  readonly id: number;
  readonly password?: Sensitive<string>;
}

/** A collector of OpenTelemetry: a span of each call, and of each of its tries. */
export interface OtlpConfiguration {
  /** Of traces, with the path: `https://collector.example.com:4318/v1/traces`. */
  readonly url: string;
  /** The value of Authorization, where it asks. */
  readonly authorization?: Sensitive<string>;
}

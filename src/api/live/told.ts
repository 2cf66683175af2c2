import type { MediaCapture } from '#engine/ports';

/** One side of a call that stands. */
export interface LiveLeg {
  readonly trunk: string;
  /** "udp 192.0.2.1:5060" */
  readonly remote?: string;
  readonly callId?: string;
}

/** A call that stands, as the signalling process tells it. Times are Unix ms. */
export interface LiveCall {
  readonly call: string;
  readonly phase: 'setup' | 'answered';
  readonly caller: string;
  readonly called: string;
  readonly route?: string;
  readonly emergency?: string;
  readonly user?: string;
  readonly site?: string;
  /** Tries that came to nothing. */
  readonly failed?: number;
  readonly startedAt: number;
  readonly ringingAt?: number;
  readonly answeredAt?: number;
  readonly a: LiveLeg;
  readonly b?: LiveLeg;
  readonly media?: 'anchor' | 'bypass';
  readonly codecs?: { readonly caller?: string; readonly callee?: string };
  readonly encrypted?: readonly string[];
  readonly hold?: readonly string[];
  readonly fax?: true;
  readonly silent?: readonly string[];
  /** Copies of its media that somebody had made, or has made. */
  readonly captures?: readonly MediaCapture[];
}

/** A target of a trunk. */
export interface LiveTarget {
  readonly target: string;
  readonly state: string;
  readonly since?: number;
  readonly because: string;
  readonly roundTrip?: number;
}

/** A trunk as the signalling process tells it. Times are Unix ms. */
export interface LiveTrunk {
  readonly trunk: string;
  readonly kind: string;
  readonly side: string;
  readonly transport: string;
  readonly health: {
    readonly state: 'up' | 'partly-down' | 'down' | 'unknown';
    readonly since?: number;
    readonly because: string;
    readonly targets: readonly LiveTarget[];
  };
  readonly targets: readonly string[];
  readonly notLocated?: string;
  readonly registration?: {
    readonly stage: string;
    readonly since: number;
    readonly addressOfRecord: string;
    readonly registrar: string;
    readonly target?: string;
    readonly seenAs?: string;
    readonly expiresAt?: number;
    readonly nextAt?: number;
    readonly lastError?: { readonly text: string; readonly at: number };
  };
  readonly options: readonly {
    readonly target: string;
    readonly at: number;
    readonly kind: string;
    readonly status?: number;
    readonly roundTrip?: number;
    readonly detail?: string;
  }[];
  readonly calls: number;
  readonly limit?: number;
}

/** What else stands: of the house as a whole. Absent until it was told. */
export interface LiveHouse {
  readonly links?: readonly {
    readonly link: string;
    readonly calls: number;
    readonly audio: number;
    readonly video: number;
    readonly refused: number;
    readonly most: { readonly audio?: number; readonly video?: number };
  }[];
  readonly limits?: readonly {
    readonly name: string;
    readonly calls: number;
    readonly limits: { readonly calls?: number; readonly callsPerSecond?: number };
  }[];
  readonly nodes?: readonly Readonly<Record<string, unknown>>[];
  readonly bans?: {
    readonly count: number;
    readonly newest: readonly { readonly source: string; readonly reason: string; readonly since: string }[];
  };
  readonly overload?: {
    readonly listeners: readonly { readonly listener: string; readonly waitedMs: number; readonly late: boolean }[];
    readonly refused: number;
  };
  readonly draining?: boolean;
  readonly certificates?: readonly LiveCertificate[];
  readonly counters?: { readonly recordsLost?: number; readonly drops?: Readonly<Record<string, number>> };
  readonly restarts?: Readonly<
    Record<
      string,
      { readonly died: number; readonly hung: number; readonly last?: { readonly how: string; readonly at: number } }
    >
  >;
  readonly records?: { readonly detail: string; readonly pending: number; readonly since: number } | null;
}

export interface LiveCertificate {
  readonly kind: 'certificate' | 'trust';
  readonly users: readonly string[];
  readonly files: readonly string[];
  readonly names: readonly string[];
  readonly notAfter?: string;
  readonly daysLeft?: number;
  readonly warnings: readonly string[];
  readonly problem?: string;
  /** When what holds was read: RFC 3339. */
  readonly loaded?: string;
}

/** `reading`: what stands is being told; `lost`: nobody tells, and what is here is as old as `lag`. */
export type MirrorState = 'reading' | 'current' | 'lost';

/** Reports on the voice of calls (RFC 6035): those of a peer, and ours of our legs with it. */
export interface QualityReporting {
  /** Those of the peer are taken and kept; else they are refused, or pass as `passes` says. */
  readonly reports?: true;
  /** Whom we tell of our legs with it; nobody unless given. */
  readonly collector?: QualityCollector;
}

export interface QualityCollector {
  /** As it is asked for: "sip:vq@192.0.2.20". */
  readonly uri: string;
  readonly host: string;
  /** Absent: as the DNS says, or the usual one. */
  readonly port?: number;
  readonly transport: 'udp' | 'tcp';
  /** By which listeners it is reached. */
  readonly side: 'internal' | 'external';
  /** Name of the trunk that it is reached by: by its addresses, its TLS and its password; absent = where `host` leads. */
  readonly trunk?: string;
  /** Ms between reports while a call goes on; at its end alone unless given. */
  readonly interval?: number;
  /** What is worth an alert, of the time since it was looked at last. */
  readonly alerts?: QualityThresholds;
}

export interface QualityThresholds {
  readonly lossPercent?: number;
  readonly jitterMs?: number;
  readonly roundTripMs?: number;
}

import type { QualityReport } from '#codec/quality-report';

/** What a peer has told us of the voice of a call (RFC 6035). Whether it was ever of ours, the records know. */
export interface ReceivedReport {
  /** Unix ms. */
  readonly receivedAt: number;
  /** The trunk, or the user, that it came from. */
  readonly source: string;
  readonly report: QualityReport;
}

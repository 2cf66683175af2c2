import type { HostPort, Octets } from '#kernel';

/** The media type, and the event package of the same name without its tree (RFC 6035 4.1, 4.6). */
export const qualityReportType = 'application/vq-rtcpxr';
export const qualityReportEvent = 'vq-rtcpxr';

export interface QualityReport {
  /** `session`: at its end, or when its codecs changed. `interval`: from time to time. `alert`: a threshold was passed. */
  readonly kind: 'session' | 'interval' | 'alert';
  /** The call is over. */
  readonly ends: boolean;
  readonly alert?: QualityAlert;
  readonly callId: Octets;
  /** Who reports, whom he talked to, and which of them began the session, as they are written. */
  readonly localId?: Octets;
  readonly remoteId?: Octets;
  readonly origId?: Octets;
  readonly localAddr?: MediaEnd;
  readonly remoteAddr?: MediaEnd;
  /** What each of them is counted among, as a collector sorts them. */
  readonly localGroup?: Octets;
  readonly remoteGroup?: Octets;
  readonly dialog?: { readonly callId: Octets; readonly toTag?: Octets; readonly fromTag?: Octets };
  /** What who reports has measured of what came to him. */
  readonly local: QualityMetrics;
  /** What his peer told him of what came to it. */
  readonly remote?: QualityMetrics;
}

export interface QualityAlert {
  /** The short name of a metric of the RFC, as `NLR`. */
  readonly metric: Octets;
  readonly severity: 'warning' | 'critical' | 'clear';
  /** `local`: of what came to who reports. */
  readonly direction: 'local' | 'remote';
}

export interface MediaEnd extends HostPort {
  /** 32 bits; absent where it is not known. */
  readonly ssrc?: number;
}

/** What is absent was not measured. Percent are 0 to 100. */
export interface QualityMetrics {
  /** Unix ms. */
  readonly start?: number;
  readonly stop?: number;
  readonly payloadType?: number;
  readonly codec?: Octets;
  readonly lossPercent?: number;
  readonly discardPercent?: number;
  readonly burstLossPercent?: number;
  readonly burstMs?: number;
  readonly gapLossPercent?: number;
  readonly gapMs?: number;
  readonly roundTripMs?: number;
  readonly endSystemMs?: number;
  readonly oneWayMs?: number;
  readonly symmetricOneWayMs?: number;
  readonly jitterMs?: number;
  readonly meanJitterMs?: number;
  readonly signalDbm?: number;
  readonly noiseDbm?: number;
  readonly echoReturnLossDb?: number;
  readonly rListening?: number;
  readonly rConversational?: number;
  readonly mosListening?: number;
  readonly mosConversational?: number;
  /** By which algorithm, as `P.564`: that of all figures, else the first that is told of one. */
  readonly estimatedBy?: Octets;
}

export type Figure = Exclude<keyof QualityMetrics, 'start' | 'stop' | 'codec' | 'estimatedBy'>;

/** Which line and token each figure is in, and between what it says something: 127, and 0 of what takes time, is what was not measured. */
export const figures: readonly (readonly [line: string, token: string, figure: Figure, least: number, most: number])[] =
  [
    ['SessionDesc', 'PT', 'payloadType', 0, 127],
    ['PacketLoss', 'NLR', 'lossPercent', 0, 100],
    ['PacketLoss', 'JDR', 'discardPercent', 0, 100],
    ['BurstGapLoss', 'BLD', 'burstLossPercent', 0, 100],
    ['BurstGapLoss', 'BD', 'burstMs', 0, 86_400_000],
    ['BurstGapLoss', 'GLD', 'gapLossPercent', 0, 100],
    ['BurstGapLoss', 'GD', 'gapMs', 0, 86_400_000],
    ['Delay', 'RTD', 'roundTripMs', 0.001, 65_535],
    ['Delay', 'ESD', 'endSystemMs', 0.001, 65_535],
    ['Delay', 'OWD', 'oneWayMs', 0.001, 65_535],
    ['Delay', 'SOWD', 'symmetricOneWayMs', 0.001, 65_535],
    ['Delay', 'IAJ', 'jitterMs', 0, 65_535],
    ['Delay', 'MAJ', 'meanJitterMs', 0, 65_535],
    ['Signal', 'SL', 'signalDbm', -127, 126],
    ['Signal', 'NL', 'noiseDbm', -127, 126],
    ['Signal', 'RERL', 'echoReturnLossDb', 0, 126],
    ['QualityEst', 'RLQ', 'rListening', 0, 120],
    ['QualityEst', 'RCQ', 'rConversational', 0, 120],
    ['QualityEst', 'MOSLQ', 'mosListening', 1, 5],
    ['QualityEst', 'MOSCQ', 'mosConversational', 1, 5],
  ];

import type { LegIdentifiers, ReceivedReport } from '#engine/ports';
import type { Cell, Cells, Row } from './rows.ts';

/** After `sip_call_id` and `number`. */
export const reportColumns = [
  'received_at',
  'source',
  'kind',
  'loss_percent',
  'jitter_ms',
  'round_trip_ms',
  'mos_listening',
  'mos_conversational',
  'report',
] as const;

/** Reports on one Call-ID: who sends more is not kept any further. */
export const mostReports = 100;

/** Beside the rows of calls, in one batch with them. */
export type ReportRow = readonly ['report', sipCallId: string, cells: Cells];

export function toReportRow({ receivedAt, source, report }: ReceivedReport): ReportRow {
  const { lossPercent, jitterMs, roundTripMs, mosListening, mosConversational } = report.local;
  const cells: Cell[] = [
    Math.round(receivedAt),
    source,
    report.kind,
    lossPercent ?? null,
    jitterMs ?? null,
    roundTripMs ?? null,
    mosListening ?? null,
    mosConversational ?? null,
    JSON.stringify(report),
  ];
  return ['report', report.callId, cells];
}

export function toReport(row: Row): ReceivedReport {
  const { received_at: receivedAt, source, report } = row;
  return { receivedAt: receivedAt as number, source: source as string, report: JSON.parse(report as string) };
}

/** Whoever reports on a leg is the one at its other end: what others say of it is not believed. */
export function isOf(
  { source, report }: ReceivedReport,
  { trunk, callId }: Pick<LegIdentifiers, 'trunk' | 'callId'>,
): boolean {
  return trunk === source && callId === report.callId;
}

import { bracketed, type Octets } from '#kernel';
import { figures, type MediaEnd, type QualityMetrics, type QualityReport } from './report.ts';

const names = { session: 'VQSessionReport', interval: 'VQIntervalReport', alert: 'VQAlertReport' } as const;
const severities = { warning: 'Warning', critical: 'Critical', clear: 'Clear' } as const;

/** The order of lines in metrics (RFC 6035 4.6.1). */
const lines = ['SessionDesc', 'PacketLoss', 'BurstGapLoss', 'Delay', 'Signal', 'QualityEst'] as const;

/** The body of a report (RFC 6035 4.6.1). What was not measured is not in it. No text in it may have a line break. */
export function writeQualityReport(report: QualityReport): Octets {
  const { kind, ends, alert, callId, localId, remoteId, origId, localAddr, remoteAddr, dialog, local, remote } = report;
  let body = names[kind];
  if (alert) body += `: Type=${alert.metric} Severity=${severities[alert.severity]} Dir=${alert.direction}`;
  else if (ends) body += ': CallTerm';
  body += `\r\nCallID: ${callId}\r\n`;
  if (localId !== undefined) body += `LocalID: ${localId}\r\n`;
  if (remoteId !== undefined) body += `RemoteID: ${remoteId}\r\n`;
  if (origId !== undefined) body += `OrigID: ${origId}\r\n`;
  if (localAddr) body += `LocalAddr: ${endText(localAddr)}\r\n`;
  if (remoteAddr) body += `RemoteAddr: ${endText(remoteAddr)}\r\n`;
  body += `LocalMetrics:\r\n${metricsText(local)}`;
  if (remote) body += `RemoteMetrics:\r\n${metricsText(remote)}`;
  if (dialog) {
    body += `DialogID: ${dialog.callId}`;
    if (dialog.toTag !== undefined) body += `;to-tag=${dialog.toTag}`;
    if (dialog.fromTag !== undefined) body += `;from-tag=${dialog.fromTag}`;
    body += '\r\n';
  }
  return body;
}

function endText({ host, port, ssrc }: MediaEnd): string {
  const text = `IP=${bracketed(host)} PORT=${port}`;
  return ssrc === undefined ? text : `${text} SSRC=0x${ssrc.toString(16).padStart(8, '0')}`;
}

function metricsText(metrics: QualityMetrics): string {
  const { start, stop, codec, estimatedBy } = metrics;
  const times = [
    ...(start === undefined ? [] : [`START=${timeText(start)}`]),
    ...(stop === undefined ? [] : [`STOP=${timeText(stop)}`]),
  ];
  let text = times.length > 0 ? `Timestamps: ${times.join(' ')}\r\n` : '';
  for (const line of lines) {
    const tokens = figures.flatMap(([of, token, figure]) => {
      const value = of === line ? metrics[figure] : undefined;
      return value === undefined ? [] : [`${token}=${numberText(value)}`];
    });
    if (line === 'SessionDesc' && codec !== undefined) tokens.push(`PD=${codec}`);
    if (line === 'QualityEst' && estimatedBy !== undefined) tokens.push(`QoEEstAlg=${estimatedBy}`);
    if (tokens.length > 0) text += `${line}: ${tokens.join(' ')}\r\n`;
  }
  return text;
}

/** Three digits behind the point at most. */
function numberText(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}

/** To the second, as the RFC's examples have it. */
function timeText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

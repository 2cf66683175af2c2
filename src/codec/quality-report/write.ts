import type { Octets } from '#kernel';
import { type Figure, figures, type MediaEnd, type QualityMetrics, type QualityReport } from './report.ts';

const names = { session: 'VQSessionReport', interval: 'VQIntervalReport', alert: 'VQAlertReport' } as const;
const severities = { warning: 'Warning', critical: 'Critical', clear: 'Clear' } as const;

/** The order of lines in metrics (RFC 6035 4.6.1). */
const lines = ['SessionDesc', 'PacketLoss', 'BurstGapLoss', 'Delay', 'Signal', 'QualityEst'] as const;

/**
 * The body of a report by the grammar of RFC 6035 4.6.1, which its examples (4.7) do not keep to in each line: SSRC has its prefix, addresses
 * come before groups, nothing is folded, delays are whole milliseconds. What was not measured is not in it. No text in it may have a line break.
 */
export function writeQualityReport(report: QualityReport): Octets {
  const { kind, ends, alert, callId, localId, remoteId, origId, localAddr, remoteAddr, dialog, local, remote } = report;
  const { localGroup, remoteGroup } = report;
  let body = names[kind];
  if (alert) body += `: Type=${alert.metric} Severity=${severities[alert.severity]} Dir=${alert.direction}`;
  else if (ends) body += ': CallTerm';
  body += `\r\nCallID: ${callId}\r\n`;
  if (localId !== undefined) body += `LocalID: ${localId}\r\n`;
  if (remoteId !== undefined) body += `RemoteID: ${remoteId}\r\n`;
  if (origId !== undefined) body += `OrigID: ${origId}\r\n`;
  if (localAddr) body += `LocalAddr: ${endText(localAddr)}\r\n`;
  if (remoteAddr) body += `RemoteAddr: ${endText(remoteAddr)}\r\n`;
  if (localGroup !== undefined) body += `LocalGroup: ${wordPlus(localGroup)}\r\n`;
  if (remoteGroup !== undefined) body += `RemoteGroup: ${wordPlus(remoteGroup)}\r\n`;
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

/** Each address has an SSRC; 0 is what devices write who know none. */
function endText({ host, port, ssrc = 0 }: MediaEnd): string {
  return `IP=${host} PORT=${port} SSRC=0x${ssrc.toString(16).padStart(8, '0')}`;
}

const wordPlusMarks = "-.!%*_+`'~()<>:\\/[]?{}= ";

/** A name as `word-plus` has it: what may not be in it is written as `-`. */
function wordPlus(text: string): string {
  let word = '';
  for (const char of text) word += isAlphanumeric(char) || wordPlusMarks.includes(char) ? char : '-';
  return word;
}

function isAlphanumeric(char: string): boolean {
  return (char >= '0' && char <= '9') || (char >= 'A' && char <= 'Z') || (char >= 'a' && char <= 'z');
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
      return value === undefined ? [] : [`${token}=${numberText(figure, value)}`];
    });
    if (line === 'SessionDesc' && codec !== undefined) tokens.push(`PD=${codec}`);
    if (line === 'QualityEst' && estimatedBy !== undefined) tokens.push(`QoEEstAlg=${estimatedBy}`);
    if (tokens.length > 0) text += `${line}: ${tokens.join(' ')}\r\n`;
  }
  return text;
}

/** Two digits behind the point of percent and opinions, else none; a delay that was measured is not the 0 of one that was not. */
function numberText(figure: Figure, value: number): string {
  if (figure.endsWith('Percent') || figure.startsWith('mos')) return String(Math.round(value * 100) / 100);
  return String(neverZero.has(figure) ? Math.max(1, Math.round(value)) : Math.round(value));
}

const neverZero: ReadonlySet<Figure> = new Set(
  figures.flatMap(([, , figure, least]) => (least > 0 && least < 1 ? [figure] : [])),
);

/** To the second, as the RFC's examples have it. */
function timeText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

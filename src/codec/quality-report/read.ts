import { detach, type Octets } from '#kernel';
import {
  type Figure,
  figures,
  type MediaEnd,
  type QualityAlert,
  type QualityMetrics,
  type QualityReport,
} from './report.ts';

/** Chars of a body that are read, its lines, and chars of a text in it. */
const longestBody = 16_384;
const mostLines = 200;
const longestText = 256;

const kinds: Readonly<Record<string, QualityReport['kind']>> = {
  vqsessionreport: 'session',
  vqintervalreport: 'interval',
  vqalertreport: 'alert',
};

type Open<T> = { -readonly [K in keyof T]: T[K] };

const byToken: ReadonlyMap<string, readonly [figure: Figure, least: number, most: number]> = new Map(
  figures.map(([line, token, figure, least, most]) => [
    `${line} ${token}`.toLowerCase(),
    [figure, least, most] as const,
  ]),
);

/**
 * Reads a report (RFC 6035 4.6.1). Total; undefined where it is none: it does not say what it is, or of which call. Devices write them
 * in many ways: lines may come in any order, what is not known is passed over, and what can't be is as if it had not been measured.
 */
export function readQualityReport(body: Octets): QualityReport | undefined {
  if (body.length > longestBody) return undefined;
  const [first, ...lines] = linesOf(body);
  const kind = first && kinds[first.name];
  if (!kind) return undefined;
  const report: Open<Partial<QualityReport>> & { local: Open<QualityMetrics>; remote?: Open<QualityMetrics> } = {
    kind,
    ends: kind !== 'alert' && first.value.toLowerCase() === 'callterm',
    local: {},
  };
  let metrics = report.local;
  for (const { name, value } of lines) {
    switch (name) {
      case 'callid':
        if (value !== '') report.callId ??= textOf(value);
        break;
      case 'localid':
        report.localId = textOf(value);
        break;
      case 'remoteid':
        report.remoteId = textOf(value);
        break;
      case 'origid':
        report.origId = textOf(value);
        break;
      case 'localgroup':
        if (value !== '') report.localGroup = textOf(value);
        break;
      case 'remotegroup':
        if (value !== '') report.remoteGroup = textOf(value);
        break;
      case 'localaddr':
      case 'remoteaddr': {
        const end = endOf(value);
        if (end) report[name === 'localaddr' ? 'localAddr' : 'remoteAddr'] = end;
        break;
      }
      case 'localmetrics':
        metrics = report.local;
        break;
      case 'remotemetrics':
        report.remote ??= {};
        metrics = report.remote;
        break;
      case 'dialogid':
        report.dialog = dialogOf(value);
        break;
      default:
        measured(name, value, metrics);
    }
  }
  const alert = kind === 'alert' ? alertOf(first.value) : undefined;
  if (alert) report.alert = alert;
  const callId = report.callId ?? report.dialog?.callId;
  if (callId === undefined || callId === '') return undefined;
  return { ...report, callId } as QualityReport;
}

interface Line {
  /** In lower case. */
  readonly name: string;
  readonly value: string;
}

/** Folded lines (RFC 3261 7.3.1) are one. */
function linesOf(body: string): Line[] {
  const lines: Line[] = [];
  for (const raw of body.split('\n', mostLines)) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line.trim() === '') continue;
    const last = lines.at(-1);
    if (last && (line.startsWith(' ') || line.startsWith('\t')) && !isNamed(line)) {
      lines[lines.length - 1] = { name: last.name, value: `${last.value} ${line.trim()}` };
      continue;
    }
    const colon = separatorOf(line);
    const name = (colon < 0 ? line : line.slice(0, colon)).trim().toLowerCase();
    lines.push({ name, value: colon < 0 ? '' : line.slice(colon + 1).trim() });
  }
  return lines;
}

/** A colon; some have an equals sign behind CallID. */
function separatorOf(line: string): number {
  const equals = line.indexOf('=');
  return equals >= 0 && line.slice(0, equals).trim().toLowerCase() === 'callid' ? equals : line.indexOf(':');
}

/** Some indent what stands under a heading: a line of its own all the same. */
function isNamed(line: string): boolean {
  const [name = ''] = line.trim().split(':', 1);
  return /^(Timestamps|SessionDesc|JitterBuffer|PacketLoss|BurstGapLoss|Delay|Signal|QualityEst)$/i.test(name.trim());
}

function textOf(value: string): Octets {
  return detach(value.slice(0, longestText));
}

/** `NAME=value NAME="a text"`, by spaces or commas. */
function* tokensOf(value: string): Generator<readonly [name: string, value: string]> {
  for (let at = 0; at < value.length; ) {
    const equals = value.indexOf('=', at);
    if (equals < 0) return;
    const before = value.slice(at, equals).trimEnd();
    const name = before.slice(Math.max(before.lastIndexOf(' '), before.lastIndexOf(',')) + 1);
    let from = equals + 1;
    while (value[from] === ' ') from++;
    if (value[from] === '"') {
      const close = value.indexOf('"', from + 1);
      yield [name, value.slice(from + 1, close < 0 ? undefined : close)];
      at = close < 0 ? value.length : close + 1;
      continue;
    }
    let end = from;
    while (end < value.length && value[end] !== ' ' && value[end] !== ',' && value[end] !== '\t') end++;
    yield [name, value.slice(from, end)];
    at = end + 1;
  }
}

function measured(line: string, value: string, into: Open<QualityMetrics>): void {
  for (const [token, text] of tokensOf(value)) {
    const known = byToken.get(`${line} ${token.toLowerCase()}`);
    if (known) {
      const [figure, least, most] = known;
      const number = numberOf(text);
      if (number !== undefined && number >= least && number <= most) into[figure] = number;
      continue;
    }
    const name = token.toUpperCase();
    if (line === 'timestamps' && (name === 'START' || name === 'STOP')) {
      const time = timeOf(text);
      if (time !== undefined) into[name === 'START' ? 'start' : 'stop'] = time;
    } else if (line === 'sessiondesc' && name === 'PD' && text !== '') into.codec = textOf(text);
    else if (line === 'qualityest' && text !== '') {
      if (name === 'QOEESTALG') into.estimatedBy = textOf(text);
      else if (name.endsWith('ESTALG') || name.endsWith('ESTALGO')) into.estimatedBy ??= textOf(text);
    }
  }
}

/** Digits, a point, a sign: nothing else that `Number` would take. */
function numberOf(text: string): number | undefined {
  return /^-?\d{1,9}(\.\d{0,9})?$/.test(text) ? Number(text) : undefined;
}

/** RFC 3339; Unix ms. */
function timeOf(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  const time = Date.parse(text.toUpperCase());
  return Number.isNaN(time) ? undefined : time;
}

function endOf(value: string): MediaEnd | undefined {
  const end: { host?: string; port?: number; ssrc?: number } = {};
  for (const [name, text] of tokensOf(value)) {
    switch (name.toUpperCase()) {
      case 'IP': {
        // With the port behind it: not by the grammar, and told apart from an IPv6 address all the same.
        const [, host = text, port] = /^([^:]+|\[.*\]):(\d{1,5})$/.exec(text) ?? [];
        if (host !== '') end.host = textOf(host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host);
        if (port !== undefined) end.port ??= portOf(port);
        break;
      }
      case 'PORT':
        end.port = portOf(text);
        break;
      case 'SSRC': {
        const ssrc = ssrcOf(text);
        if (ssrc) end.ssrc = ssrc;
      }
    }
  }
  const { host, port = 0, ssrc } = end;
  return host === undefined ? undefined : { host, port, ...(ssrc !== undefined && { ssrc }) };
}

/** 0 where it is none. */
function portOf(text: string): number {
  const port = numberOf(text) ?? 0;
  return Number.isInteger(port) && port >= 0 && port <= 65_535 ? port : 0;
}

/** Hexadecimal, with or without its prefix (both are in the RFC); what is too long for that is decimal, as some write it. */
function ssrcOf(text: string): number | undefined {
  if (/^(0x)?[\da-f]{1,8}$/i.test(text)) return Number.parseInt(text.replace(/^0x/i, ''), 16);
  const decimal = /^\d{9,10}$/.test(text) ? Number(text) : undefined;
  return decimal !== undefined && decimal <= 0xffff_ffff ? decimal : undefined;
}

function dialogOf(value: string): NonNullable<QualityReport['dialog']> {
  const [callId = '', ...params] = value.split(';');
  const dialog: { callId: Octets; toTag?: Octets; fromTag?: Octets } = { callId: textOf(callId.trim()) };
  for (const param of params) {
    const [name = '', tag = ''] = param.split('=', 2).map((part) => part.trim());
    if (name.toLowerCase() === 'to-tag' && tag !== '') dialog.toTag = textOf(tag);
    else if (name.toLowerCase() === 'from-tag' && tag !== '') dialog.fromTag = textOf(tag);
  }
  return dialog;
}

function alertOf(value: string): QualityAlert | undefined {
  const said: { type?: string; severity?: string; dir?: string } = {};
  for (const [name, text] of tokensOf(value)) {
    const key = name.toLowerCase();
    if (key === 'type' || key === 'severity' || key === 'dir') said[key] = text;
  }
  const severity = said.severity?.toLowerCase();
  if (!said.type || (severity !== 'warning' && severity !== 'critical' && severity !== 'clear')) return undefined;
  const direction = said.dir?.toLowerCase() === 'remote' ? 'remote' : 'local';
  return { metric: textOf(said.type.toUpperCase()), severity, direction };
}

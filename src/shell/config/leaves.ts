import { isIPv4, isIPv6, SocketAddress } from 'node:net';
import { z } from 'zod';
import { type Fault, fault } from './problems.ts';

/**
 * The kinds of single values. Each is read from its text (source.ts), so that `+49` stays what was written, and carries what the JSON
 * Schema and the manual say of it: `title` is the kind's name there.
 */

type JsonSchema = Readonly<Record<string, unknown>>;

/** A kind: its reader gives the value or the fault. */
export function leaf<T>(read: (text: string) => { value: T } | Fault, json: JsonSchema) {
  return z
    .string()
    .transform((text, context): T => {
      const result = read(text);
      if ('value' in result) return result.value;
      context.addIssue({ code: 'custom', params: { fault: result } });
      return z.NEVER;
    })
    .meta(json);
}

export interface Endpoint {
  /** IP literal in its canonical form (RFC 5952), as a socket reports it; where a name may stand, that in lower case. */
  readonly host: string;
  readonly port?: number;
}

const lowestPort = 1;
const highestPort = 65535;

export function readPort(text: string): { value: number } | Fault {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port >= lowestPort && port <= highestPort) return { value: port };
  return fault('TDM-1105', `"${text}" is not a port.`);
}

/** Canonical IP literal of `text`, in brackets or not. */
export function readHost(text: string): { value: string } | Fault {
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  if (isIPv4(bare) && bare === text) return { value: bare };
  if (isIPv6(bare)) {
    if (bare.includes('%'))
      return fault(
        'TDM-1104',
        `"${text}" is a link-local address with a zone.`,
        'Use a global or unique local address.',
      );
    const canonical = new SocketAddress({ address: bare, family: 'ipv6' }).address;
    const mapped = canonical.startsWith('::ffff:') && isIPv4(canonical.slice(7));
    if (mapped)
      return fault('TDM-1104', `"${text}" is an IPv4 address in IPv6 clothes.`, `Write ${canonical.slice(7)}.`);
    return { value: canonical };
  }
  if (/[a-z]/i.test(bare) && !bare.includes(':')) return fault('TDM-1104', `"${text}" is a name, not an IP address.`);
  return fault(
    'TDM-1104',
    `"${text}" is not an IP address.`,
    'Write 192.0.2.10, or an IPv6 address such as 2001:db8::10.',
  );
}

export function readEndpoint(text: string): { value: Endpoint } | Fault {
  if (isIPv6(text))
    return fault(
      'TDM-1104',
      `where the address ends in "${text}", and a port begins, cannot be told.`,
      `Write [${text}].`,
    );
  const colon = text.lastIndexOf(':');
  const hasPort = colon > text.lastIndexOf(']');
  const host = readHost(hasPort ? text.slice(0, colon) : text);
  if (!('value' in host)) return host;
  if (!hasPort) return { value: { host: host.value } };
  const port = readPort(text.slice(colon + 1));
  return 'value' in port ? { value: { host: host.value, port: port.value } } : port;
}

export const endpoint = () =>
  leaf(readEndpoint, { title: 'address', examples: ['192.0.2.10:5060', '192.0.2.10', '[2001:db8::10]:5060'] });

export const host = () => leaf(readHost, { title: 'IP address', examples: ['192.0.2.10', '2001:db8::10'] });

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 };

/** Milliseconds. `never`: the word is taken, and stands for 0. */
export function duration(limits: { from: string; to: string; never?: boolean }) {
  const parse = (text: string): number | undefined => {
    const match = /^(\d{1,9}(?:\.\d{1,3})?) ?(ms|s|m|min|h)$/.exec(text);
    return match ? Math.round(Number(match[1]) * units[match[2]!]!) : undefined;
  };
  const from = parse(limits.from)!;
  const to = parse(limits.to)!;
  const range = `from ${limits.from} to ${limits.to}${limits.never ? ', or never' : ''}`;
  return leaf(
    (text) => {
      if (limits.never && text === 'never') return { value: 0 };
      const value = parse(text);
      if (value === undefined) {
        const bare = /^\d+(\.\d+)?$/.test(text);
        return fault(
          'TDM-1106',
          bare ? `${text} has no unit.` : `"${text}" is not a duration.`,
          bare ? `Write ${text}s, or ${text}ms.` : undefined,
        );
      }
      if (value >= from && value <= to) return { value };
      return fault('TDM-1106', `${text} is out of range.`, `Give a duration ${range}.`);
    },
    { title: 'duration', 'x-range': range },
  );
}

export function count(from: number, to: number) {
  return leaf(
    (text) => {
      const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
      if (value >= from && value <= to) return { value };
      return fault('TDM-1107', `${JSON.stringify(text)} is not a number from ${from} to ${to}.`);
    },
    { type: 'integer', title: 'number', minimum: from, maximum: to, 'x-range': `from ${from} to ${to}` },
  );
}

export const name = () =>
  leaf(
    (text) =>
      /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text)
        ? { value: text }
        : fault('TDM-1111', `${JSON.stringify(text.slice(0, 80))} cannot be a name.`),
    { title: 'name' },
  );

/** Low and high port, both inclusive: even and odd, so that every pair of RTP and RTCP fits (RFC 3550 11). */
export const portRange = () =>
  leaf(
    (text) => {
      const match = /^(\d{1,5}) ?(?:-|–|\.\.) ?(\d{1,5})$/.exec(text);
      if (!match) return fault('TDM-1112', `"${text}" is not a range of ports.`);
      const low = readPort(match[1]!);
      const high = readPort(match[2]!);
      if (!('value' in low)) return low;
      if (!('value' in high)) return high;
      if (high.value < low.value)
        return fault('TDM-1112', `${text} runs backwards.`, `Write ${high.value}-${low.value}.`);
      const min = low.value + (low.value % 2);
      const max = high.value - (high.value % 2 === 0 ? 1 : 0);
      if (low.value < 1024) return fault('TDM-1112', `${text} takes in ports of the system (below 1024).`);
      if (max - min + 1 < leastPorts)
        return fault(
          'TDM-1112',
          `${text} is too small: one call takes up to four ports.`,
          `Give at least ${leastPorts} ports.`,
        );
      return { value: { min, max } };
    },
    { title: 'port range', examples: ['20000-40000'] },
  );
const leastPorts = 16;

/** Printable text on one line, as it goes into a header field. */
export const headerText = () =>
  leaf(
    (text) =>
      /^[\x21-\x7e]([\x20-\x7e]{0,118}[\x21-\x7e])?$/.test(text)
        ? { value: text }
        : fault('TDM-1114', 'this cannot stand in a header field.', 'Use up to 120 printable ASCII characters.'),
    { title: 'text' },
  );

const pathTo = (what: 'directory' | 'file') =>
  leaf(
    (text) =>
      text !== '' && !text.includes('\0') && !text.includes('\n')
        ? { value: text }
        : fault('TDM-1114', 'this cannot be a path.', `Give the path of a ${what}.`),
    { title: what === 'file' ? 'file' : 'path' },
  );

export const directory = () => pathTo('directory');

/** PEM or one line of text, read when the configuration is. */
export const file = () => pathTo('file');

/** The beginning of a called number. */
export const prefix = () =>
  leaf(
    (text) =>
      /^[\x21-\x7e]{1,64}$/.test(text) && !/[@:;<>"]/.test(text)
        ? { value: text }
        : fault(
            'TDM-1114',
            `${JSON.stringify(text.slice(0, 80))} is not how a number can begin.`,
            'Use digits and +, *, #; leave `called` out to take every number.',
          ),
    { title: 'prefix', examples: ['+', '+49', '00'] },
  );

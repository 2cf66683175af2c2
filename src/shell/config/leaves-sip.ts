import { isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';
import { Sensitive } from '#kernel';
import { networkOf } from './addresses.ts';
import { type Endpoint, leaf, readEndpoint, readHost, readPort } from './leaves.ts';
import { nearest } from './nearest.ts';
import { type Fault, fault } from './problems.ts';

/** Kinds of single values that SIP, DNS and TLS bring along. */

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** A host name in lower case, without the root's dot. */
function readName(text: string): { value: string } | Fault {
  const wrong = (cure?: string) => fault('TDM-1115', `"${text.slice(0, 80)}" is not the name of a host.`, cure);
  const scheme = /^(sips?:|[a-z]+:\/\/)/i.exec(text)?.[0];
  if (scheme) return wrong(`Write it without "${scheme}".`);
  const name = text.toLowerCase().replace(/\.$/, '');
  if (name.startsWith('_'))
    return wrong('Give the domain by itself, without a port: its NAPTR and SRV records are looked up from there.');
  if (/[^\0-\x7f]/.test(name)) {
    const ascii = domainToASCII(name);
    return wrong(ascii ? `Write ${ascii}.` : undefined);
  }
  const labels = name.split('.');
  if (name.length > 253 || !labels.every((one) => label.test(one)) || /^\d+$/.test(labels.at(-1)!)) return wrong();
  return { value: name };
}

/** What can only be meant as an address, right or wrong. */
function looksLikeAddress(host: string): boolean {
  return host.startsWith('[') || !/[a-z]/i.test(host) || isIPv6(host);
}

export function readTarget(text: string): { value: Endpoint } | Fault {
  const uri = /^sips?:/i.test(text);
  const colon = uri ? -1 : text.lastIndexOf(':');
  const host = colon < 0 ? text : text.slice(0, colon);
  if (!uri && (looksLikeAddress(host) || isIPv6(text))) return readEndpoint(text);
  const name = readName(host);
  if (!('value' in name)) return name;
  if (colon < 0) return { value: { host: name.value } };
  const port = readPort(text.slice(colon + 1));
  return 'value' in port ? { value: { host: name.value, port: port.value } } : port;
}

export const target = () =>
  leaf(readTarget, {
    title: 'address or name',
    examples: ['sip.itsp.example', 'sip.itsp.example:5060', '192.0.2.10', '[2001:db8::10]:5060'],
  });

export const domain = () =>
  leaf((text) => (looksLikeAddress(text) ? readHost(text) : readName(text)), {
    title: 'domain',
    examples: ['itsp.example'],
  });

export const hostName = () => leaf(readName, { title: 'host name', examples: ['sip.itsp.example'] });

const widest = { ipv4: 8, ipv6: 16 } as const;

export const network = () =>
  leaf(
    (text) => {
      const slash = text.indexOf('/');
      const host = readHost(slash < 0 ? text : text.slice(0, slash));
      if (!('value' in host)) return fault('TDM-1116', `"${text.slice(0, 80)}" is not a network.`);
      const most = isIPv6(host.value) ? 128 : 32;
      const length = slash < 0 ? String(most) : text.slice(slash + 1);
      const bits = /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
      const least = most === 32 ? widest.ipv4 : widest.ipv6;
      if (!(bits <= most)) return fault('TDM-1116', `"${length}" is not the length of a prefix.`);
      if (bits < least)
        return fault(
          'TDM-1116',
          `${text} takes in half the world.`,
          `Give networks of /${least} and longer; whoever may call from anywhere proves himself by \`authenticate\` or \`certificate-names\`.`,
        );
      const base = networkOf(host.value, bits);
      if (base !== host.value)
        return fault('TDM-1116', `${text} has bits behind its prefix.`, `Write ${base}/${bits}, or ${host.value}.`);
      return { value: { host: host.value, bits } };
    },
    { title: 'network', examples: ['198.51.100.0/24', '2001:db8::/32'] },
  );

/** The `user` of RFC 3261 25.1, as far as it needs no escapes. */
export const user = () =>
  leaf(
    (text) =>
      /^[A-Za-z0-9_.!~*'()&=+$,;?/-]{1,128}$/.test(text)
        ? { value: text }
        : fault(
            'TDM-1114',
            `${JSON.stringify(text.slice(0, 80))} cannot be the user part of a SIP address.`,
            'Give what stands before the @ alone: a number or the name of an account.',
          ),
    { title: 'user', examples: ['+4930123450', 'account-17'] },
  );

/** What stands between quotation marks in a header field; `ascii` unless people read it. */
export function quoted(ascii: boolean) {
  const fits = ascii ? /^[\x20-\x7e]{1,120}$/ : /^[^\p{C}]{1,120}$/u;
  return leaf(
    (text) =>
      fits.test(text) && !/["\\]/.test(text)
        ? { value: text }
        : fault(
            'TDM-1114',
            'this cannot stand between quotation marks in a header field.',
            `Use up to 120 printable ${ascii ? 'ASCII ' : ''}characters, without " and \\.`,
          ),
    { title: 'text' },
  );
}

/** What is wrong with a password is told without showing it. */
export function readPassword(text: string): string | undefined {
  if (text === '') return 'it is empty';
  if (text.length > 256) return 'it is longer than 256 characters';
  return /\p{Cc}/u.test(text) ? 'it has more than one line, or control characters' : undefined;
}

export const secret = () =>
  leaf(
    (text) => {
      const wrong = readPassword(text);
      return wrong === undefined
        ? { value: new Sensitive(text) }
        : fault('TDM-1114', `this cannot be a password: ${wrong}.`, 'Give a password of one line.');
    },
    { title: 'secret' },
  );

/** One status or a range, both ends included. */
export const statuses = () =>
  leaf(
    (text) => {
      const match = /^([3-6]\d\d)(?: ?- ?([3-6]\d\d))?$/.exec(text);
      const from = Number(match?.[1]);
      const to = Number(match?.[2] ?? match?.[1]);
      return match && from <= to ? { value: { from, to } } : fault('TDM-1117', `"${text}" is not a final failure.`);
    },
    { title: 'statuses', examples: ['486', '500-599'] },
  );

/** Differentiated services code points by name: RFC 2474, 2597, 3246, 5865, 8622. */
const codePoints: Readonly<Record<string, number>> = {
  DF: 0,
  LE: 1,
  VA: 44,
  EF: 46,
  ...Object.fromEntries([0, 1, 2, 3, 4, 5, 6, 7].map((selector) => [`CS${selector}`, selector * 8])),
  ...Object.fromEntries([1, 2, 3, 4].flatMap((of) => [1, 2, 3].map((drop) => [`AF${of}${drop}`, of * 8 + drop * 2]))),
};

export const codePoint = () =>
  leaf(
    (text) => {
      const named = codePoints[text.toUpperCase()];
      const value = named ?? (/^\d{1,2}$/.test(text) ? Number(text) : Number.NaN);
      return value <= 63 ? { value } : fault('TDM-1118', `"${text}" is not a code point.`);
    },
    { title: 'code point', examples: ['EF', 'CS3', '46'] },
  );

/** Encoding names of audio (RFC 3551 and what is registered since), and of what accompanies it. Case does not count in them. */
const codecNames = [
  ...['PCMA', 'PCMU', 'G722', 'G723', 'G726-16', 'G726-24', 'G726-32', 'G726-40', 'G728', 'G729', 'G729D', 'G729E'],
  ...['G7221', 'G719', 'PCMA-WB', 'PCMU-WB', 'GSM', 'GSM-EFR', 'GSM-HR-08', 'iLBC', 'speex', 'opus', 'SILK', 'BV16'],
  ...['BV32', 'AMR', 'AMR-WB', 'AMR-WB+', 'EVS', 'EVRC', 'EVRC0', 'EVRCB', 'L8', 'L16', 'L24', 'DVI4', 'LPC', 'VDVI'],
  ...['MPA', 'QCELP', 'MP4A-LATM', 'mpeg4-generic', 'x-msrta', 'CLEARMODE', 'telephone-event', 'CN', 'tone', 'red'],
];
const codecsByName: ReadonlyMap<string, string> = new Map(codecNames.map((name) => [name.toLowerCase(), name]));
/** The word that stands for whatever is offered. */
export const allCodecs = 'all';

export const codec = () =>
  leaf(
    (text) => {
      const value = text === allCodecs ? text : codecsByName.get(text.toLowerCase());
      if (value !== undefined) return { value };
      const near = nearest(text, codecNames);
      return fault(
        'TDM-1119',
        `there is no codec "${text.slice(0, 80)}".`,
        near ? `Did you mean \`${near}\`?` : undefined,
      );
    },
    { title: 'codec', examples: ['PCMA', 'telephone-event', allCodecs] },
  );

export const flag = () =>
  leaf(
    (text) =>
      text === 'true' || text === 'false'
        ? { value: text === 'true' }
        : fault('TDM-1108', `there is no \`${text.slice(0, 80)}\` here.`, 'It takes true or false.'),
    { type: 'boolean', title: 'true or false' },
  );

import type { Octets } from '#kernel';
import { type CryptoAttribute, cryptosOf, isNumber, parseCrypto } from './crypto.ts';
import { attributeOf } from './inspect.ts';
import type { MediaDescription, SdpLine, SessionDescription } from './model.ts';
import { profileOf, type RtpProfile } from './profile.ts';

/** One way in which an offered stream may be run (RFC 5939): as its m= line says, or as a potential configuration would. */
export interface StreamConfiguration {
  readonly profile: RtpProfile;
  readonly cryptos: readonly CryptoAttribute[];
  /** What a=acfg says in an answer that takes it; absent when it is the m= line's own. */
  readonly actual?: Octets;
}

/** Potential configurations of one stream, the alternatives of each counted; what comes after is not looked at. */
const mostConfigurations = 16;
/** Numbers of capabilities (RFC 5939 3.3: 1 to 2^31 - 1). */
const highest = 2 ** 31 - 1;

/**
 * The ways in which a stream may be run, what the offerer likes best first: its potential configurations by number, then
 * what m= says. Empty when m= is not of an RTP profile. Of capabilities those count that security needs: transport
 * protocols, and attributes that are a=crypto; a configuration that must have others is left out. Total.
 */
export function configurationsOf(sdp: SessionDescription, media: MediaDescription): readonly StreamConfiguration[] {
  const profile = profileOf(media.protocol);
  if (profile === undefined) return [];
  const cryptos = cryptosOf(media.lines);
  const own: StreamConfiguration = { profile, cryptos };
  if (attributeOf(media.lines, 'pcfg') === undefined || needsMore(sdp.lines) || needsMore(media.lines)) return [own];
  const transports = transportCapabilities(sdp.lines, media.lines);
  const attributes = attributeCapabilities(sdp.lines, media.lines);
  const potential: { readonly number: number; readonly configuration: StreamConfiguration }[] = [];
  for (const { number, fields } of potentialOf(media.lines)) {
    for (const way of waysOf(number, fields, own, transports, attributes)) {
      if (potential.length === mostConfigurations) break;
      potential.push({ number, configuration: way });
    }
  }
  potential.sort((one, other) => one.number - other.number);
  return [...potential.map(({ configuration }) => configuration), own];
}

/** RFC 5939 3.3.2: extensions that the offerer requires, and of which we know the base only. */
function needsMore(lines: readonly SdpLine[]): boolean {
  return lines.some(
    ({ type, value }) =>
      type === 'a' &&
      value.startsWith('creq:') &&
      value
        .slice(5)
        .split(',')
        .some((option) => option.trim() !== 'cap-v0'),
  );
}

/** a=tcap: a number and protocols, of which each further one has the next number (RFC 5939 3.4.1). */
function transportCapabilities(...levels: readonly (readonly SdpLine[])[]): ReadonlyMap<number, RtpProfile> {
  const capabilities = new Map<number, RtpProfile>();
  for (const value of valuesOf(levels, 'tcap:')) {
    const [first = '', ...protocols] = value.split(' ').filter((field) => field !== '');
    if (!isNumber(first, 10)) continue;
    for (const [i, protocol] of protocols.entries()) {
      const profile = profileOf(protocol);
      if (profile) capabilities.set(Number(first) + i, profile);
    }
  }
  return capabilities;
}

/** a=acap: a number and an attribute (RFC 5939 3.4.2). */
function attributeCapabilities(...levels: readonly (readonly SdpLine[])[]): ReadonlyMap<number, CryptoAttribute> {
  const capabilities = new Map<number, CryptoAttribute>();
  for (const value of valuesOf(levels, 'acap:')) {
    const blank = value.indexOf(' ');
    const number = value.slice(0, blank);
    if (blank < 0 || !isNumber(number, 10) || !value.startsWith('crypto:', blank + 1)) continue;
    const crypto = parseCrypto(value.slice(blank + 8));
    if (crypto) capabilities.set(Number(number), crypto);
  }
  return capabilities;
}

function* valuesOf(levels: readonly (readonly SdpLine[])[], prefix: string): Generator<Octets> {
  for (const lines of levels)
    for (const { type, value } of lines)
      if (type === 'a' && value.startsWith(prefix)) yield value.slice(prefix.length).trim();
}

function* potentialOf(lines: readonly SdpLine[]): Generator<{ number: number; fields: readonly string[] }> {
  for (const value of valuesOf([lines], 'pcfg:')) {
    const [number = '', ...fields] = value.split(' ').filter((field) => field !== '');
    if (isNumber(number, 10) && Number(number) >= 1 && Number(number) <= highest)
      yield { number: Number(number), fields };
  }
}

/** The configurations that one a=pcfg stands for: each transport with each set of attributes (RFC 5939 3.5.1). */
function* waysOf(
  number: number,
  fields: readonly string[],
  own: StreamConfiguration,
  transports: ReadonlyMap<number, RtpProfile>,
  attributes: ReadonlyMap<number, CryptoAttribute>,
): Generator<StreamConfiguration> {
  const t = fields.find((field) => field.startsWith('t='))?.slice(2);
  let a = fields.find((field) => field.startsWith('a='))?.slice(2);
  // An extension with "+" must be understood.
  if (fields.some((field) => field.startsWith('+'))) return;
  let inherited = own.cryptos;
  let deletes = '';
  if (a?.startsWith('-')) {
    const colon = a.indexOf(':');
    // "-m:", "-s:", "-ms:": the attributes of the level do not count.
    deletes = colon < 0 ? a : a.slice(0, colon);
    a = colon < 0 ? '' : a.slice(colon + 1);
    if (deletes.includes('m')) inherited = [];
  }
  for (const transport of t === undefined ? [undefined] : t.split('|', mostConfigurations)) {
    const profile = transport === undefined ? own.profile : transports.get(Number(transport));
    if (profile === undefined) continue;
    for (const list of a === undefined || a === '' ? [undefined] : a.split('|', mostConfigurations)) {
      const added = list === undefined ? [] : attributesOf(list, attributes);
      if (added === undefined) continue;
      const said = [String(number)];
      if (transport !== undefined) said.push(`t=${transport}`);
      if (list !== undefined) said.push(`a=${deletes === '' ? '' : `${deletes}:`}${list}`);
      else if (deletes !== '') said.push(`a=${deletes}`);
      yield { profile, cryptos: [...added, ...inherited], actual: said.join(' ') };
    }
  }
}

/** The attributes of "1,2,[3]"; undefined when one that must be there is not known. Those in brackets may be left out. */
function attributesOf(
  list: string,
  attributes: ReadonlyMap<number, CryptoAttribute>,
): readonly CryptoAttribute[] | undefined {
  const found: CryptoAttribute[] = [];
  let optional = false;
  for (const item of list.split(',')) {
    if (item.startsWith('[')) optional = true;
    const attribute = attributes.get(Number(item.replaceAll('[', '').replaceAll(']', '')));
    if (attribute) found.push(attribute);
    else if (!optional) return undefined;
    if (item.endsWith(']')) optional = false;
  }
  return found;
}

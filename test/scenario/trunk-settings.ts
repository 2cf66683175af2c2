/** The changes that a ladder makes to a trunk: "itsp named=itsp.example registers user=+493010 password=secret" (README.md). */
import { ringbackTones } from '#codec/tones';
import { Sensitive } from '#kernel';
import type {
  DigestAlgorithm,
  HealthConfiguration,
  IdentityPolicy,
  RegistrationConfiguration,
  ResponseRule,
  SessionTimer,
  SrtpConfiguration,
  Trunk,
  TrunkAddress,
} from '#policy/configuration';
import { usualSessionTimer } from '#sip/session-timer';
import { changesNamed } from './changes.ts';
import { duration } from './notation.ts';

export const usualSrtp: Omit<SrtpConfiguration, 'mode'> = {
  offer: 'crypto',
  suites: ['AES_CM_128_HMAC_SHA1_80'],
  keysInClear: true,
};
const health: HealthConfiguration = { interval: 0, misses: 3, successes: 1, failedCalls: 2 };
/** What our realm is to trunks that authenticate to us. */
const realm = 'tandem.example';

type Setting = (old: Trunk, value: string) => Trunk;

const settings: Readonly<Record<string, Setting>> = {
  calls: (old, value) => ({ ...old, capacity: { ...old.capacity, calls: Number(value) } }),
  'calls-per-second': (old, value) => ({ ...old, capacity: { ...old.capacity, callsPerSecond: Number(value) } }),
  disabled: (old, value) => ({ ...old, disabled: value === '' ? {} : { until: Date.parse(value) } }),
  site: (old, value) => ({ ...old, site: value }),
  usages: (old, value) => ({ ...old, usages: value.split('+') }),
  'local-only': (old) => ({ ...old, localOnly: true }),
  passes: (old, value) => ({ ...old, passes: value.split('+') }),
  reports: (old) => ({ ...old, quality: { reports: true } }),
  'messages-per-second': (old, value) => ({
    ...old,
    capacity: { ...old.capacity, messagesPerSecond: Number(value) },
  }),
  subscriptions: (old, value) => ({ ...old, capacity: { ...old.capacity, subscriptions: Number(value) } }),
  setup: (old, value) => ({ ...old, setupTimeout: time(value) }),
  ring: (old, value) => ({ ...old, ringTimeout: time(value) }),
  transport: (old, value) => transported(old, value as Trunk['transport']),
  // Ladders show what crosses: keys may, in the clear.
  srtp: (old, value) => ({ ...old, srtp: { ...usualSrtp, mode: value as 'required' | 'optional' } }),
  at: (old, value) => ({ ...old, addresses: [addressOf(value, old)] }),
  also: (old, value) => ({ ...old, addresses: [...old.addresses, addressOf(value, old)] }),
  named: (old, value) => ({ ...old, addresses: [addressOf(value, old)], domain: value }),
  domain: (old, value) => ({ ...old, domain: value }),
  'next-hop': (old, value) => ({ ...old, nextHops: [...(old.nextHops ?? []), addressOf(value, old)] }),
  network: (old, value) => {
    const [host = '', bits = ''] = value.split('/');
    return { ...old, networks: [...(old.networks ?? []), { host, bits: Number(bits) }] };
  },
  naptr: (old) => ({ ...old, naptr: true }),
  user: (old, value) => ({ ...old, identity: { user: value, from: 'identity' } }),
  password: (old, value) => ({
    ...old,
    credentials: [
      ...(old.credentials ?? []),
      { username: old.identity?.user ?? old.name, password: new Sensitive(value) },
    ],
  }),
  registers: (old, value) => {
    const names = value === '' ? [old.domain ?? old.addresses[0]!.host] : value.split('+');
    const registrars = names.map((name) => addressOf(name, old));
    return registering(old, { registrars });
  },
  expires: (old, value) => registering(old, { expires: time(value) }),
  contact: (old, value) => registering(old, { contactUser: value }),
  gin: (old) => registering(old, { gin: true }),
  outbound: (old) => registering(old, { outbound: true }),
  authenticates: (old, value) => ({
    ...old,
    authenticate: { realm, username: old.name, password: new Sensitive(value), algorithms: ['MD5'] },
  }),
  algorithms: (old, value) => ({
    ...old,
    authenticate: { ...old.authenticate!, algorithms: value.split('+') as DigestAlgorithm[] },
  }),
  certificate: (old, value) => ({ ...old, certificateNames: value.split('+') }),
  options: (old, value) => ({ ...old, health: { ...health, ...old.health, interval: time(value) } }),
  misses: (old, value) => ({ ...old, health: { ...health, ...old.health, misses: Number(value) } }),
  successes: (old, value) => ({ ...old, health: { ...health, ...old.health, successes: Number(value) } }),
  'failed-calls': (old, value) => ({ ...old, health: { ...health, ...old.health, failedCalls: Number(value) } }),
  reliability: (old, value) => ({ ...old, reliability: value as NonNullable<Trunk['reliability']> }),
  forks: (old, value) => ({ ...old, maxEarlyDialogs: Number(value) }),
  ringback: (old, value) => {
    const [who = '', country = 'itu'] = value.split(':');
    const ringback = who as NonNullable<Trunk['ringback']>;
    return { ...old, ringback, ...(who === 'tone' && { ringbackTone: ringbackTones[country]! }) };
  },
  offer: (old, value) => ({ ...old, offer: value as NonNullable<Trunk['offer']> }),
  redirect: (old, value) => ({
    ...old,
    transfer: { ...old.transfer, redirect: value as 'local' | 'refused' },
  }),
  refer: (old, value) => ({
    ...old,
    transfer: { ...old.transfer, refer: value as 'local' | 'passed' | 'refused' },
  }),
  timer: (old, value) => timed(old, { mode: value as SessionTimer['mode'] }),
  session: (old, value) => timed(old, { expires: time(value) }),
  'min-session': (old, value) => timed(old, { minimum: time(value) }),
  refresher: (old, value) => timed(old, { refresher: value as SessionTimer['refresher'] }),
  'refresh-by': (old, value) => timed(old, { method: value as SessionTimer['method'] }),
  codecs: (old, value) => ({ ...old, codecs: { ...old.codecs, allow: value.split('+') } }),
  ptime: (old, value) => ({ ...old, codecs: { ...old.codecs, ptime: Number(value) } }),
  hold: (old, value) => ({ ...old, hold: value as NonNullable<Trunk['hold']> }),
  media: (old, value) => ({ ...old, media: value.split('+') as NonNullable<Trunk['media']> }),
  dtmf: (old, value) => ({ ...old, dtmf: value as NonNullable<Trunk['dtmf']> }),
  fax: (old, value) => ({ ...old, fax: value as NonNullable<Trunk['fax']> }),
  mobile: (old) => ({ ...old, mobile: true }),
  'media-bypass': (old) => ({ ...old, mediaBypass: true }),
  'media-address': (old, value) => ({ ...old, mediaAddress: value }),
  trusted: (old) => identified(old, { trusted: true }),
  untrusted: (old) => identified(old, { trusted: false }),
  'identity-in': (old, value) => identified(old, { header: value as IdentityPolicy['header'] }),
  history: (old, value) => identified(old, { history: value as IdentityPolicy['history'] }),
  privacy: (old, value) => identified(old, { privacy: value as IdentityPolicy['privacy'] }),
  changes: (old, value) => ({ ...old, manipulation: value.split('+').flatMap((one) => changesNamed(one)) }),
  rule: (old, value) => ({ ...old, responses: [...(old.responses ?? []), ruleOf(value)] }),
};

/** One `KEY=VALUE` of a ladder's configuration line. */
export function trunkWith(old: Trunk, setting: string): Trunk {
  const at = setting.indexOf('=');
  const key = at < 0 ? setting : setting.slice(0, at);
  const change = settings[key];
  if (!change) throw new Error(`a trunk has no "${key}": ${Object.keys(settings).join(', ')}`);
  return change(old, at < 0 ? '' : setting.slice(at + 1));
}

function timed(old: Trunk, more: Partial<SessionTimer>): Trunk {
  return { ...old, sessionTimer: { ...usualSessionTimer, ...old.sessionTimer, ...more } };
}

/** What is not said is as it is where nothing is. */
function identified(old: Trunk, more: Partial<IdentityPolicy>): Trunk {
  const usual: IdentityPolicy = {
    trusted: old.kind !== 'itsp',
    header: 'p-asserted-identity',
    history: 'history-info',
    privacy: 'header',
  };
  return { ...old, callerIdentity: { ...usual, ...old.callerIdentity, ...more } };
}

function registering(old: Trunk, more: Partial<RegistrationConfiguration>): Trunk {
  const usual: RegistrationConfiguration = {
    registrars: [],
    expires: 600_000,
    gin: false,
    outbound: false,
    retry: { base: 30_000, most: 600_000 },
  };
  return { ...old, registration: { ...usual, ...old.registration, ...more } };
}

/** By TLS the usual port is another, and what connects follows rules. */
function transported(old: Trunk, transport: Trunk['transport']): Trunk {
  const ported = (address: TrunkAddress) =>
    address.matchPort ? address : { ...address, port: transport === 'tls' ? 5061 : 5060 };
  const tls = { trust: { system: false, files: [] }, wildcards: false, minVersion: 'TLSv1.2', renewal: 0 } as const;
  return {
    ...old,
    transport,
    addresses: old.addresses.map(ported),
    ...(old.nextHops ? { nextHops: old.nextHops.map(ported) } : {}),
    ...(old.registration
      ? { registration: { ...old.registration, registrars: old.registration.registrars.map(ported) } }
      : {}),
    ...(transport === 'tls' ? { tls } : {}),
  };
}

/** "203.0.113.10", "itsp.example", "itsp.example:5070". IPv6 without a port. */
function addressOf(text: string, { transport }: Trunk): TrunkAddress {
  const ported = /^([^:]+):(\d+)$/.exec(text);
  if (ported) return { host: ported[1]!, port: Number(ported[2]), matchPort: true };
  return { host: text, port: transport === 'tls' ? 5061 : 5060, matchPort: false };
}

/** "486/34:503", "434:404", "480:next", "500-599:final": what came, with which Q.850 cause, and what it is taken for. */
function ruleOf(text: string): ResponseRule {
  const parts = /^(?:(\d{3})(?:-(\d{3}))?)?(?:\/(\d+))?:(\d{3}|next|final)(?::(next|final))?$/.exec(text);
  if (!parts) throw new Error(`rule=${text}: "486/34:503", "434:404", "480:next"`);
  const [, from, to = from, q850, taken = '', verdict = taken] = parts;
  return {
    ...(from === undefined ? {} : { status: { from: Number(from), to: Number(to) } }),
    ...(q850 === undefined ? {} : { q850: Number(q850) }),
    ...(/^\d/.test(taken) ? { as: Number(taken) } : {}),
    ...(verdict === 'next' || verdict === 'final' ? { verdict } : {}),
  };
}

function time(text: string): number {
  const ms = duration(text);
  if (ms === undefined) throw new Error(`"${text}" is no time: 500ms, 5s, 2m`);
  return ms;
}

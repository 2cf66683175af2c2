import type { ConnectionConfiguration, Side, Trunk, TrunkAddress } from '#engine/ports';
import { rulesOf } from './compile-manipulation.ts';
import { interworkingOf } from './compile-trunk-calls.ts';
import { placeOf } from './compile-trunk-place.ts';
import type { Files } from './files.ts';
import type { Endpoint } from './leaves.ts';
import { passwordOf } from './passwords.ts';
import { findProfile } from './profile.ts';
import type { TrunkEntry } from './schema.ts';
import { trunkTlsSchema } from './schema-trunk-security.ts';

/** From a trunk of the file to the engine's. */

const sipPorts = { udp: 5060, tcp: 5060, tls: 5061 } as const;

function sideOf(entry: TrunkEntry): Side {
  return entry.side ?? (entry.kind === 'itsp' ? 'external' : 'internal');
}

/** Passwords that cannot be read count as empty: checks.ts tells. `anchored`: media passes through us. `tone`: whose tones ring. */
export function compileTrunk(entry: TrunkEntry, files: Files, anchored: boolean, tone: string): Trunk {
  const { calls, subscriptions } = entry.capacity;
  const { 'calls-per-second': callsPerSecond, 'messages-per-second': messagesPerSecond } = entry.capacity;
  const transport = entry.transport === 'auto' ? 'udp' : entry.transport;
  const addresses = (of: readonly Endpoint[]): TrunkAddress[] =>
    of.map(({ host, port }) => ({ host, port: port ?? sipPorts[transport], matchPort: port !== undefined }));
  const nextHops = entry['next-hop'] && addresses(entry['next-hop']);
  const own = entry.domain === undefined ? [] : addresses([{ host: entry.domain }]);
  return {
    name: entry.name,
    kind: entry.kind,
    side: sideOf(entry),
    transport,
    ...(entry.transport === 'auto' && { naptr: true }),
    // With a next hop the domain is never looked up: it is the next hop that speaks to us.
    addresses: entry.addresses ? addresses(entry.addresses) : (nextHops ?? own),
    ...(nextHops && { nextHops }),
    ...(entry.networks && { networks: entry.networks }),
    ...(entry['media-networks'] && { mediaNetworks: entry['media-networks'] }),
    ...(entry.domain !== undefined && { domain: entry.domain }),
    ...placeOf(entry, files),
    ...identityOf(entry),
    ...registrationOf(entry, (of) => addresses(of), own),
    ...(entry.credentials && {
      credentials: entry.credentials.map((one) => ({
        ...(one.realm !== undefined && { realm: one.realm }),
        username: one.username,
        password: passwordOf(one, files),
      })),
    }),
    ...(entry.authenticate && {
      authenticate: {
        realm: entry.authenticate.realm,
        username: entry.authenticate.username,
        password: passwordOf(entry.authenticate, files),
        algorithms: entry.authenticate.algorithms,
      },
    }),
    ...(entry['certificate-names'] && { certificateNames: entry['certificate-names'] }),
    ...tlsOf(entry),
    ...srtpOf(entry),
    ...healthOf(entry),
    ...responsesOf(entry),
    ...(entry.connection && { connection: connectionOf(entry.connection) }),
    dscp: entry.dscp,
    ...interworkingOf(entry, anchored, tone),
    ...manipulationOf(entry, files),
    ...(entry.disabled && { disabled: entry.disabled }),
    ...(entry.profile !== undefined && { profile: entry.profile }),
    capacity: {
      ...(calls === undefined ? {} : { calls }),
      ...(callsPerSecond === undefined ? {} : { callsPerSecond }),
      ...(messagesPerSecond === undefined ? {} : { messagesPerSecond }),
      ...(subscriptions === undefined ? {} : { subscriptions }),
    },
    setupTimeout: entry['setup-timeout'],
    ringTimeout: entry['ring-timeout'],
  };
}

function identityOf({ identity }: TrunkEntry): Pick<Trunk, 'identity'> {
  if (!identity) return {};
  const { user, from, 'display-name': display } = identity;
  return { identity: { user, from, ...(display !== undefined && { display }) } };
}

function registrationOf(
  { registration }: TrunkEntry,
  addresses: (of: readonly Endpoint[]) => TrunkAddress[],
  domain: readonly TrunkAddress[],
): Pick<Trunk, 'registration'> {
  if (!registration) return {};
  const { registrar, expires, gin, outbound, retry, 'contact-user': contactUser } = registration;
  return {
    registration: {
      registrars: registrar ? addresses(registrar) : domain,
      expires,
      ...(contactUser !== undefined && { contactUser }),
      gin,
      outbound,
      retry,
    },
  };
}

/** What the peers of a profile need comes first; what this trunk says itself sees the outcome. */
function manipulationOf({ profile, manipulation = [] }: TrunkEntry, files: Files): Pick<Trunk, 'manipulation'> {
  const found = profile === undefined ? undefined : findProfile(profile, files);
  const rules = [...((found && 'profile' in found && found.rules) || []), ...rulesOf(manipulation)];
  return rules.length === 0 ? {} : { manipulation: rules };
}

function tlsOf(entry: TrunkEntry): Pick<Trunk, 'tls'> {
  const { transport } = entry;
  if (!entry.tls && transport !== 'tls' && transport !== 'auto' && !entry['certificate-names']) return {};
  const { certificate, key, trust, names, wildcards, renewal, 'min-version': version } = entry.tls ?? tlsDefaults;
  return {
    tls: {
      ...(certificate !== undefined && { certificate }),
      ...(key !== undefined && { key }),
      trust: { system: trust.includes('system'), files: trust.filter((one) => one !== 'system') },
      ...(names && { names }),
      wildcards,
      minVersion: `TLSv${version}`,
      renewal,
    },
  };
}
const tlsDefaults = trunkTlsSchema.parse({});

function srtpOf({ srtp }: TrunkEntry): Pick<Trunk, 'srtp'> {
  if (srtp.mode === 'off') return {};
  const { mode, offer, suites, 'keys-in-clear': keysInClear } = srtp;
  return { srtp: { mode, offer, suites, keysInClear } };
}

function healthOf({ health }: TrunkEntry): Pick<Trunk, 'health'> {
  if (health.mode === 'off') return {};
  const { interval, misses, successes, 'failed-calls': failedCalls } = health;
  return { health: { interval, misses, successes, failedCalls } };
}

function responsesOf({ responses }: TrunkEntry): Pick<Trunk, 'responses'> {
  if (!responses) return {};
  return {
    responses: responses.map(({ status, cause, as, then }) => ({
      ...(status && { status }),
      ...(cause !== undefined && { q850: cause }),
      ...(as !== undefined && { as }),
      ...(then && { verdict: then }),
    })),
  };
}

function connectionOf({ type, vpn, vlan, tunnel }: NonNullable<TrunkEntry['connection']>): ConnectionConfiguration {
  return {
    type,
    vpn: vpn || tunnel !== undefined,
    ...(vlan !== undefined && { vlan }),
    ...(tunnel && {
      tunnel: {
        kind: tunnel.kind,
        ...(tunnel.ours !== undefined && { ours: tunnel.ours }),
        ...(tunnel.theirs !== undefined && { theirs: tunnel.theirs }),
        port: tunnel.port,
      },
    }),
  };
}

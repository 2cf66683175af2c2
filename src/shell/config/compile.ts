import type { Configuration, Listener } from '#engine/ports';
import { compileDecisions } from './compile-decisions.ts';
import { compileEmergency } from './compile-emergency.ts';
import { limitsOf } from './compile-limits.ts';
import { compileManagement } from './compile-management.ts';
import { compileHealthPlace } from './compile-management-place.ts';
import { compileMedia } from './compile-media.ts';
import { compileNode, compilePool } from './compile-nodes.ts';
import { compileDialPlan } from './compile-numbers.ts';
import { compilePolicy, compileRegistrar, compileSample, compileUser } from './compile-people.ts';
import { compileLinks, compileSites } from './compile-places.ts';
import { compilePlanning } from './compile-planning.ts';
import { compileRoute } from './compile-routes.ts';
import { compileTracing } from './compile-tracing.ts';
import { compileTrunk } from './compile-trunk.ts';
import type { Draft } from './draft.ts';
import type { Files } from './files.ts';
import type { ListenerEntry } from './schema.ts';
import type { UserEntry } from './schema-people.ts';
import { usersIn } from './user-list.ts';

/** From the entries of the file to what the engine uses. Nothing is checked here (checks.ts does). */

export function compile(draft: Draft, files: Files): Configuration {
  const listeners = draft.listeners.flatMap((entry) => compileListener(entry!));
  const groups = draft.groups.map((entry) => entry!);
  const sip = draft.sip!;
  return {
    listeners,
    trunks: draft.trunks.map((entry, index) => {
      const { mode, 'ringback-tone': tone } = draft.media!;
      const settings = draft.settingsOf(index);
      return { ...compileTrunk(entry!, files, mode === 'anchor', tone), ...(settings && { settings }) };
    }),
    ...(groups.length > 0 && {
      groups: groups.map((entry) => ({
        name: entry.name,
        members: entry.trunks,
        choice: entry.choice,
        ...limitsOf(entry),
      })),
    }),
    routes: draft.routes.map((entry) => compileRoute(entry!, groups, files)),
    ...organisationOf(draft, files),
    ...nodesOf(draft, listeners),
    unknownSource: draft.unknownSource!,
    media: compileMedia(draft.media!, listeners),
    records: { path: draft.records!.path, ...(draft.records!.keep > 0 && { keep: draft.records!.keep }) },
    ...(draft.management && { management: compileManagement(draft.management, files) }),
    ...(draft.health && { health: { listen: compileHealthPlace(draft.health.listen) } }),
    ...(draft.tracing && { tracing: compileTracing(draft.tracing, files) }),
    protection: compileProtection(draft.protection!),
    ...(draft.dns && {
      dns: {
        servers: (draft.dns.servers ?? []).map(({ host, port }) => ({ host, port: port ?? dnsPort })),
        timeout: draft.dns.timeout,
      },
    }),
    timers: { t1: sip.t1, t2: sip.t2, t4: sip.t4 },
    ...(sip['user-agent'] === undefined ? {} : { userAgent: sip['user-agent'] }),
  };
}

const dnsPort = 53;

/** What the file says of it, and no more. */
function organisationOf(draft: Draft, files: Files): Partial<Configuration> {
  const sites = draft.sites.map((entry) => entry!);
  const { siteLinks, regionLinks } = compileLinks(
    draft.links.map((entry) => entry!),
    sites,
  );
  const people = usersOf(draft, files).map((entry) => compileUser(entry, files));
  const { registrar, decisions, emergency } = draft;
  return {
    ...(sites.length > 0 && { sites: compileSites(sites) }),
    ...(regionLinks.length > 0 && { regionLinks }),
    ...(siteLinks.length > 0 && { siteLinks }),
    ...(draft.dialPlans.length > 0 && { dialPlans: draft.dialPlans.map((entry) => compileDialPlan(entry!)) }),
    ...(draft.policies.length > 0 && { policies: draft.policies.map((entry) => compilePolicy(entry!)) }),
    ...(people.length > 0 && { users: people }),
    ...(registrar && { registrar: compileRegistrar(registrar) }),
    ...(decisions && { decisions: compileDecisions(decisions) }),
    ...(emergency && { emergency: compileEmergency(emergency, sites, files) }),
    ...(draft.samples.length > 0 && { samples: draft.samples.map((entry) => compileSample(entry!)) }),
    ...(draft.planning && { planning: compilePlanning(draft.planning) }),
  };
}

function nodesOf(
  { nodes, pools, media }: Draft,
  listeners: readonly Listener[],
): Pick<Configuration, 'nodes' | 'pools'> {
  return {
    ...(nodes.length > 0 && { nodes: nodes.map((entry) => compileNode(entry!, listeners, media!)) }),
    ...(pools.length > 0 && { pools: pools.map((entry) => compilePool(entry!)) }),
  };
}

function usersOf(draft: Draft, files: Files): readonly UserEntry[] {
  const listed = draft.users.map((entry) => entry!);
  return draft.usersFile === undefined ? listed : [...listed, ...usersIn(draft.usersFile, files).entries];
}

/** One for each transport. */
export function compileListener(entry: ListenerEntry): Listener[] {
  const tlsOnly = entry.transports.every((transport) => transport === 'tls');
  const bind = { host: entry.bind.host, port: entry.bind.port ?? (tlsOnly ? 5061 : 5060) };
  const advertise = entry.advertise ? { host: entry.advertise.host, port: entry.advertise.port ?? bind.port } : bind;
  return entry.transports.map((transport) => ({
    id: `${entry.name}/${transport}`,
    name: entry.name,
    side: entry.side,
    transport,
    bind,
    advertise,
    ...(transport === 'tls' &&
      entry.tls && {
        tls: {
          certificate: entry.tls.certificate,
          key: entry.tls.key,
          clientCertificate: entry.tls['client-certificate'],
          minVersion: `TLSv${entry.tls['min-version']}` as const,
        },
      }),
  }));
}

function compileProtection(entry: NonNullable<Draft['protection']>): NonNullable<Configuration['protection']> {
  return {
    requestsPerSecond: entry['requests-per-second'],
    ban: entry.ban,
    signatures: (entry.signatures ?? []).map((word) => word.toLowerCase()),
    never: entry.never ?? [],
  };
}

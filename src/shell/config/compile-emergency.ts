import type { Dereference, Emergency, EmergencyScope, Notify } from '#engine/ports';
import type { Files } from './files.ts';
import { passwordOf } from './passwords.ts';
import type { EmergencyEntry, ScopeEntry } from './schema-emergency.ts';
import type { SiteEntry } from './schema-places.ts';

/** From `emergency`, and what sites say of it, to the engine's. */

const mailPort = 25;
/** RFC 8314 7.3. */
const directPort = 465;

export function compileEmergency(entry: EmergencyEntry, sites: readonly SiteEntry[], files: Files): Emergency {
  const { to, locations, countries = [], callback, 'location-servers': servers } = entry;
  return {
    numbers: [],
    notify: [],
    ...compileScope(entry, files),
    to,
    ...(countries.length > 0 && {
      countries: Object.fromEntries(countries.map((scope) => [scope.country, compileScope(scope, files)])),
    }),
    sites: Object.fromEntries(
      sites.flatMap(({ name, emergency }) => (emergency ? [[name, compileScope(emergency, files)] as const] : [])),
    ),
    locations: (locations ?? []).map(({ name, civic, elins }) => ({
      name,
      civic: Object.fromEntries(Object.entries(civic).filter(([, text]) => text !== undefined)) as Record<
        string,
        string
      >,
      elins: elins ?? [],
    })),
    ...(servers && { dereference: compileServers(servers) }),
    callback,
  };
}

function compileServers({ hosts, timeout, trust }: NonNullable<EmergencyEntry['location-servers']>): Dereference {
  return { hosts, timeout, ...(trust && { trust: trustOf(trust) }) };
}

function trustOf(trust: readonly string[]) {
  return { system: trust.includes('system'), files: trust.filter((one) => one !== 'system') };
}

function compileScope(scope: Partial<ScopeEntry>, files: Files): EmergencyScope {
  const { numbers, tests, to, relay, notify, 'notify-alone': notifyAlone } = scope;
  return {
    ...(numbers && {
      numbers: numbers.map(({ number, masks, services }) => ({
        number,
        masks: masks ?? [],
        ...(services && { services }),
      })),
    }),
    ...(tests && { tests }),
    ...(to && { to }),
    ...(relay !== undefined && { relay }),
    ...(notify && { notify: notify.flatMap((one) => compileNotify(one, files)) }),
    ...(notifyAlone && { notifyAlone }),
  };
}

type NotifyEntry = NonNullable<EmergencyEntry['notify']>[number];

/** None where it does not say who: check-emergency.ts tells. */
function compileNotify(entry: NotifyEntry, files: Files): Notify[] {
  const { message, webhook, secret, mail, from, server } = entry;
  if (message !== undefined) return [{ kind: 'message', to: message }];
  if (webhook !== undefined) return [{ kind: 'webhook', url: webhook, ...(secret && { secret }) }];
  if (mail === undefined || from === undefined || !server) return [];
  const { trust, username } = entry;
  const port = server.port ?? mailPort;
  return [
    {
      kind: 'mail',
      to: mail,
      from,
      server: { host: server.host, port },
      tls: entry.tls ?? (port === directPort ? 'direct' : username === undefined ? 'offered' : 'required'),
      ...(trust && { trust: trustOf(trust) }),
      ...(username !== undefined && { login: { user: username, password: passwordOf(entry, files) } }),
    },
  ];
}

import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import type { Configuration } from '#engine/ports';
import type { PairUse } from '#shell/tls';
import type { LiveCertificate } from '../live/told.ts';

/** Where the configuration names files of a certificate, or could. */
export interface Place {
  readonly kind: LiveCertificate['kind'];
  /** `listener wan/tls`, `trunk itsp`, `management`. */
  readonly users: readonly string[];
  /** As the configuration has them: of a certificate it and its key, which may be one file; none: there is no file yet. */
  readonly files: readonly string[];
  readonly use: PairUse;
}

/** Names a place as long as the configuration names the same files. */
export function idOf({ kind, files, users }: Pick<Place, 'kind' | 'files' | 'users'>): string {
  // What has no file is known by who would use it.
  const named = files.length > 0 ? files : users;
  return createHash('sha256')
    .update([kind, ...named].join('\n'))
    .digest('base64url')
    .slice(0, 12);
}

type Named = Pick<Configuration, 'listeners' | 'trunks' | 'management'>;

/** All places of a configuration, each once; a file that several use makes one of them. */
export function placesOf({ listeners, trunks, management }: Named): readonly Place[] {
  const found = new Map<string, Place>();
  const add = (place: Place) => {
    const id = idOf(place);
    const known = found.get(id);
    found.set(id, known ? together(known, place) : place);
  };
  const borrows = trunks.some(({ tls }) => tls !== undefined && tls.certificate === undefined);
  for (const { id, tls, advertise } of listeners)
    if (tls)
      add({
        kind: 'certificate',
        users: [`listener ${id}`],
        files: pairOf(tls),
        use: { roles: { server: true, client: borrows }, names: namesOf(advertise.host), sip: true },
      });
  for (const { name, tls } of trunks) {
    if (!tls) continue;
    const users = [`trunk ${name}`];
    const use: PairUse = { roles: { server: false, client: true }, names: [], sip: true };
    add({ kind: 'certificate', users, files: pairOf(tls), use });
    add({ kind: 'trust', users, files: tls.trust.files, use });
  }
  if (management) {
    const { tls, url, listen } = management;
    const names = namesOf(url === undefined ? listen.host : new URL(url).hostname);
    const use: PairUse = { roles: { server: true, client: false }, names, sip: false };
    add({ kind: 'certificate', users: ['management'], files: tls ? pairOf(tls) : [], use });
  }
  return [...found.values()];
}

function pairOf({ certificate, key }: { certificate?: string; key?: string }): readonly string[] {
  if (certificate === undefined || key === undefined) return [];
  return certificate === key ? [certificate] : [certificate, key];
}

/** An address may be another for each peer, and is in few certificates. */
function namesOf(host: string): readonly string[] {
  return isIP(host.replace(/^\[|\]$/g, '')) === 0 && host !== 'localhost' ? [host] : [];
}

function together(one: Place, other: Place): Place {
  const { roles } = one.use;
  return {
    ...one,
    users: [...one.users, ...other.users],
    use: {
      roles: {
        server: roles.server || other.use.roles.server,
        client: roles.client || other.use.roles.client,
      },
      names: [...new Set([...one.use.names, ...other.use.names])],
      sip: one.use.sip || other.use.sip,
    },
  };
}

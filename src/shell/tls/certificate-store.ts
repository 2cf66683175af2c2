import { createSecureContext } from 'node:tls';
import type { Configuration, Listener, Trunk } from '#engine/ports';
import { type Certificate, readCertificates } from './certificate.ts';
import { certificateWarnings, daysLeft, type Inspection, trustWarnings } from './inspection.ts';
import { type KeyPair, readKeyPair, unusable } from './key-pair.ts';
import { Trust } from './trust.ts';
import { Watched } from './watched.ts';

/** What of a configuration names certificates. */
export type CertificatesOf = Pick<Configuration, 'listeners' | 'trunks' | 'management'>;

export interface CertificateStoreOptions {
  /** Of the beginning. */
  readonly configuration: CertificatesOf;
  /** Told once each time it comes about, those of the beginning too. */
  readonly onEvent: (event: CertificateEvent) => void;
  /** Ms between two looks at the files. */
  readonly interval?: number;
  /** Wall time in ms. */
  readonly clock?: () => number;
}

/** For the log. `detail`: why new files are not taken, or what to heed; of `reloaded`, the names. */
export interface CertificateEvent {
  readonly kind: 'reloaded' | 'problem' | 'warning';
  readonly users: readonly string[];
  readonly files: readonly string[];
  readonly detail: string;
}

export interface ListenerMaterial {
  readonly tls: NonNullable<Listener['tls']>;
  readonly pair: Watched<KeyPair>;
}

export interface TrunkMaterial {
  readonly tls: NonNullable<Trunk['tls']>;
  /** Its own; the listener's serves where it has none. */
  readonly pair: Watched<KeyPair> | undefined;
  readonly trust: Watched<Trust>;
}

interface Roles {
  readonly server: boolean;
  readonly client: boolean;
}

/** Files that several listeners or trunks may share. */
interface PairEntry {
  readonly kind: 'certificate';
  readonly it: Watched<KeyPair>;
  readonly users: string[];
  roles: Roles;
  warnings: readonly string[];
}

interface TrustEntry {
  readonly kind: 'trust';
  readonly it: Watched<Trust>;
  readonly users: string[];
  readonly trunks: string[];
  warnings: readonly string[];
}

type Entry = PairEntry | TrustEntry;

/**
 * The certificates, keys and roots of all listeners and trunks, and of the API. Their files are looked at every few seconds, and what is made of them is
 * swapped where it is sound: who asks gets what is in force now, and who holds something older sees that it is another.
 */
export class CertificateStore {
  readonly #options: CertificateStoreOptions;
  #listeners = new Map<string, ListenerMaterial>();
  #trunks = new Map<string, TrunkMaterial>();
  #management: Watched<KeyPair> | undefined;
  #pairs = new Map<string, PairEntry>();
  #trusts = new Map<string, TrustEntry>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;

  /** Reads all files. What cannot be read is told by `onEvent`, and read once it can be. */
  constructor(options: CertificateStoreOptions) {
    this.#options = options;
    this.configure(options.configuration);
  }

  /** Another configuration holds: files that were in use stay as they were read, those that are new are read now. */
  configure({ listeners, trunks, management }: CertificatesOf): void {
    const known = { pairs: this.#pairs, trusts: this.#trusts };
    this.#listeners = new Map();
    this.#trunks = new Map();
    this.#pairs = new Map();
    this.#trusts = new Map();
    const borrows = trunks.some(({ tls }) => tls !== undefined && tls.certificate === undefined);
    for (const { id, tls } of listeners) {
      if (!tls) continue;
      const roles = { server: true, client: borrows };
      const pair = this.#pair(tls.certificate, tls.key, `listener ${id}`, roles, known.pairs);
      this.#listeners.set(id, { tls, pair });
    }
    for (const { name, tls } of trunks) {
      if (!tls) continue;
      const { certificate, key } = tls;
      const own = certificate !== undefined && key !== undefined;
      const roles = { server: false, client: true };
      const pair = own ? this.#pair(certificate, key, `trunk ${name}`, roles, known.pairs) : undefined;
      this.#trunks.set(name, { tls, pair, trust: this.#trust(tls.trust, name, known.trusts) });
    }
    const { certificate, key } = management?.tls ?? {};
    this.#management =
      certificate === undefined || key === undefined
        ? undefined
        : this.#pair(certificate, key, 'management', { server: true, client: false }, known.pairs);
    const old = new Set<Watched<unknown>>([...known.pairs.values(), ...known.trusts.values()].map(({ it }) => it));
    for (const entry of this.#all()) this.#tell(entry, entry.it.problem !== undefined && !old.has(entry.it), false);
  }

  listener(id: string): ListenerMaterial | undefined {
    return this.#listeners.get(id);
  }

  /** What the API shows. */
  get management(): Watched<KeyPair> | undefined {
    return this.#management;
  }

  trunk(name: string): TrunkMaterial | undefined {
    return this.#trunks.get(name);
  }

  /** Each set of roots once, with the trunks that trust by it. */
  get trusts(): Iterable<{ readonly it: Watched<Trust>; readonly trunks: readonly string[] }> {
    return this.#trusts.values();
  }

  get wall(): number {
    return (this.#options.clock ?? Date.now)();
  }

  /** Begins to look at the files. */
  watch(): void {
    this.#timer ??= setInterval(() => void this.look(), this.#options.interval ?? 5_000);
    this.#timer.unref();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** One look at all files. */
  look(): Promise<void> {
    this.#looking ??= this.#lookAtAll().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  /** All files that have changed are read now: what was written is whole. Few files, each small. */
  readNow(): void {
    for (const entry of this.#all()) {
      const { value, problem } = entry.it;
      entry.it.readNow(this.wall);
      const isTold = entry.it.problem !== undefined && entry.it.problem !== problem;
      this.#tell(entry, isTold, entry.it.value !== value);
    }
  }

  inspect(): readonly Inspection[] {
    return this.#all().map((entry) => {
      const { kind, users, it } = entry;
      const ends = entry.kind === 'trust' ? endsFirst(entry.it.value?.own ?? []) : entry.it.value?.leaf;
      return {
        kind,
        users,
        files: it.paths,
        names: namesOf(entry),
        issuer: entry.kind === 'certificate' ? entry.it.value?.leaf.issuer : undefined,
        notAfter: ends?.x509.validToDate.toISOString(),
        daysLeft: ends && daysLeft(ends, this.wall),
        warnings: this.#warnings(entry),
        loaded: it.loaded === undefined ? undefined : new Date(it.loaded).toISOString(),
        problem: it.problem,
      };
    });
  }

  async #lookAtAll(): Promise<void> {
    for (const entry of this.#all()) {
      const before: unknown = entry.it.value;
      const changed = await entry.it.look(this.wall);
      this.#tell(entry, changed && entry.it.problem !== undefined, entry.it.value !== before);
    }
  }

  #all(): readonly Entry[] {
    return [...this.#pairs.values(), ...this.#trusts.values()];
  }

  #tell(entry: Entry, problem: boolean, reloaded: boolean): void {
    const { it, users } = entry;
    const tell = (kind: CertificateEvent['kind'], detail: string) =>
      this.#options.onEvent({ kind, users, files: it.paths, detail });
    if (reloaded) tell('reloaded', namesOf(entry).join(', '));
    if (problem) tell('problem', it.problem!);
    const warnings = this.#warnings(entry);
    for (const warning of warnings) if (!entry.warnings.includes(warning)) tell('warning', warning);
    entry.warnings = warnings;
  }

  #warnings(entry: Entry): readonly string[] {
    if (!entry.it.value) return [];
    return entry.kind === 'trust'
      ? trustWarnings(entry.it.value.own, this.wall)
      : certificateWarnings(entry.it.value.chain, this.wall, entry.roles);
  }

  #pair(
    certificate: string,
    key: string,
    user: string,
    roles: Roles,
    known: ReadonlyMap<string, PairEntry>,
  ): Watched<KeyPair> {
    const name = `${certificate}\n${key}`;
    const shared = this.#pairs.get(name);
    if (shared) {
      shared.users.push(user);
      shared.roles = { server: shared.roles.server || roles.server, client: shared.roles.client || roles.client };
      return shared.it;
    }
    const paths = certificate === key ? [certificate] : [certificate, key];
    const make = (texts: readonly string[], isFirst: boolean) => {
      const pair = readKeyPair({ path: certificate, text: texts[0]! }, { path: key, text: texts.at(-1)! });
      // At the start one that has expired is better than none: some peers do not look.
      const reason = isFirst ? undefined : unusable(pair, this.wall);
      if (reason !== undefined) throw new Error(`${certificate}: ${reason}`);
      takenByLibrary(certificate, pair);
      return pair;
    };
    const { it = new Watched(paths, make, this.wall), warnings = [] } = known.get(name) ?? {};
    this.#pairs.set(name, { kind: 'certificate', it, users: [user], roles, warnings });
    return it;
  }

  #trust(
    { system, files }: NonNullable<Trunk['tls']>['trust'],
    trunk: string,
    known: ReadonlyMap<string, TrustEntry>,
  ): Watched<Trust> {
    const name = [String(system), ...files].join('\n');
    const shared = this.#trusts.get(name);
    if (shared) {
      shared.users.push(`trunk ${trunk}`);
      shared.trunks.push(trunk);
      return shared.it;
    }
    const make = (texts: readonly string[]) =>
      new Trust(
        texts.flatMap((text, at) => readRoots(files[at]!, text)),
        system,
      );
    const { it = new Watched(files, make, this.wall), warnings = [] } = known.get(name) ?? {};
    this.#trusts.set(name, { kind: 'trust', it, users: [`trunk ${trunk}`], trunks: [trunk], warnings });
    return it;
  }
}

function namesOf(entry: Entry): readonly string[] {
  if (entry.kind === 'trust') return entry.it.value?.own.map(({ subject }) => subject) ?? [];
  const identity = entry.it.value?.leaf.identity;
  return identity ? [...identity.names, ...identity.addresses] : [];
}

function endsFirst(roots: readonly Certificate[]): Certificate | undefined {
  return roots.toSorted((a, b) => a.x509.validToDate.getTime() - b.x509.validToDate.getTime())[0];
}

function readRoots(path: string, text: string) {
  try {
    return readCertificates(text);
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`);
  }
}

/** What nobody could use shall not come into force: a key that the library deems too short, say. */
function takenByLibrary(path: string, { certificatePem, keyPem }: KeyPair): void {
  try {
    createSecureContext({ cert: certificatePem, key: keyPem });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = (code ?? '').replace('ERR_SSL_', '').replaceAll('_', ' ').toLowerCase();
    throw new Error(`${path}: the TLS library does not take it${why === '' ? '' : ` (${why})`}`);
  }
}

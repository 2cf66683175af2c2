import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Sensitive } from '#kernel';
import { ownDirectory, replaceFiles, type Written } from './files.ts';

/** A request for a certificate that was made here; its key lies beside it until the certificate is installed. */
export interface KeptRequest {
  readonly id: string;
  /** Unix ms. */
  readonly at: number;
  readonly who: string;
  readonly names: readonly string[];
  readonly kind: string;
  /** What it is meant for: `listener wan`. */
  readonly use?: string;
  /** PEM. */
  readonly csr: string;
  readonly key: Sensitive<string>;
}

/** What was in place before, with its key. */
export interface Previous {
  /** When something else took its place: Unix ms. */
  readonly at: number;
  /** Who did that. */
  readonly who: string;
  readonly files: readonly {
    readonly path: string;
    readonly kind: Written['kind'];
    readonly text: Sensitive<string>;
  }[];
}

/** More wait for nobody. */
const mostRequests = 32;
const names = /^[A-Za-z0-9_-]{1,64}$/;

/** The directory of ours beside the records: requests with their keys, what was in place before, and certificates that no configuration had a file for. */
export class CertificateShelf {
  readonly #directory: string;

  constructor(dataDirectory: string) {
    this.#directory = join(dataDirectory, 'certificates');
  }

  /** Where a certificate of a name is kept that has no place in the configuration. */
  pathOf(name: string, ending: 'pem' | 'key' | 'roots.pem'): string {
    return join(this.#directory, `${name.replace(/[^A-Za-z0-9._-]/g, '_').replace(/^\./, '_')}.${ending}`);
  }

  requests(): readonly KeptRequest[] {
    return listed(this.#of('requests'))
      .flatMap((name) => this.request(name.replace(/\.json$/, '')) ?? [])
      .sort((a, b) => b.at - a.at);
  }

  request(id: string): KeptRequest | undefined {
    const found = this.#read('requests', id) as (Omit<KeptRequest, 'key'> & { key: string }) | undefined;
    return found && { ...found, key: new Sensitive(found.key) };
  }

  /** Undefined: there are too many. */
  keepRequest(made: Omit<KeptRequest, 'id' | 'key'> & { readonly key: string }): KeptRequest | undefined {
    if (listed(this.#of('requests')).length >= mostRequests) return undefined;
    const id = randomBytes(6).toString('hex');
    this.#write('requests', id, { id, ...made });
    return { ...made, id, key: new Sensitive(made.key) };
  }

  /** Its key is gone with it. False: there is none. */
  dropRequest(id: string): boolean {
    return this.#drop('requests', id);
  }

  previous(id: string): Previous | undefined {
    const found = this.#read('previous', id) as { at: number; who: string; files: Written[] } | undefined;
    return (
      found && { ...found, files: found.files.map(({ text, ...file }) => ({ ...file, text: new Sensitive(text) })) }
    );
  }

  keepPrevious(id: string, { at, who, files }: { at: number; who: string; files: readonly Written[] }): void {
    this.#write('previous', id, { at, who, files });
  }

  dropPrevious(id: string): void {
    this.#drop('previous', id);
  }

  /** Writes files, those of this directory among them. */
  write(files: readonly Written[]): void {
    ownDirectory(this.#directory);
    replaceFiles(files);
  }

  #of(what: 'requests' | 'previous', id?: string): string {
    return join(this.#directory, what, ...(id === undefined ? [] : [`${id}.json`]));
  }

  #read(what: 'requests' | 'previous', id: string): object | undefined {
    const path = this.#of(what, id);
    return names.test(id) && existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as object) : undefined;
  }

  #write(what: 'requests' | 'previous', id: string, value: object): void {
    ownDirectory(this.#of(what));
    const path = this.#of(what, id);
    writeFileSync(`${path}.next`, JSON.stringify(value), { mode: 0o600, flush: true });
    renameSync(`${path}.next`, path);
  }

  #drop(what: 'requests' | 'previous', id: string): boolean {
    const path = this.#of(what, id);
    if (!names.test(id) || !existsSync(path)) return false;
    rmSync(path);
    return true;
  }
}

function listed(directory: string): readonly string[] {
  try {
    return readdirSync(directory).filter((name) => name.endsWith('.json'));
  } catch {
    return []; // Nothing was ever kept.
  }
}

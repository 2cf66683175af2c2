import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { FileRefusal, type Previous, presentText, textOf, type Written, whyNotWritten } from '#shell/certificate-files';
import {
  type Certificate,
  type Finding,
  fits,
  type JudgedPair,
  judgePair,
  judgeRoots,
  publicHalf,
  readCertificates,
} from '#shell/tls';
import type { LiveCertificate } from '../live/told.ts';
import { Problem } from '../problem.ts';
import type { Services } from '../services.ts';
import { idOf, type Place, placesOf } from './places.ts';
import { type certificateFiles, certificateView, type chainPart, type verdict } from './schema.ts';

/** PEM; `key` and `passphrase` only of a certificate of ours. */
export interface Offered {
  readonly pem: string;
  readonly key?: string | undefined;
  readonly passphrase?: string | undefined;
}

export interface Offer extends Offered {
  /** Codes of doubts that are meant so. */
  readonly accept: readonly string[];
}

/** Something offered, looked at. */
export interface Judged {
  readonly findings: readonly Finding[];
  readonly chain: readonly Certificate[];
  /** Where the key comes from, and of which request. */
  readonly key?: z.infer<typeof verdict>['key'];
  readonly request?: string;
  readonly certificatePem?: string;
  readonly keyPem?: string;
}

/** One change of the configuration. */
interface Edit {
  readonly path: string[];
  readonly value: unknown;
}

/** The key that is in place, among those of requests. */
const inPlace = 'in place';

/** Looks at what is offered for a place of the configuration, puts it there, and back. Each act is one turn of the event loop: two at once do not mix. */
export class CertificateDesk {
  readonly #services: Services;

  constructor(services: Services) {
    this.#services = services;
  }

  places(): readonly Place[] {
    return placesOf(this.#services.configuration());
  }

  /** A place with files. */
  place(id: string): Place {
    const found = this.places().find((one) => idOf(one) === id);
    if (!found) throw new Problem(404, 'There is no such certificate: the configuration may name other files by now.');
    return found;
  }

  /** What lies in the files of a place, and what is in force. */
  look(
    place: Place,
    live: readonly LiveCertificate[] = this.#services.live.house.certificates ?? [],
  ): z.infer<typeof certificateFiles> {
    const { kind, users, files, use } = place;
    const id = idOf(place);
    const inForce = live.find((one) => idOf(one) === id);
    const [certificateText, keyText] = this.#texts(place);
    const chain = certificatesOf(certificateText);
    const fit = kind === 'certificate' && chain[0] && keyText !== undefined ? fits(chain[0], keyText) : undefined;
    const previous = this.#services.shelf.previous(id);
    const findings =
      certificateText === undefined || files.length === 0 ? [] : this.judge(place, { pem: certificateText }).findings;
    const locked =
      files.length === 0
        ? undefined
        : files.map((path, at) => whyNotWritten({ path, kind: kindAt(place, at) })).find(Boolean);
    return {
      ...(inForce
        ? certificateView(inForce)
        : { id, kind, users: [...users], files: [...files], names: namesOf(chain, kind), warnings: [] }),
      version: versionOf(certificateText, keyText),
      chain: chain.map(partView),
      ...(fit !== undefined && { fits: fit }),
      ...(locked !== undefined && { locked }),
      wanted: [...use.names],
      findings: findings.map((one) => ({ ...one })),
      ...(previous && isOf(place, previous) && { previous: previousView(previous, kind) }),
    };
  }

  /** Nothing is written. */
  judge(place: Place, { pem, key, passphrase }: Offered): Judged {
    const wall = this.#services.wall();
    if (place.kind === 'trust') {
      const { findings, roots = [], pem: certificatePem } = judgeRoots(pem, wall);
      return { findings, chain: roots, ...(certificatePem !== undefined && { certificatePem }) };
    }
    const [, present] = this.#texts(place);
    const known = [
      ...(present === undefined ? [] : [{ of: inPlace, pem: present }]),
      ...this.#services.shelf.requests().map((one) => ({ of: one.id, pem: one.key.reveal() })),
    ];
    const { findings, pair }: JudgedPair = judgePair({ chain: pem, key, passphrase }, known, place.use, wall);
    if (!pair) return { findings, chain: [] };
    const { chain, certificatePem, keyPem, keyOf } = pair;
    const isRequest = keyOf !== undefined && keyOf !== inPlace;
    return {
      ...{ findings, chain, certificatePem, keyPem },
      key: keyOf === undefined ? 'sent' : isRequest ? 'request' : 'in-place',
      ...(isRequest && { request: keyOf }),
    };
  }

  /** Puts it in the files that the configuration names. */
  install(place: Place, offer: Offer, who: string): Judged {
    const judged = this.judge(place, offer);
    refuse(judged.findings, offer.accept);
    this.#demandOwn(place);
    this.#replace(place, filesFor(place, judged), who);
    if (judged.request !== undefined) this.#services.shelf.dropRequest(judged.request);
    return judged;
  }

  /** Puts back what was there before; what is there now can be gone back to then. */
  rollBack(place: Place, accept: readonly string[], who: string): void {
    const previous = this.#services.shelf.previous(idOf(place));
    if (!previous || !isOf(place, previous))
      throw new Problem(409, 'There is nothing to go back to: nothing was replaced here.');
    const files = previous.files.map(({ text, ...file }) => ({ ...file, text: text.reveal() }));
    refuse(this.judge(place, { pem: files.map(({ text }) => text).join('\n') }).findings, accept);
    this.#demandOwn(place);
    this.#replace(place, files, who);
  }

  /** Keeps it in our own directory, for who has no file for it, or none that may be written. The edits of the configuration that name it. */
  keep(
    place: Place,
    offer: Offer,
    who: string,
  ): {
    readonly judged: Judged;
    readonly files: readonly string[];
    readonly edits: readonly Edit[];
  } {
    const { shelf } = this.#services;
    const name = place.users[0]!.replace(/^(?:listener|trunk) /, '').replace(/\/tls$/, '');
    const files =
      place.kind === 'trust'
        ? [shelf.pathOf(name, 'roots.pem')]
        : [shelf.pathOf(name, 'pem'), shelf.pathOf(name, 'key')];
    if (this.places().some((one) => one.files.some((file) => files.includes(file))))
      throw new Problem(409, 'It is kept here already: replace it instead.');
    const judged = this.judge(place, offer);
    refuse(judged.findings, offer.accept);
    const own: Place = { ...place, files };
    this.#replace(own, filesFor(own, judged), who);
    if (judged.request !== undefined) shelf.dropRequest(judged.request);
    return { judged, files, edits: this.#edits(own) };
  }

  #edits({ kind, users, files }: Place): Edit[] {
    const [file, key] = files;
    return users.flatMap((user): Edit[] => {
      const [, what, name] = /^(listener|trunk) (.+)$/.exec(user) ?? [];
      const at = what === undefined ? ['management', 'tls'] : [`${what}s`, name!.replace(/\/tls$/, ''), 'tls'];
      if (kind === 'certificate')
        return [
          { path: [...at, 'certificate'], value: file },
          { path: [...at, 'key'], value: key },
        ];
      const trust = this.#services.configuration().trunks.find((trunk) => trunk.name === name)?.tls?.trust;
      const others = [...(trust?.system === false ? [] : ['system']), ...(trust?.files ?? [])];
      return [{ path: [...at, 'trust'], value: [...others, file] }];
    });
  }

  #replace(place: Place, files: readonly Written[], who: string): void {
    const { shelf, wall } = this.#services;
    const id = idOf(place);
    try {
      const present = files.map((file) => ({ ...file, text: presentText(file) }));
      if (files.every(({ text }, at) => text === present[at]!.text)) return;
      const older = shelf.previous(id);
      const isWhole = present.every((file): file is Written => file.text !== undefined);
      if (isWhole) shelf.keepPrevious(id, { at: wall(), who, files: present });
      try {
        shelf.write(files);
      } catch (error) {
        if (isWhole && older)
          shelf.keepPrevious(id, {
            ...older,
            files: older.files.map((file) => ({ ...file, text: file.text.reveal() })),
          });
        else if (isWhole) shelf.dropPrevious(id);
        throw error;
      }
    } catch (error) {
      if (error instanceof FileRefusal) throw new Problem(409, error.message);
      throw error;
    }
  }

  /** A file that another certificate is made of as well would be wrong there. */
  #demandOwn(place: Place): void {
    const { kind, files } = place;
    if (kind === 'trust' && files.length !== 1)
      throw new Problem(
        409,
        files.length === 0
          ? 'The configuration names no file for it: have it kept here, and the edit of the configuration is offered.'
          : 'It is of several files: give it one, or replace them where they lie.',
      );
    if (files.length === 0)
      throw new Problem(
        409,
        'The configuration names no file for it: have it kept here, and the edit of the configuration is offered.',
      );
    const other = this.places().find(
      (one) => idOf(one) !== idOf(place) && one.files.some((file) => files.includes(file)),
    );
    if (other)
      throw new Problem(
        409,
        `${other.users.join(', ')} has one of these files too, beside another: give each its own.`,
      );
  }

  /** The certificates and the key of a place; undefined what cannot be read. */
  #texts({ kind, files }: Place): readonly [string | undefined, string | undefined] {
    const read = (path: string | undefined) => (path === undefined ? undefined : textOf(path));
    if (kind === 'trust') return [files.map((path) => read(path) ?? '').join('\n') || undefined, undefined];
    return [read(files[0]), read(files.at(-1))];
  }
}

/** Why it would be refused: what cannot be used, and doubts that nobody accepted. */
export function openFindings(findings: readonly Finding[], accept: readonly string[]): readonly Finding[] {
  return findings.filter(
    ({ severity, code }) => severity === 'error' || (severity === 'doubt' && !accept.includes(code)),
  );
}

function refuse(findings: readonly Finding[], accept: readonly string[]): void {
  const open = openFindings(findings, accept);
  if (open.length === 0) return;
  const errors = open.filter(({ severity }) => severity === 'error');
  const detail =
    errors.length > 0
      ? `It cannot be used, and nothing was changed: ${sentenceOf(errors[0]!)}`
      : `Nothing was changed. ${sentenceOf(open[0]!)} If it is meant so, accept: ${[...new Set(open.map(({ code }) => code))].join(', ')}.`;
  throw new Problem(
    422,
    detail,
    open.map((one) => ({ place: one.severity, code: one.code, detail: sentenceOf(one) })),
  );
}

function sentenceOf({ message, cure }: Finding): string {
  return cure === '' ? message : `${message} ${cure}`;
}

function filesFor({ kind, files }: Place, { certificatePem = '', keyPem = '' }: Judged): readonly Written[] {
  const [path, key] = files;
  if (kind === 'trust') return [{ path: path!, kind: 'certificate', text: certificatePem }];
  if (key === undefined) return [{ path: path!, kind: 'both', text: `${certificatePem}${keyPem}` }];
  // The key first: it fits nothing until its certificate stands beside it.
  return [
    { path: key, kind: 'key', text: keyPem },
    { path: path!, kind: 'certificate', text: certificatePem },
  ];
}

function kindAt({ kind, files }: Place, at: number): Written['kind'] {
  if (kind === 'trust') return 'certificate';
  if (files.length === 1) return 'both';
  return at === 0 ? 'certificate' : 'key';
}

function isOf({ files }: Place, { files: kept }: Previous): boolean {
  return kept.length === files.length && kept.every(({ path }) => files.includes(path));
}

function certificatesOf(text: string | undefined): readonly Certificate[] {
  try {
    return text === undefined ? [] : readCertificates(text);
  } catch {
    return [];
  }
}

function namesOf(chain: readonly Certificate[], kind: Place['kind']): string[] {
  if (kind === 'trust') return chain.map(({ subject }) => subject);
  const { names = [], addresses = [] } = chain[0]?.identity ?? {};
  return [...names, ...addresses];
}

function previousView(
  { at, who, files }: Previous,
  kind: Place['kind'],
): NonNullable<z.infer<typeof certificateFiles>['previous']> {
  const chain = certificatesOf(files.find((file) => file.kind !== 'key')?.text.reveal());
  const ends = chain[0]?.x509.validToDate.toISOString();
  return {
    at: new Date(at).toISOString(),
    who,
    names: namesOf(chain, kind),
    ...(ends !== undefined && { notAfter: ends }),
  };
}

/** Of the certificate, and of the public half of its key: nothing of the key itself. */
function versionOf(certificate: string | undefined, key: string | undefined): string {
  const half = key === undefined ? undefined : publicHalf(key);
  const chain = certificatesOf(certificate).map(({ x509 }) => x509.fingerprint256);
  return createHash('sha256')
    .update(JSON.stringify([chain, half?.toString('base64')]))
    .digest('base64url')
    .slice(0, 16);
}

export function partView({ x509, subject, issuer, identity, isAuthority }: Certificate): z.infer<typeof chainPart> {
  const { asymmetricKeyType: type = '', asymmetricKeyDetails: details } = x509.publicKey;
  return {
    subject,
    issuer,
    names: [...identity.names, ...identity.addresses],
    serial: x509.serialNumber,
    notBefore: x509.validFromDate.toISOString(),
    notAfter: x509.validToDate.toISOString(),
    sha256: x509.fingerprint256,
    key: `${type.toUpperCase()} ${details?.modulusLength ?? details?.namedCurve ?? ''}`.trim(),
    signature: x509.signatureAlgorithm ?? '',
    authority: isAuthority,
  };
}

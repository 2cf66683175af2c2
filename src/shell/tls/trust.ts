import { getCACertificates, rootCertificates } from 'node:tls';
import { type Certificate, readCertificates } from './certificate.ts';
import type { Anchors } from './chain.ts';

/** Certificates that a trunk's peers are trusted by. */
export class Trust implements Anchors {
  /** PEM, for a secure context. */
  readonly pem: readonly string[];
  /** Those of files: the system's are the system's business. */
  readonly own: readonly Certificate[];
  readonly #bySubject = new Map<string, Certificate[]>();

  constructor(own: readonly Certificate[], withSystem: boolean) {
    this.own = own;
    const system = withSystem ? systemRoots() : [];
    const all = [...own, ...system];
    this.pem = all.map(({ x509 }) => x509.toString());
    for (const certificate of all) {
      const name = certificate.x509.subject;
      const others = this.#bySubject.get(name);
      if (others) others.push(certificate);
      else this.#bySubject.set(name, [certificate]);
    }
  }

  issuersOf({ x509 }: Certificate): readonly Certificate[] {
    return this.#bySubject.get(x509.issuer) ?? [];
  }

  holds({ x509 }: Certificate): boolean {
    return this.#bySubject.get(x509.subject)?.some((one) => one.x509.raw.equals(x509.raw)) === true;
  }
}

let roots: readonly Certificate[] | undefined;

/** The system's roots; where it has none (a bare container), those that Node brings along. */
function systemRoots(): readonly Certificate[] {
  if (roots) return roots;
  const system = new Set(getCACertificates('system'));
  roots = [...(system.size > 0 ? system : rootCertificates)].flatMap((pem) => {
    try {
      return readCertificates(pem);
    } catch {
      return [];
    }
  });
  return roots;
}

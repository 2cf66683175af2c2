import { getCACertificates } from 'node:tls';

/** The roots of a trust, PEM: those of its files, and the system's, where it has none (a bare container) those that Node brings along. */
export function rootsOf(own: readonly string[], withSystem: boolean): string[] {
  if (!withSystem) return [...own];
  const system = getCACertificates('system');
  return [...own, ...(system.length > 0 ? system : getCACertificates('bundled'))];
}

import { isIP } from 'node:net';

/** Is it an IP address, rather than a name? */
export function isAddress(host: string): boolean {
  return isIP(host) !== 0;
}

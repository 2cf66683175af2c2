import { type LookupAddress, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isForbidden, isLoopback, namesLoopback } from './address.ts';

/** A name leads to where nothing is sent. */
export class RefusedAddress extends Error {}

/** Names that are looked for at once: each takes a thread, and who signs in needs those as well. Further ones wait, and many do not. */
const mostAtOnce = 2;
const mostWaiting = 64;

let underWay = 0;
const waiting: (() => void)[] = [];

/** Looks where a name leads in the moment in which we connect: what was looked at before may lead elsewhere by then. */
export function lookupFor(url: URL): LookupFunction {
  const isOurs = namesLoopback(url);
  return (hostname, options, done) => {
    addressesOf(hostname, options, (error, found) => {
      if (error) return done(error, '');
      const fit = found.filter(({ address }) => !isForbidden(address) && isLoopback(address) === isOurs);
      const [first] = fit;
      if (!first) return done(refusal(hostname, found), '');
      if (options.all) done(null, fit);
      else done(null, first.address, first.family);
    });
  };
}

function refusal(hostname: string, found: readonly LookupAddress[]): RefusedAddress {
  const where = found.map(({ address }) => address).join(', ');
  const isHere = found.some(({ address }) => isLoopback(address));
  const rest = isHere ? ': this machine is meant only by 127.0.0.1, ::1 or localhost' : '';
  return new RefusedAddress(`${hostname} leads to ${where}, where nothing is sent${rest}`);
}

function addressesOf(
  hostname: string,
  options: Parameters<LookupFunction>[1],
  done: (error: NodeJS.ErrnoException | null, found: readonly LookupAddress[]) => void,
): void {
  if (underWay >= mostAtOnce) {
    if (waiting.length < mostWaiting) waiting.push(() => addressesOf(hostname, options, done));
    else done(Object.assign(new Error('too many names are looked for'), { code: 'EAI_AGAIN' }), []);
    return;
  }
  underWay++;
  lookup(hostname, { ...options, all: true }, (error, found) => {
    underWay--;
    waiting.shift()?.();
    done(error, found ?? []);
  });
}

import type { Octets } from '#kernel';

/**
 * A message without its secrets, each char of theirs an x: answers to challenges (RFC 7616), keys of SRTP (RFC 4568). Its lengths stay,
 * and all that it takes to understand it.
 */
export function masked(octets: Octets): Octets {
  return octets
    .replace(
      /^((?:proxy-)?authorization[ \t]*:)(.*)$/gim,
      (_line, name: string, value: string) => name + value.replace(/(response|cnonce)(\s*=\s*"?)([^",\s]+)/gi, hide),
    )
    .replace(/^(a=crypto:\d+ \S+ inline)(:)([^\s|]+)/gim, hide);
}

function hide(_all: string, before: string, between: string, secret: string): string {
  return before + between + 'x'.repeat(secret.length);
}

import type { FastifyInstance } from 'fastify';
import { Problem } from './problem.ts';

/** Objects and lists within each other: a configuration has some ten. */
const deepest = 64;
/** Chars that are read of who is no administrator: only those send configurations, which everybody else waits for while they are read. */
const longestOfOthers = 1024 * 1024;

/** JSON with keys that would reach a prototype is refused, and what is nested so deep that who walks it would not come back. */
export function jsonBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length > longestOfOthers && request.principal?.role !== 'administrator')
      done(new Problem(413, `This is longer than ${longestOfOthers} characters.`));
    else if (isTooDeep(body)) done(new Problem(400, `This is nested more than ${deepest} deep.`));
    else parse(request, body, done);
  });
}

function isTooDeep(text: string): boolean {
  let depth = 0;
  let isText = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (isText) {
      if (code === backslash) i++;
      else if (code === quote) isText = false;
    } else if (code === quote) isText = true;
    else if (code === bracket || code === brace) {
      if (++depth > deepest) return true;
    } else if (code === bracket + 2 || code === brace + 2) depth--;
  }
  return false;
}

const quote = 0x22;
const backslash = 0x5c;
/** What closes is two further on. */
const bracket = 0x5b;
const brace = 0x7b;

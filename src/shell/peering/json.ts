import { PeeringFailure, printable } from './failure.ts';
import { type Answer, statusLine } from './http-client.ts';

/** Bodies as text and JSON. */

/** UTF-8, strictly: what is checked is then what is parsed. */
export function textOf({ body }: Answer, asked: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new PeeringFailure('The answer is no text in UTF-8.', {
      asked,
      came: `${body.length} octets`,
      cure: 'Ask the provider what is wrong.',
    });
  }
}

/** An object in JSON. */
export function jsonOf(answer: Answer, asked: string, what: string): Record<string, unknown> {
  const text = textOf(answer, asked);
  const bad = (came: string) =>
    new PeeringFailure(`${what} cannot be read.`, { asked, came, cure: 'Ask the provider what is wrong.' });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw bad(`${answer.mediaType || 'no media type'}; ${printable((error as Error).message)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad('JSON, but no object');
  return value as Record<string, unknown>;
}

/** Status, media type, and the beginning of a text. */
export function summary(answer: Answer): string {
  const words = answer.mediaType.startsWith('text/html')
    ? ''
    : printable(Buffer.from(answer.body).toString('utf8'), 120);
  return [statusLine(answer.status), answer.mediaType, words].filter(Boolean).join(', ');
}

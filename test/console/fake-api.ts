import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { pageRules } from '../../src/api/access/page-rules.ts';
import { built } from './browser.ts';

/* The console against answers that a test made up: more calls than a machine of two cores carries, faults that are rare. */
export const origin = 'http://tandem.localhost';

/** What is answered: a value as JSON, `null` for nothing (204), or what a function makes of the question. A status other than 200 by `refused`. */
export type Answers = Readonly<Record<string, unknown | ((url: URL, body: unknown) => unknown)>>;

interface Refused {
  readonly refused: number;
  readonly body: object;
}

export function refused(status: number, detail: string, errors?: readonly object[]): Refused {
  return { refused: status, body: { type: 'about:blank', status, title: '', detail, ...(errors && { errors }) } };
}

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** Server-sent events that are told at once; then there is silence. */
export function eventsOf(...events: readonly (readonly [kind: string, data: object])[]): string {
  const told = [['hello', { state: 'current', lagMs: 0 }], ['reset', {}], ...events] as const;
  return `retry: 600000\n\n${told.map(([kind, data], i) => `id: x.${i}\nevent: ${kind}\ndata: ${JSON.stringify(data)}\n\n`).join('')}`;
}

/** By "GET /problems"; `:name` in it is anything. What is not answered is 404. `asked` gets each question. */
export async function fakeApi(context: BrowserContext, answers: Answers, asked: string[] = []): Promise<void> {
  const known = Object.entries(answers).map(([question, answer]) => {
    const [method, path] = question.split(' ') as [string, string];
    return { method, parts: path.split('/'), answer };
  });
  await context.route('**/*', async (route) => {
    const request = route.request();
    const url = new URL(request.url());
    if (url.origin !== origin) return route.abort();
    if (!url.pathname.startsWith('/api/')) return route.fulfill(consoleFile(url.pathname));
    const path = url.pathname.slice('/api/v1'.length);
    asked.push(`${request.method()} ${path}${url.search}`);
    if (path === '/events' && !('GET /events' in answers))
      return route.fulfill({ contentType: 'text/event-stream', body: eventsOf() });
    const found = known.find(
      ({ method, parts }) =>
        method === request.method() &&
        parts.length === path.split('/').length &&
        path.split('/').every((part, i) => parts[i]!.startsWith(':') || part === parts[i]),
    );
    const answer =
      typeof found?.answer === 'function'
        ? await found.answer(url, request.postDataJSON())
        : found
          ? found.answer
          : refused(404, `There is nothing at ${path}.`);
    if (typeof answer === 'string' && path === '/events')
      return route.fulfill({ contentType: 'text/event-stream', body: answer });
    const { refused: status, body } = (answer ?? {}) as Partial<Refused>;
    // Nothing is an answer as well.
    if (answer === null) return route.fulfill({ status: 204 });
    return status === undefined
      ? route.fulfill({ json: answer })
      : route.fulfill({ status, contentType: 'application/problem+json', body: JSON.stringify(body) });
  });
}

/** As the server gives it (src/api/console-files.ts), under the same rules. */
export function consoleFile(path: string) {
  const type = types[extname(path)];
  if (type !== undefined)
    return { body: readFileSync(join(built, path)), headers: { ...pageRules, 'content-type': type } };
  const policy = `${pageRules['content-security-policy']}; style-src 'self' 'nonce-test'`;
  return {
    body: readFileSync(join(built, 'index.html'), 'utf8').replace('{nonce}', 'test'),
    headers: { ...pageRules, 'content-security-policy': policy, 'content-type': 'text/html' },
  };
}

import { appendFileSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { apiSocket } from '../../src/app/socket-path.ts';
import { freePort, type Program, Programs } from '../support/running-program.ts';

/**
 * Every route of docs/openapi.json against the running program, as everybody: who may not is refused by the guard, before anything of the
 * request is looked at; who may gets no fault of ours, whatever he sends.
 */
interface Operation {
  readonly 'x-right': 'anybody' | 'viewer' | 'operator' | 'administrator';
  readonly 'x-sites'?: 'heeded';
  readonly requestBody?: unknown;
}
const { paths } = JSON.parse(readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8')) as {
  paths: Record<string, Record<string, Operation>>;
};
const routes = Object.entries(paths).flatMap(([path, operations]) =>
  Object.entries(operations).map(([method, operation]) => ({ method: method.toUpperCase(), path, ...operation })),
);

const ranks = { anybody: -1, viewer: 0, operator: 1, administrator: 2 } as const;
const roles = ['viewer', 'operator', 'administrator'] as const;
const everybody = [
  { who: 'nobody', role: undefined, sites: undefined },
  ...roles.flatMap((role) => [
    { who: role, role, sites: undefined },
    { who: `${role} of berlin`, role, sites: ['berlin'] },
  ]),
];
/** Of the guard, and of nobody else. */
const refusals = /^(This is for|Sign in, or send)/;
/** What nobody would send. */
const junk = [
  {},
  { name: '__proto__', path: ['__proto__', 'polluted'], text: 'x'.repeat(2_000), value: null },
  [[[{ constructor: { prototype: { polluted: true } } }]]],
];

describe.runIf(process.platform === 'linux')('every route', { timeout: 60_000 }, () => {
  let programs: Programs | undefined;
  let program: Program;
  let origin: string;
  const tokens = new Map<string, string>();

  /** One program for all. */
  async function begin(): Promise<void> {
    programs = new Programs();
    const port = await freePort();
    appendFileSync(
      programs.file,
      `sites: [{ name: berlin }]\nmanagement: { listen: "127.0.0.1:${port}", behind-proxy: 127.0.0.1 }\n`,
    );
    program = await programs.start();
    origin = `http://127.0.0.1:${port}`;
    await expect
      .poll(
        () =>
          fetch(`${origin}/readyz`).then(
            ({ status }) => status,
            () => 0,
          ),
        { timeout: 10_000 },
      )
      .toBe(200);
    for (const { who, role, sites } of everybody) {
      if (!role) continue;
      const body = { name: who.replaceAll(' ', '-'), role, ...(sites && { sites }) };
      const { status, text } = await bySocket('POST', '/api/v1/tokens', body);
      expect(status, text).toBe(201);
      tokens.set(who, JSON.parse(text).secret);
    }
  }
  beforeEach(async () => {
    if (!programs) await begin();
  }, 30_000);
  afterAll(() => programs?.end());

  const bySocket = (method: string, path: string, body: object): Promise<{ status: number; text: string }> =>
    new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json' };
      request({ socketPath: apiSocket(program.data), method, path, headers }, async (answer) => {
        let text = '';
        for await (const chunk of answer) text += chunk;
        resolve({ status: answer.statusCode!, text });
      })
        .on('error', reject)
        .end(JSON.stringify(body));
    });

  let asked = 0;
  /** As a proxy tells it: one source may not ask this often. */
  const source = () => `198.51.100.${Math.floor(asked++ / 500)}`;

  /** `detail` of a problem; what goes on without end is not read. */
  async function ask(method: string, path: string, who: string, body?: string, type = 'application/json') {
    const token = tokens.get(who);
    const stop = new AbortController();
    const answer = await fetch(`${origin}${path}`, {
      method,
      signal: AbortSignal.any([stop.signal, AbortSignal.timeout(10_000)]),
      headers: {
        'x-forwarded-for': source(),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': type }),
      },
      ...(body !== undefined && { body }),
    });
    const isProblem = answer.headers.get('content-type')?.includes('problem+json') === true;
    const text = isProblem && method !== 'HEAD' ? await answer.text() : '';
    stop.abort();
    return { status: answer.status, detail: text === '' ? '' : ((JSON.parse(text).detail ?? '') as string), text };
  }
  const withIds = (path: string, id: string) => path.replaceAll(/\{\w+\}/g, encodeURIComponent(id));

  test('says in the description who may use it', () => {
    expect(routes.length).toBeGreaterThan(70);
    for (const { method, path, 'x-right': right } of routes) expect(ranks[right], `${method} ${path}`).toBeDefined();
    // What anybody may ask is little, and stays so.
    expect(
      routes.filter((route) => route['x-right'] === 'anybody').map(({ method, path }) => `${method} ${path}`),
    ).toEqual([
      'GET /api/v1/version',
      'GET /api/v1/readyz',
      'GET /api/v1/healthz',
      'GET /api/v1/sign-in',
      'POST /api/v1/session',
      'POST /api/v1/invitation/look',
      'POST /api/v1/invitation',
    ]);
    // And nothing that changes all sites is for who has one.
    for (const route of routes.filter((one) => one['x-right'] === 'administrator'))
      expect([route.method, route.path, route['x-sites']]).toEqual([route.method, route.path, undefined]);
  });

  test.each(everybody)('refuses $who what he may not', async ({ who, role, sites }) => {
    for (const { method, path, 'x-right': right, 'x-sites': heeds } of routes) {
      const may = role === undefined ? right === 'anybody' : ranks[role] >= ranks[right];
      const isRefused = !may || (sites !== undefined && right !== 'anybody' && heeds === undefined);
      for (const one of method === 'GET' && !path.endsWith('/events') ? [method, 'HEAD'] : [method]) {
        // What would be done by who may is the next test's.
        if (!isRefused && method !== 'GET') continue;
        const { status, detail } = await ask(one, withIds(path, 'x'), who);
        const told = `${one} ${path} as ${who}: ${status} ${detail}`;
        if (isRefused) expect([401, 403], told).toContain(status);
        else expect(status, told).not.toBe(401);
        expect(status, told).not.toBe(429);
        if (one !== 'HEAD') expect(refusals.test(detail), told).toBe(isRefused);
      }
    }
  });

  test('has no fault of ours for anything that who may sends, and tells nothing of this machine', async () => {
    // Whoever may everything: these are the routes that look at what was sent. What ends or begins anew is left alone.
    const ids = ['x', '../../etc/passwd', '__proto__', 'a'.repeat(300), "'; DROP TABLE calls; --", '\u0000', '%'];
    const faults: string[] = [];
    const look = (told: string, { status, text }: { status: number; text: string }) => {
      if (status >= 500 && status !== 503) faults.push(`${told}: ${status} ${text}`);
      for (const secret of [program.data, programs!.directory, 'node_modules', '/src/', 'at async'])
        if (text.includes(secret)) faults.push(`${told} tells ${text}`);
    };
    for (const { method, path, requestBody } of routes) {
      if (path.endsWith('/reload')) continue;
      for (const id of path.includes('{') ? ids : ['']) {
        const at = withIds(path, id);
        if (requestBody === undefined) look(`${method} ${at}`, await ask(method, at, 'administrator'));
        else
          for (const body of id === '' || id === 'x' ? junk : junk.slice(0, 1))
            look(
              `${method} ${at} ${JSON.stringify(body).slice(0, 60)}`,
              await ask(method, at, 'administrator', JSON.stringify(body)),
            );
      }
    }
    expect(faults).toEqual([]);
    expect(program.text).not.toContain('api-fault');
  });

  test('refuses what is no JSON of ours before it is looked at', async () => {
    const at = '/api/v1/tokens';
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    expect((await ask('POST', at, 'operator', '{"__proto__":{"x":1},"name":"a"}')).status).toBe(400);
    expect((await ask('POST', at, 'operator', '{"name":"a","constructor":{"prototype":{"x":1}}}')).status).toBe(400);
    expect((await ask('POST', at, 'operator', '{"name":')).status).toBe(400);
    expect((await ask('POST', at, 'operator', 'name=a', 'application/x-www-form-urlencoded')).status).toBe(415);
    expect((await ask('POST', at, 'operator', deep)).status).toBe(400);
    expect((await ask('PATCH', '/api/v1/configuration/draft', 'administrator', deep)).status).toBeLessThan(500);
    const value = `{"edits":[{"path":["trunks",0,"x"],"value":${deep}}]}`;
    expect((await ask('PATCH', '/api/v1/configuration/draft', 'administrator', value)).status).toBeLessThan(500);
  });

  test('no path leads out of the console’s files', async () => {
    for (const path of [
      '/../package.json',
      '/..%2fpackage.json',
      '/%2e%2e/%2e%2e/package.json',
      '/assets/../../package.json',
      '/assets/..%5c..%5cpackage.json',
      '/index.html%00.js',
      '//etc/passwd',
      '/.git/config',
    ]) {
      const answer = await raw(path);
      expect([path, /"version"|root:|\[core\]/.test(answer)]).toEqual([path, false]);
      expect(answer).toMatch(/^HTTP\/1\.1 (400|403|404|301|302) /);
    }
  });

  /** As a client that does not tidy up what it asks for. */
  const raw = (path: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(origin);
      request(
        { host: hostname, port, path, agent: false, headers: { 'x-forwarded-for': source() } },
        async (answer) => {
          let text = `HTTP/1.1 ${answer.statusCode} `;
          for await (const chunk of answer) text += chunk;
          resolve(text);
        },
      )
        .on('error', reject)
        .end();
    });
});

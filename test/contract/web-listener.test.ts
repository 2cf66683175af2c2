import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect, createServer, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import { apiServer, type Services } from '#api';
import type { ManagementConfiguration } from '#engine/ports';
import { Log } from '#shell/log';
import { CertificateStore } from '#shell/tls';
import { WebListener } from '../../src/app/web-listener.ts';
import { certificateFolder, selfSigned } from '../support/certificates.ts';
import { freePort } from '../support/running-program.ts';

/** The API at a real socket, by HTTP and HTTPS, as it is moved. */
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const usual = { sessions: { idle: 60_000, lifetime: 60_000 }, tokens: { lifetime: 60_000 } };
const at = (port: number, more: Partial<ManagementConfiguration> = {}): ManagementConfiguration => ({
  listen: { host: '127.0.0.1', port },
  ...usual,
  ...more,
});

async function listener() {
  const said: string[] = [];
  let opened = 0;
  const web = new WebListener({
    make: (door) => {
      const services = { version: '1.2.3' } as Services;
      return apiServer({ services, identify: async () => undefined, onFault: () => {}, ...door });
    },
    say: (line) => said.push(line),
    log: new Log('management', 'fatal', () => {}),
    onListening: () => opened++,
    patience: 50,
    look: 50,
  });
  ends.push(() => web.close());
  return { web, said, opened: () => opened };
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly certificate: string | undefined;
}

function get(port: number, options: { secure?: boolean; headers?: Record<string, string>; path?: string } = {}) {
  const { secure = false, headers = {}, path = '/api/v1/version' } = options;
  return new Promise<Answer>((resolve, reject) => {
    const send = secure ? httpsRequest : httpRequest;
    send({ host: '127.0.0.1', port, path, headers, agent: false, rejectUnauthorized: false }, (answer) => {
      const certificate = secure ? (answer.socket as TLSSocket).getPeerCertificate().fingerprint256 : undefined;
      answer.resume();
      answer.once('end', () => resolve({ status: answer.statusCode!, headers: answer.headers, certificate }));
    })
      .once('error', reject)
      .end();
  });
}

const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  for (let n = 0; n < 200 && !(await holds()); n++) await new Promise((resolve) => setTimeout(resolve, 25));
  expect(await holds()).toBe(true);
};

test('listens where it is told, moves, and is gone when it is told so', async () => {
  const { web, said, opened } = await listener();
  const [one, two] = [await freePort(), await freePort()];
  await web.configure(at(one));
  expect((await get(one)).status).toBe(200);
  // What does not concern the socket leaves it alone.
  await web.configure(at(one, { url: 'http://localhost', behindProxy: [{ host: '10.0.0.0', bits: 8 }] }));
  expect(opened()).toBe(1);
  await web.configure(at(two));
  expect((await get(two)).status).toBe(200);
  await expect(get(one)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await web.configure(undefined);
  await expect(get(two)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect(said).toEqual([]);
});

test('a port that another has is said once, with the cure, and had as soon as it is free', async () => {
  const { web, said } = await listener();
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as { port: number };
  await web.configure(at(port));
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(said).toEqual([
    `tandem: the API cannot listen at 127.0.0.1:${port}: another program has the port (\`ss -ltnp\` tells which): end it, or give \`management.listen\` another port; calls go on, and it is tried again`,
  ]);
  await new Promise((resolve) => other.close(resolve));
  await until(() =>
    get(port).then(
      ({ status }) => status === 200,
      () => false,
    ),
  );
});

test('by HTTPS, with a certificate that is changed while it runs', async () => {
  const folder = certificateFolder();
  ends.push(() => folder.remove());
  const [first, second] = [await selfSigned({ dns: ['localhost'] }), await selfSigned({ dns: ['localhost'] })];
  const certificate = folder.write('web.pem', first.certificate);
  const key = folder.write('web.key', first.key);
  const { web, said } = await listener();
  const port = await freePort();
  await web.configure(at(port, { tls: { certificate, key } }));
  const before = await get(port, { secure: true });
  expect(before.status).toBe(200);
  expect(before.headers['strict-transport-security']).toBe('max-age=31536000');
  await expect(get(port)).rejects.toThrow();
  writeFileSync(certificate, second.certificate);
  writeFileSync(key, second.key);
  await until(async () => (await get(port, { secure: true })).certificate !== before.certificate);
  expect(said).toEqual([]);
});

test('its certificate is looked after with those of the listeners and trunks', async () => {
  const folder = certificateFolder();
  ends.push(() => folder.remove());
  const { certificate: text, key: keyText } = await selfSigned({ dns: ['tandem.example.com'], to: 5 });
  const tls = { certificate: folder.write('web.pem', text), key: folder.write('web.key', keyText) };
  const events: string[] = [];
  const store = new CertificateStore({
    configuration: { listeners: [], trunks: [], management: at(8443, { tls }) },
    onEvent: ({ kind, users }) => events.push(`${kind} ${users}`),
  });
  expect(store.inspect()).toMatchObject([{ users: ['management'], names: ['tandem.example.com'], daysLeft: 4 }]);
  expect(events).toContain('warning management');
  store.configure({ listeners: [], trunks: [] });
  expect(store.inspect()).toEqual([]);
});

test('a certificate that is not there keeps it shut, and nothing in clear opens instead', async () => {
  const { web, said } = await listener();
  const port = await freePort();
  await web.configure(at(port, { tls: { certificate: '/nowhere/web.pem', key: '/nowhere/web.key' } }));
  expect(said[0]).toContain('/nowhere/web.pem is not there');
  await expect(get(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('what a proxy says is believed of the proxies that are named, and of nobody else', async () => {
  const { web } = await listener();
  const port = await freePort();
  const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '198.51.100.7' };
  await web.configure(at(port));
  expect((await get(port, { headers })).headers['strict-transport-security']).toBeUndefined();
  await web.configure(at(port, { behindProxy: [{ host: '127.0.0.1', bits: 32 }] }));
  expect((await get(port, { headers })).headers['strict-transport-security']).toBeDefined();
});

describe('who would keep others out', () => {
  const opened = async (port: number, count: number): Promise<{ socket: Socket; isCut: () => boolean }[]> => {
    const all = Array.from({ length: count }, () => {
      const socket = connect(port, '127.0.0.1');
      let isCut = false;
      socket.on('error', () => {});
      socket.on('close', () => {
        isCut = true;
      });
      ends.push(() => socket.destroy());
      return { socket, isCut: () => isCut };
    });
    await Promise.all(all.map(({ socket }) => once(socket, 'connect')));
    return all;
  };

  test('has two hundred connections and no more; a proxy has as many as it wants', async () => {
    const { web } = await listener();
    const port = await freePort();
    await web.configure(at(port));
    const all = await opened(port, 210);
    await until(() => all.filter(({ isCut }) => isCut()).length === 10);
    await expect(get(port)).rejects.toThrow();
    all[0]!.socket.destroy();
    await until(() =>
      get(port).then(
        ({ status }) => status === 200,
        () => false,
      ),
    );
    await web.configure(at(port, { behindProxy: [{ host: '127.0.0.1', bits: 32 }] }));
    expect((await opened(port, 20)).some(({ isCut }) => isCut())).toBe(false);
    expect((await get(port)).status).toBe(200);
  });

  test('is cut off when his header does not come', { timeout: 40_000 }, async () => {
    const { web } = await listener();
    const port = await freePort();
    await web.configure(at(port));
    const [one] = await opened(port, 1);
    const drip = setInterval(() => one!.socket.write('X-a: b\r\n'), 500);
    one!.socket.write('GET /api/v1/version HTTP/1.1\r\n');
    const began = performance.now();
    await expect.poll(() => one!.isCut(), { timeout: 30_000, interval: 50 }).toBe(true);
    clearInterval(drip);
    expect(performance.now() - began).toBeLessThan(25_000);
  });
});

import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Notify } from '#engine/ports';
import { Sensitive } from '#kernel';
import { Notifier } from '#shell/notify';
import { rootsOf } from '#shell/tls';
import { Authority, certificateFolder, selfSigned } from '../support/certificates.ts';
import { notice } from '../support/emergency-notice.ts';
import { MailServer, type MailServerOptions } from '../support/mail-server.ts';

/* Mail of calls for help, to a mail server on loopback: what is taken, and what is better not sent. */

type Mail = Extract<Notify, { kind: 'mail' }>;
type Line = readonly [event: string, fields: Record<string, unknown>];

const folder = certificateFolder();
let house: Authority;
let trust: NonNullable<Mail['trust']>;
const cleaning: (() => void)[] = [];
beforeAll(async () => {
  house = await Authority.root('House');
  trust = { system: false, files: [folder.write('house.pem', house.pem)] };
  return () => folder.remove();
});
afterEach(() => {
  for (const clean of cleaning.splice(0)) clean();
});

async function started(options?: MailServerOptions): Promise<MailServer> {
  const server = await MailServer.start(options);
  cleaning.push(() => server.stop());
  return server;
}

/** One try, and what the log says of it. */
function told(server: MailServer, more: Partial<Mail> = {}, patience?: number): Promise<Line> {
  const { promise, resolve } = Promise.withResolvers<Line>();
  const notifier = new Notifier({
    roots: rootsOf,
    log: (_level, event, fields) => resolve([event, fields]),
    pauses: [],
    ...(patience === undefined ? {} : { patience }),
  });
  cleaning.push(() => notifier.close());
  const to = { kind: 'mail' as const, to: 'desk@example.com', from: 'tandem@example.com' };
  notifier.notify({ ...to, server: { host: '127.0.0.1', port: server.port }, ...more }, notice);
  return promise;
}

const sent = ['notice-sent', { call: '0198a', mail: 'desk@example.com', tries: 1 }];
const notSent = (reason: string | RegExp) => [
  'notice-not-sent',
  { call: '0198a', mail: 'desk@example.com', reason: expect.stringMatching(reason) },
];
const right = () => house.issue({ addresses: ['127.0.0.1'] });

describe('what is written', () => {
  test('who calls, from where, and its place; of every try the same Message-ID', async () => {
    const server = await started();
    expect(await told(server)).toEqual(sent);
    await told(server);
    const [one, other] = server.taken;
    expect(one).toMatchObject({ from: 'FROM:<tandem@example.com>', to: 'TO:<desk@example.com>', secure: false });
    const [head = '', ...body] = one!.message.split('\r\n\r\n');
    expect(head).toMatch(/^Subject: Emergency call to 911, hq-2\r$/m);
    expect(head).toMatch(/^Date: Mon, 23 Nov 2026 07:00:00 \+0000\r$/m);
    expect(head).toMatch(/^Importance: high\r$/im);
    const id = /^Message-ID: .*$/im;
    expect(id.exec(head)?.[0]).toBe('Message-ID: <0198a.call@example.com>');
    expect(id.exec(other!.message)?.[0]).toBe(id.exec(head)?.[0]);
    const words = body.join('\n').replaceAll('=\r\n', '');
    expect(words).toContain('Emergency call to 911 from +12175550101 (Zo=C3=AB) by pbx, site hq.');
    expect(words).toContain('Place: hq-2: floor 2, 1 Main St.');
    expect(words).toContain('FLR: 2');
    expect(one!.message).toMatch(/^[ -~\r\n]*$/);
  });

  test('why it is not taken', async () => {
    const server = await started({ recipient: '550 no such desk' });
    expect(await told(server)).toEqual(notSent(/550 no such desk/));
    expect(server.taken).toEqual([]);
  });

  test('a server that says nothing is not waited for without end', async () => {
    expect(await told(await started({ silent: true }), {}, 80)).toEqual(notSent(/takes too long/));
  });
});

describe('TLS', () => {
  test('where it is offered (STARTTLS), by the roots that are believed', async () => {
    const server = await started({ certificate: await right() });
    expect(await told(server, { trust })).toEqual(sent);
    expect(server.taken).toMatchObject([{ secure: true }]);
    expect(server.heard.filter((line) => line === 'STARTTLS')).toHaveLength(1);
  });

  test('from the first octet on (RFC 8314)', async () => {
    const server = await started({ certificate: await right(), direct: true });
    expect(await told(server, { trust, tls: 'direct' })).toEqual(sent);
    expect(server.taken).toMatchObject([{ secure: true }]);
  });

  test.each<[string, () => Promise<{ certificate: string; key: string }>, RegExp, (() => Partial<Mail>)?]>([
    ['nobody vouches for', () => selfSigned({ dns: ['mail.example.com'] }), /self-signed/],
    ['an authority vouches for that is not believed', right, /unable to (?:verify|get)/, () => ({})],
    ['is of another name', () => house.issue({ dns: ['mail.example.com'] }), /does not match|altnames/],
    ['has run out', () => house.issue({ addresses: ['127.0.0.1'], from: -9, to: -1 }), /expired/],
  ])('a certificate that %s is refused, and nothing is sent in clear', async (_, certificate, reason, more) => {
    for (const direct of [false, true]) {
      const server = await started({ certificate: await certificate(), direct });
      const tls = direct ? ('direct' as const) : ('offered' as const);
      expect(await told(server, { tls, ...(more ? more() : { trust }) })).toEqual(notSent(reason));
      expect(server.taken).toEqual([]);
      expect(server.heard.filter((line) => line.startsWith('MAIL'))).toEqual([]);
    }
  });

  test('required, and not offered: nothing is sent', async () => {
    const server = await started();
    expect(await told(server, { tls: 'required' })).toEqual(notSent(/STARTTLS/));
    expect(server.taken).toEqual([]);
  });

  test('off: not even where it is offered', async () => {
    const server = await started({ certificate: await right() });
    expect(await told(server, { tls: 'off' })).toEqual(sent);
    expect(server.taken).toMatchObject([{ secure: false }]);
  });

  test('roots that cannot be read', async () => {
    const files = [`${folder.path}/none.pem`];
    expect(await told(await started(), { trust: { system: true, files } })).toEqual(notSent(/ENOENT/));
  });
});

describe('who we are there', () => {
  const login = (password: string) => ({ user: 'tandem', password: new Sensitive(password) });
  const server = async () => started({ certificate: await right(), login: { user: 'tandem', password: 'mail-1' } });

  test('is told in TLS', async () => {
    const one = await server();
    expect(await told(one, { trust, tls: 'required', login: login('mail-1') })).toEqual(sent);
    expect(one.heard.findIndex((line) => line.startsWith('AUTH'))).toBeGreaterThan(one.heard.indexOf('STARTTLS'));
  });

  test('a wrong password: no mail, and none of it in the log', async () => {
    const [event, fields] = await told(await server(), { trust, tls: 'required', login: login('wrong-1') });
    expect([event, fields]).toEqual(notSent(/535/));
    expect(JSON.stringify(fields)).not.toContain('wrong-1');
    expect(JSON.stringify(fields)).not.toContain(Buffer.from('\0tandem\0wrong-1').toString('base64'));
  });
});

import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { TlsOptions } from 'node:tls';
import { describe, expect, test } from 'vitest';
import type { Flow, TlsTarget } from '#engine/ports';
import type { HostPort } from '#kernel';
import { type Issued, selfSigned, usages } from '../support/certificates.ts';
import {
  carrierA,
  carrierB,
  client,
  enterprise,
  folder,
  message,
  plain,
  saved,
  server,
  shell,
  shown,
  type TrunkTls,
  trunkTls,
  until,
} from '../support/tls-shell.ts';

describe('connections of ours', () => {
  const flowTo = (remote: HostPort, connection = 'out-1'): Flow => ({
    transport: 'tls',
    listener: 'wan/tls',
    remote,
    connection,
  });
  const target = (...names: string[]): TlsTarget => ({ trunk: 'a', names });

  test('both prove who they are; what was sent before leaves then, and names go by SNI', async () => {
    const { streams, heard } = await shell();
    let seen: { servername: unknown; peer: string | undefined; alpn: unknown } | undefined;
    let text = '';
    const sent = [message(), message(), message()];
    const at = await server(
      { ...shown(await carrierA.issue({ dns: ['sip.a.example'] })), requestCert: true, ca: enterprise.pem },
      ({ socket }) => {
        seen = {
          servername: socket.servername,
          peer: socket.getPeerX509Certificate()?.subjectAltName,
          alpn: socket.alpnProtocol,
        };
        socket.on('data', (chunk: Buffer) => {
          text += chunk.toString('latin1');
          if (text === sent[0]! + sent[1]) socket.write(sent[2]!, 'latin1');
        });
      },
    );
    const flow = flowTo(at);
    streams.connect(flow, target('192.0.2.1', 'sip.a.example'));
    streams.send(flow, sent[0]!);
    streams.send(flow, sent[1]!);
    await until(() => heard.messages.length === 1);
    expect(heard.messages).toEqual([{ flow, octets: sent[2] }]);
    expect(heard.opened).toEqual([{ flow, peer: { names: ['sip.a.example'], trustedBy: ['a'] } }]);
    expect(seen).toEqual({ servername: 'sip.a.example', peer: 'DNS:sbc.us.example', alpn: false });
    expect(streams.inspect()).toMatchObject([{ direction: 'outbound', state: 'open', tls: { trustedBy: ['a'] } }]);
  });

  test('the trunk’s own certificate goes before the listener’s', async () => {
    const own = saved('own-a', await carrierA.issue({ dns: ['customer7.a.example'] }));
    const { streams, heard } = await shell({ trunks: { a: trunkTls(own) } });
    let shows: string | undefined;
    const at = await server(
      { ...shown(await carrierA.issue({ addresses: ['127.0.0.1'] })), requestCert: true, ca: carrierA.pem },
      ({ socket }) => {
        shows = `${socket.getPeerX509Certificate()?.subjectAltName} ${socket.servername}`;
      },
    );
    streams.connect(flowTo(at), target('127.0.0.1'));
    await until(() => heard.opened.length === 1 && shows !== undefined);
    expect(shows).toBe('DNS:customer7.a.example false');
  });

  test.each<[string, Partial<TrunkTls>, readonly string[], () => Promise<Issued>]>([
    ['the name asked for', {}, ['sip.a.example'], () => carrierA.issue({ dns: ['x.example', 'SIP.A.example'] })],
    [
      'the domain by URI',
      {},
      ['a.example'],
      () => carrierA.issue({ uris: ['sip:a.example'], dns: ['host7.a.example'] }),
    ],
    ['CN', {}, ['sip.a.example'], () => carrierA.issue({ name: 'sip.a.example' })],
    [
      'names of the configuration',
      { names: ['other.example'] },
      ['sip.a.example'],
      () => carrierA.issue({ dns: ['other.example'] }),
    ],
    [
      'a wildcard where allowed',
      { wildcards: true },
      ['sip.a.example'],
      () => carrierA.issue({ dns: ['*.a.example'] }),
    ],
    [
      'by an authority in between',
      {},
      ['sip.a.example'],
      async () => (await carrierA.subordinate('Sub')).issue({ dns: ['sip.a.example'] }),
    ],
    ['with RSA', {}, ['sip.a.example'], () => carrierA.issue({ dns: ['sip.a.example'], key: 'rsa-2048' })],
  ])('taken: %s', async (_what, tls, names, issue) => {
    const { streams, heard } = await shell({ trunks: { a: trunkTls(tls) } });
    const at = await server(shown(await issue()));
    streams.connect(flowTo(at), target(...names));
    await until(() => heard.opened.length + heard.closed.length === 1);
    expect(heard.closed).toEqual([]);
  });

  test('an authority below a root, or the peer’s own certificate, may be what is trusted', async () => {
    const sub = await carrierB.subordinate('Pinned');
    const self = await selfSigned({ dns: ['self.example'] });
    const trust = { system: false, files: [folder.write('pins.pem', `${sub.pem}\n${self.certificate}`)] };
    const { streams, heard, at: listening } = await shell({ trunks: { a: trunkTls({ trust }) } });
    const below = await sub.issue({ dns: ['below.example'] });
    for (const [index, [issued, name]] of (
      [
        [below, 'below.example'],
        [self, 'self.example'],
      ] as const
    ).entries()) {
      streams.connect(flowTo(await server(shown(issued)), `out-${index}`), target(name));
      await until(() => heard.opened.length + heard.closed.length === 2 * index + 1);
      await client(listening, shown(issued));
    }
    await until(() => heard.opened.length + heard.closed.length === 4);
    expect(heard.closed).toEqual([]);
    expect(heard.opened.map(({ peer }) => peer)).toEqual(
      ['below.example', 'below.example', 'self.example', 'self.example'].map((name) => ({
        names: [name],
        trustedBy: ['a'],
      })),
    );
  });

  test.each<[string, Partial<TrunkTls>, () => Promise<TlsOptions>, string | RegExp]>([
    [
      'another name',
      {},
      async () => shown(await carrierA.issue({ dns: ['x.example', 'y.example'], addresses: ['192.0.2.1'] })),
      "the peer's certificate is for x.example, y.example, 192.0.2.1; wanted sip.a.example",
    ],
    [
      'a wildcard where none is allowed',
      {},
      async () => shown(await carrierA.issue({ dns: ['*.a.example'] })),
      "the peer's certificate is for *.a.example; wanted sip.a.example",
    ],
    [
      'CN beside a subjectAltName',
      {},
      async () => shown(await carrierA.issue({ name: 'sip.a.example', dns: ['x.example'] })),
      "the peer's certificate is for x.example; wanted sip.a.example",
    ],
    [
      'not the names of the configuration',
      { names: ['p.example', 'q.example'] },
      async () => shown(await carrierA.issue({ dns: ['sip.a.example'] })),
      "the peer's certificate is for sip.a.example; wanted p.example or q.example",
    ],
    [
      'expired',
      {},
      async () => shown(await carrierA.issue({ dns: ['sip.a.example'], from: -9, to: -2 })),
      /^the certificate of sip\.a\.example expired on \d{4}-\d\d-\d\d$/,
    ],
    [
      'not yet valid',
      {},
      async () => shown(await carrierA.issue({ dns: ['sip.a.example'], from: 2 })),
      /^the certificate of sip\.a\.example is not valid before \d{4}-\d\d-\d\d$/,
    ],
    [
      'the authority of another trunk',
      {},
      async () => shown(await carrierB.issue({ dns: ['sip.a.example'] })),
      'the certificate of sip.a.example was issued by "CN=Carrier B Root", which is not trusted',
    ],
    [
      'an authority in between that has expired',
      {},
      async () =>
        shown(await (await carrierA.subordinate('Old Sub', { from: -9, to: -2 })).issue({ dns: ['sip.a.example'] })),
      /^the certificate of sip\.a\.example leads to "CN=Old Sub", which expired on \d{4}-\d\d-\d\d$/,
    ],
    [
      'nobody but itself',
      {},
      async () => shown(await selfSigned({ dns: ['sip.a.example'] })),
      'the certificate of sip.a.example is self-signed and not trusted',
    ],
    [
      'for a client only',
      {},
      async () => shown(await carrierA.issue({ dns: ['sip.a.example'], usages: [usages.client] })),
      'the certificate of sip.a.example is not accepted (invalid purpose)',
    ],
    [
      'a version too low',
      { minVersion: 'TLSv1.3' },
      async () => ({ ...shown(await carrierA.issue({ dns: ['sip.a.example'] })), maxVersion: 'TLSv1.2' }),
      'the peer does not take the TLS versions that we offer',
    ],
    [
      'no cipher in common',
      {},
      async () => ({
        ...shown(await carrierA.issue({ dns: ['sip.a.example'] })),
        maxVersion: 'TLSv1.2',
        ciphers: 'ECDHE-RSA-AES128-GCM-SHA256',
      }),
      /^the peer broke off the handshake/,
    ],
  ])('not taken, and the reason said: %s', async (_what, tls, options, reason) => {
    const { streams, heard } = await shell({ trunks: { a: trunkTls(tls) } });
    let got = '';
    const at = await server(await options(), ({ socket }) => {
      socket.on('data', (chunk: Buffer) => {
        got += chunk.toString('latin1');
      });
    });
    const flow = flowTo(at);
    streams.connect(flow, target('sip.a.example'));
    streams.send(flow, message());
    await until(() => heard.closed.length === 1);
    expect(heard.closed).toEqual([
      { connection: 'out-1', reason: typeof reason === 'string' ? reason : expect.stringMatching(reason) },
    ]);
    expect(heard.opened).toEqual([]);
    await new Promise((turn) => setTimeout(turn, 20));
    expect(got).toBe('');
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'a peer that wants a certificate where we have none says so (%s)',
    async (maxVersion) => {
      const { streams, heard } = await shell({ trunks: { a: trunkTls() } });
      const at = await server({
        ...shown(await carrierA.issue({ dns: ['sip.a.example'] })),
        requestCert: true,
        ca: carrierB.pem,
        maxVersion,
      });
      // A listener that is not there has no certificate to lend.
      const flow = { ...flowTo(at), listener: 'lan/tcp' };
      streams.connect(flow, target('sip.a.example'));
      await until(() => heard.closed.length === 1);
      expect(heard.closed[0]!.reason).toMatch(/wants a client certificate/);
    },
  );

  test.each<[string, (socket: Socket) => void, string]>([
    [
      'plain text',
      (socket) => socket.end('SIP/2.0 400 Bad Request\r\n\r\n'),
      'the peer speaks plain text on this port, or no TLS that is known here',
    ],
    ['it hangs up', (socket) => socket.end(), 'the peer closed the connection during the handshake'],
    ['it is silent', () => {}, 'the TLS handshake timed out'],
  ])('a peer that does not speak TLS: %s', async (_what, behave, reason) => {
    const { streams, heard } = await shell({ limits: { connect: 80 } });
    streams.connect(flowTo(await plain(behave)), target('sip.a.example'));
    await until(() => heard.closed.length === 1);
    expect(heard.closed).toEqual([{ connection: 'out-1', reason }]);
    expect(streams.size).toBe(0);
  });

  test('without rules, of a trunk without TLS, or without roots, nothing is begun', async () => {
    const missing = join(folder.path, 'missing-roots.pem');
    const { streams, heard } = await shell({ trunks: { a: trunkTls({ trust: { system: false, files: [missing] } }) } });
    const at = await plain(() => {});
    streams.connect(flowTo(at, 'out-1'));
    streams.connect(flowTo(at, 'out-2'), { trunk: 'z', names: ['a.example'] });
    streams.connect(flowTo(at, 'out-3'), target('a.example'));
    await until(() => heard.closed.length === 3);
    expect(heard.closed.map(({ reason }) => reason).sort()).toEqual([
      'no trunk is known whose TLS rules the connection should follow',
      `no trusted roots: ${missing} is not there`,
      'trunk z has no TLS configuration',
    ]);
  });
});

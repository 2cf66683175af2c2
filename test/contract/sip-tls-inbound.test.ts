import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import type { ConnectionOptions } from 'node:tls';
import { describe, expect, test } from 'vitest';
import type { Flow, PeerCertificate } from '#engine/ports';
import { Authority, selfSigned, usages } from '../support/certificates.ts';
import {
  carrierA,
  carrierB,
  cleaning,
  client,
  enterprise,
  files,
  folder,
  type ListenerTls,
  message,
  ours,
  rootA,
  shell,
  shown,
  trunkTls,
  until,
} from '../support/tls-shell.ts';

describe('connections that peers open', () => {
  test('messages both ways; the flow says what the certificate proved, and to which trunk', async () => {
    const { streams, heard, at } = await shell();
    const theirs = await (await carrierA.subordinate('Carrier A Sub')).issue({
      uris: ['sip:a.example'],
      dns: ['gw.a.example'],
    });
    const { socket, got } = await client(at, {
      ...shown(theirs),
      ca: enterprise.pem,
      rejectUnauthorized: true,
      servername: 'sbc.us.example',
    });
    const sent = message();
    socket.write(sent, 'latin1');
    await until(() => heard.messages.length === 1);
    const flow: Flow = {
      transport: 'tls',
      listener: 'wan/tls',
      remote: { host: '127.0.0.1', port: socket.localPort! },
      connection: 'in-run1-1',
    };
    expect(heard.opened).toEqual([{ flow, peer: { names: ['a.example'], trustedBy: ['a'] } }]);
    expect(heard.messages).toEqual([{ flow, octets: sent }]);
    streams.send(flow, 'answer \xff');
    await until(() => got() === 'answer \xff');
    expect(streams.inspect()).toMatchObject([
      {
        connection: 'in-run1-1',
        peer: `tls 127.0.0.1:${socket.localPort}`,
        listener: 'wan/tls',
        direction: 'inbound',
        state: 'open',
        octetsIn: sent.length,
        octetsOut: 8,
        tls: { version: 'TLSv1.3', cipher: expect.stringMatching(/^TLS_/), names: ['a.example'], trustedBy: ['a'] },
      },
    ]);
    socket.end();
    await until(() => heard.closed.length === 1);
    expect(heard.closed).toEqual([{ connection: 'in-run1-1', reason: 'closed by the peer' }]);
    expect(streams.size).toBe(0);
  });

  test.each<[string, () => Promise<ConnectionOptions>, PeerCertificate | undefined]>([
    ['no certificate', async () => ({}), undefined],
    [
      'of B',
      async () => shown(await carrierB.issue({ dns: ['b.example'] })),
      { names: ['b.example'], trustedBy: ['b'] },
    ],
    [
      'of somebody else',
      async () => shown(await enterprise.issue({ dns: ['a.example'] })),
      { names: ['a.example'], trustedBy: [] },
    ],
    ['of itself', async () => shown(await selfSigned({ dns: ['a.example'] })), { names: ['a.example'], trustedBy: [] }],
    [
      'of one who calls itself A',
      async () => shown(await (await Authority.root('Carrier A Root')).issue({ dns: ['a.example'] })),
      { names: ['a.example'], trustedBy: [] },
    ],
    [
      'that has expired',
      async () => shown(await carrierA.issue({ dns: ['a.example'], to: -0.5 })),
      { names: ['a.example'], trustedBy: [] },
    ],
    [
      'issued by a certificate that is no authority',
      async () =>
        shown(await (await carrierA.subordinate('leaf', { isAuthority: false })).issue({ dns: ['a.example'] })),
      { names: ['a.example'], trustedBy: [] },
    ],
    [
      'for a server only',
      async () => shown(await carrierA.issue({ dns: ['a.example'], usages: [usages.server] })),
      { names: ['a.example'], trustedBy: ['a'] },
    ],
    [
      'for mail',
      async () => shown(await carrierA.issue({ dns: ['a.example'], usages: [usages.email] })),
      { names: ['a.example'], trustedBy: [] },
    ],
  ])('a certificate that is requested does not break the handshake: %s', async (_what, options, peer) => {
    const { heard, at } = await shell();
    await client(at, await options());
    await until(() => heard.opened.length === 1);
    expect(heard.opened[0]!.peer).toEqual(peer);
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'who wants to resume a session shows its certificate anew (%s)',
    async (maxVersion) => {
      const { heard, at } = await shell({ listener: { clientCertificate: 'required' } });
      const theirs = shown(await (await carrierA.subordinate('Carrier A Sub')).issue({ dns: ['a.example'] }));
      let session: Buffer | undefined;
      const first = await client(at, { ...theirs, maxVersion });
      first.socket.on('session', (one) => {
        session = one;
      });
      session ??= first.socket.getSession();
      await until(() => heard.opened.length === 1);
      const second = await client(at, { ...theirs, maxVersion, ...(session ? { session } : {}) });
      await until(() => heard.opened.length === 2);
      expect(second.socket.isSessionReused()).toBe(false);
      expect(heard.opened.map(({ peer }) => peer?.trustedBy)).toEqual([['a'], ['a']]);
      expect(heard.refused).toEqual([]);
    },
  );

  test('two trunks with the same roots: both are told, which of them it is the name will say', async () => {
    const { heard, at } = await shell({
      trunks: { one: trunkTls(), two: trunkTls(), three: trunkTls({ trust: { system: true, files: [rootA] } }) },
    });
    await client(at, shown(await carrierA.issue({ name: 'cn.example' })));
    await until(() => heard.opened.length === 1);
    expect(heard.opened[0]!.peer).toEqual({ names: ['cn.example'], trustedBy: ['one', 'two', 'three'] });
  });

  test.each<[string, () => Promise<ConnectionOptions>, string | RegExp]>([
    ['none', async () => ({}), 'no client certificate, and the listener requires one'],
    [
      'an unknown authority',
      async () => shown(await enterprise.issue({ dns: ['x.example'] })),
      'the client certificate of x.example was issued by "CN=Enterprise Root", which is not trusted',
    ],
    [
      'expired',
      async () => shown(await carrierB.issue({ dns: ['x.example'], from: -3, to: -2 })),
      /^the client certificate of x\.example expired on \d{4}-\d\d-\d\d$/,
    ],
  ])('a certificate that is required and not good turns away: %s', async (_what, options, reason) => {
    const { streams, heard, at } = await shell({ listener: { clientCertificate: 'required' } });
    const { ended, socket } = await client(at, await options());
    socket.on('end', () => {});
    await until(ended);
    await until(() => heard.refused.length === 1);
    expect(heard.refused).toEqual([typeof reason === 'string' ? reason : expect.stringMatching(reason)]);
    expect([heard.opened, heard.closed, streams.size]).toEqual([[], [], 0]);
  });

  test('required and good', async () => {
    const { heard, at } = await shell({ listener: { clientCertificate: 'required' } });
    await client(at, shown(await carrierA.issue({ dns: ['a.example'] })));
    await until(() => heard.opened.length === 1);
    expect(heard.refused).toEqual([]);
  });

  test('not asked for: none is shown', async () => {
    const { heard, at } = await shell({ listener: { clientCertificate: 'none' } });
    await client(at, shown(await carrierA.issue({ dns: ['a.example'] })));
    await until(() => heard.opened.length === 1);
    expect(heard.opened[0]!.peer).toBeUndefined();
  });

  test.each<[string, Partial<ListenerTls>, ConnectionOptions, string]>([
    [
      'a version too low',
      { minVersion: 'TLSv1.3' },
      { maxVersion: 'TLSv1.2' },
      'the TLS version of the peer is too low',
    ],
    [
      'TLS 1.1',
      {},
      { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
      'the TLS version of the peer is too low',
    ],
    [
      'no cipher in common',
      {},
      { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' },
      'no cipher is shared with the peer',
    ],
  ])('a handshake that fails is told with its reason: %s', async (_what, listener, options, reason) => {
    const { heard, at } = await shell({ listener });
    await client(at, options);
    await until(() => heard.refused.length === 1);
    expect(heard.refused).toEqual([reason]);
    expect(heard.opened).toEqual([]);
  });

  test.each([
    ['a SIP request', 'INVITE sip:1@192.0.2.1 SIP/2.0\r\n\r\n', 'plain text on a TLS port'],
    ['another', 'OPTIONS sip:1@192.0.2.1 SIP/2.0\r\n\r\n', 'plain text on a TLS port'],
    ['HTTP', 'GET / HTTP/1.1\r\n\r\n', 'plain text on a TLS port'],
    ['pings', '\r\n\r\n\r\n\r\n\r\n\r\n', 'plain text on a TLS port'],
    ['something', '\x16\x03\x01\xff\xff\x01\x02\x03', 'what came is not TLS'],
    ['nothing, and it leaves', '', 'the peer closed the connection during the handshake'],
  ])('plain text on the TLS port: %s', async (_what, text, reason) => {
    const { heard, at } = await shell();
    const socket = connectTcp({ host: at.host, port: at.port });
    socket.on('error', () => {});
    cleaning.push(() => socket.destroy());
    socket.end(text, 'latin1');
    await until(() => heard.refused.length === 1);
    expect(heard.refused).toEqual([reason]);
  });

  test('who does not come to the end of a handshake is turned away in time, and counts for as long', async () => {
    const { streams, heard, at } = await shell({ limits: { connect: 60, handshakes: 2 } });
    for (let i = 0; i < 3; i++) {
      const socket = connectTcp({ host: at.host, port: at.port });
      socket.on('error', () => {});
      cleaning.push(() => socket.destroy());
      await once(socket, 'connect');
    }
    await until(() => heard.refused.length === 3);
    expect(heard.refused).toEqual([
      'too many TLS handshakes at once',
      'the TLS handshake timed out',
      'the TLS handshake timed out',
    ]);
    expect(streams.size).toBe(0);
    await client(at);
    await until(() => heard.opened.length === 1);
  });

  test('a listener without a certificate says so, and serves once it has one', async () => {
    const certificate = join(folder.path, 'late.crt');
    const { heard, at } = await shell({ listener: { certificate, key: files.key } });
    await client(at);
    await until(() => heard.refused.length === 1);
    expect(heard.refused).toEqual([`no certificate: ${certificate} is not there`]);
    expect(heard.events).toContainEqual({
      kind: 'problem',
      users: ['listener wan/tls'],
      files: [certificate, files.key],
      detail: `${certificate} is not there`,
    });
    writeFileSync(certificate, ours.certificate);
    await until(() => heard.events.some(({ kind }) => kind === 'reloaded'));
    await client(at);
    await until(() => heard.opened.length === 1);
  });

  test('a hundred at once, each with its messages', async () => {
    const { streams, heard, at } = await shell();
    heard.answer = (flow) => streams.send(flow, 'answer');
    const theirs = shown(await carrierA.issue({ dns: ['a.example'] }));
    const peers = await Promise.all(Array.from({ length: 100 }, () => client(at, theirs)));
    for (const { socket } of peers) socket.write(message(), 'latin1');
    await until(() => peers.every(({ got }) => got() === 'answer'));
    expect(streams.size).toBe(100);
    expect(new Set(heard.messages.map(({ flow }) => flow.connection)).size).toBe(100);
    for (const { socket } of peers) socket.end();
    await until(() => streams.size === 0);
    expect(heard.closed).toHaveLength(100);
  });
});

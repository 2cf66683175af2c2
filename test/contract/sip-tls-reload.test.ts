import { renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Flow } from '#engine/ports';
import { Authority, type Issued, selfSigned, usages } from '../support/certificates.ts';
import {
  carrierA,
  carrierB,
  cleaning,
  client,
  enterprise,
  folder,
  message,
  ours,
  type Peer,
  rootA,
  saved,
  server,
  shell,
  shown,
  trunkTls,
  until,
} from '../support/tls-shell.ts';

describe('another configuration', () => {
  test('who proved himself by roots that a trunk trusts no more makes way, and proves nothing when he comes again', async () => {
    const theirs = shown(await carrierA.issue({ dns: ['sbc.carrier-a.example'] }));
    const { store, heard, at, configurationOf } = await shell({
      trunks: { a: trunkTls(), c: trunkTls({ trust: { system: false, files: [] } }) },
      limits: { retireInbound: 100, retireIdle: 150 },
    });
    const first = await client(at, theirs);
    await until(() => heard.opened.length === 1);
    expect(heard.opened[0]!.peer).toMatchObject({ trustedBy: ['a'] });

    store.configure(configurationOf({ a: trunkTls(), c: trunkTls({ wildcards: true }) }));
    const untouched = await client(at, theirs);
    await until(() => heard.opened.length === 2);
    expect(heard.opened[1]!.peer).toMatchObject({ trustedBy: ['a', 'c'] });
    expect(heard.retiring).toEqual([]);

    store.configure(configurationOf({ c: trunkTls({ trust: { system: false, files: [] } }) }));
    await until(() => heard.retiring.length === 2);
    await until(() => first.ended() && untouched.ended());
    await client(at, theirs);
    await until(() => heard.opened.length === 3);
    expect(heard.opened[2]!.peer).toMatchObject({ trustedBy: [] });
    expect(store.inspect().map(({ users }) => users)).toEqual([['listener wan/tls'], ['trunk c']]);
  });

  test('files that stay in use are not read anew, nor told of again', async () => {
    const { store, heard, configurationOf } = await shell({ trunks: { a: trunkTls() } });
    const [before] = store.inspect();
    const told = heard.events.length;
    store.configure(configurationOf({ a: trunkTls({ wildcards: true }), d: trunkTls() }));
    expect(store.inspect()).toMatchObject([before!, { users: ['trunk a', 'trunk d'] }]);
    expect(heard.events.length).toBe(told);
  });
});

describe('a change of certificates', () => {
  test('new handshakes show the new one, and no connection is dropped while calls go on', async () => {
    const pair = saved('renewed', await enterprise.issue({ dns: ['old.us.example'] }));
    const { streams, store, heard, at } = await shell({
      listener: pair,
      limits: { retireInbound: 100, retireIdle: 150 },
    });
    heard.answer = (flow) => streams.send(flow, 'answer.');
    const nameOf = ({ socket }: Peer) => socket.getPeerX509Certificate()?.subjectAltName;
    const old = await client(at);
    expect(nameOf(old)).toBe('DNS:old.us.example');
    const talking = setInterval(() => old.socket.write(message(), 'latin1'), 20);
    cleaning.push(() => clearInterval(talking));

    const next = await enterprise.issue({ dns: ['new.us.example'] });
    writeFileSync(pair.certificate, next.certificate);
    await until(() => heard.events.some(({ kind }) => kind === 'problem'));
    expect(heard.events.at(-1)).toMatchObject({
      kind: 'problem',
      detail: `${pair.key} is not the key of ${pair.certificate}`,
    });
    expect(store.inspect()[0]).toMatchObject({
      names: ['old.us.example'],
      problem: expect.stringMatching(/is not the key of/),
    });
    const between = await client(at);
    expect(nameOf(between)).toBe('DNS:old.us.example');
    between.socket.destroy();

    writeFileSync(pair.key, next.key);
    await until(() => heard.events.some(({ kind }) => kind === 'reloaded'));
    expect(heard.events.findLast(({ kind }) => kind === 'reloaded')).toMatchObject({
      users: ['listener wan/tls'],
      detail: 'new.us.example',
    });
    const young = await client(at);
    expect(nameOf(young)).toBe('DNS:new.us.example');
    expect(store.inspect()[0]).toMatchObject({ names: ['new.us.example'], problem: undefined });

    // The old one is asked to make way, and stays as long as it is spoken by.
    await until(() => heard.retiring.length === 1);
    const answered = old.got().length;
    await until(() => old.got().length > answered + 70);
    expect([old.ended(), heard.closed.filter(({ connection }) => connection === 'in-run1-1')]).toEqual([false, []]);
    expect(heard.retiring).toEqual(['in-run1-1']);
    clearInterval(talking);
    await until(old.ended);
    await until(() => heard.closed.some(({ connection }) => connection === 'in-run1-1'));
    expect(heard.closed).toContainEqual({ connection: 'in-run1-1', reason: 'replaced by another' });
    expect(old.got().length).toBe(heard.messages.length * 7);
    expect(young.ended()).toBe(false);
  });

  test('as ACME clients do it: a symbolic link is swapped, files are renamed into place', async () => {
    const live = (version: number, name: string) => join(folder.path, `live${version}.${name}`);
    const link = (name: string) => join(folder.path, `link.${name}`);
    const write = async (version: number) => {
      const issued = await enterprise.issue({ dns: [`v${version}.us.example`] });
      writeFileSync(live(version, 'crt'), issued.certificate);
      writeFileSync(live(version, 'key'), issued.key);
    };
    const swap = (version: number, name: string) => {
      symlinkSync(live(version, name), `${link(name)}.new`);
      renameSync(`${link(name)}.new`, link(name));
    };
    await write(1);
    for (const name of ['crt', 'key']) swap(1, name);
    const { store, heard } = await shell({ listener: { certificate: link('crt'), key: link('key') } });
    for (const version of [2, 3]) {
      await write(version);
      for (const name of ['crt', 'key']) swap(version, name);
      await until(() => store.inspect()[0]!.names[0] === `v${version}.us.example`);
    }
    const renamed = await enterprise.issue({ dns: ['renamed.us.example'] });
    writeFileSync(live(4, 'crt.tmp'), renamed.certificate);
    writeFileSync(live(4, 'key.tmp'), renamed.key);
    renameSync(live(4, 'crt.tmp'), live(3, 'crt'));
    renameSync(live(4, 'key.tmp'), live(3, 'key'));
    await until(() => store.inspect()[0]!.names[0] === 'renamed.us.example');
    expect(
      heard.events.filter(({ kind }) => kind === 'problem').every(({ detail }) => detail.includes('is not the key of')),
    ).toBe(true);
  });

  test.each<[string, () => Promise<Issued>, RegExp]>([
    ['expired', () => enterprise.issue({ dns: ['bad.example'], from: -9, to: -2 }), /: it expired on/],
    ['not yet valid', () => enterprise.issue({ dns: ['bad.example'], from: 2 }), /: it is not valid before/],
    [
      'cut off',
      async () => ({ ...ours, certificate: ours.certificate.slice(0, 300) }),
      /a certificate in it is cut off/,
    ],
    ['empty', async () => ({ ...ours, certificate: '' }), /there is no PEM certificate in it/],
    [
      'garbage',
      async () => ({ ...ours, certificate: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' }),
      /crt: /,
    ],
    ['no key', async () => ({ ...ours, key: 'secret' }), /there is no private key in PEM in it/],
    [
      'a key too short',
      () => enterprise.issue({ dns: ['bad.example'], key: 'rsa-1024' }),
      /the TLS library does not take it/,
    ],
  ])('a new one that is no good leaves the old in force: %s', async (what, issue, reason) => {
    const name = what.replaceAll(' ', '-');
    const pair = saved(`kept-${name}`, ours);
    const { store, heard, at } = await shell({ listener: pair });
    saved(`kept-${name}`, await issue());
    await until(() => heard.events.some(({ kind }) => kind === 'problem'));
    expect(heard.events.find(({ kind }) => kind === 'problem')!.detail).toMatch(reason);
    expect(JSON.stringify(heard.events)).not.toContain('secret');
    const { socket } = await client(at);
    expect(socket.getPeerX509Certificate()?.subjectAltName).toBe('DNS:sbc.us.example');
    await store.look();
    await store.look();
    expect(heard.events.filter(({ kind }) => kind === 'problem')).toHaveLength(1);
    saved(`kept-${name}`, ours);
    await until(() => store.inspect()[0]!.problem === undefined);
  });

  test('a connection of ours retires at once, and the next request gets a new one with the new certificate', async () => {
    const own = saved('own-b', await carrierA.issue({ dns: ['one.us.example'] }));
    const { streams, heard } = await shell({ trunks: { a: trunkTls(own) }, limits: { retireIdle: 80 } });
    const seen: (string | undefined)[] = [];
    const at = await server(
      { ...shown(await carrierA.issue({ dns: ['sip.a.example'] })), requestCert: true, ca: carrierA.pem },
      ({ socket }) => seen.push(socket.getPeerX509Certificate()?.subjectAltName),
    );
    const flow = (connection: string): Flow => ({ transport: 'tls', listener: 'wan/tls', remote: at, connection });
    streams.connect(flow('out-1'), { trunk: 'a', names: ['sip.a.example'] });
    await until(() => heard.opened.length === 1);
    saved('own-b', await carrierA.issue({ dns: ['two.us.example'] }));
    await until(() => heard.retiring.length === 1);
    expect(streams.inspect()).toMatchObject([{ connection: 'out-1', state: 'retiring' }]);
    streams.connect(flow('out-2'), { trunk: 'a', names: ['sip.a.example'] });
    await until(() => heard.opened.length === 2 && heard.closed.length === 1);
    expect(heard.closed).toEqual([{ connection: 'out-1', reason: 'replaced by another' }]);
    expect(seen).toEqual(['DNS:one.us.example', 'DNS:two.us.example']);
  });

  test('new roots count for the next handshake', async () => {
    const roots = folder.write('changing-roots.pem', carrierA.pem);
    const { heard, at } = await shell({ trunks: { a: trunkTls({ trust: { system: false, files: [roots] } }) } });
    const theirs = shown(await carrierB.issue({ dns: ['b.example'] }));
    await client(at, theirs);
    folder.write('changing-roots.pem', `${carrierA.pem}\n${carrierB.pem}`);
    await until(() => heard.events.some(({ kind }) => kind === 'reloaded'));
    await client(at, theirs);
    await until(() => heard.opened.length === 2);
    expect(heard.opened.map(({ peer }) => peer?.trustedBy)).toEqual([[], ['a']]);
  });

  test('a connection of ours is replaced at its age', async () => {
    const { streams, heard } = await shell({ trunks: { a: trunkTls({ renewal: 60 }) }, limits: { retireIdle: 40 } });
    const at = await server(shown(await carrierA.issue({ dns: ['sip.a.example'] })));
    streams.connect(
      { transport: 'tls', listener: 'wan/tls', remote: at, connection: 'out-1' },
      { trunk: 'a', names: ['sip.a.example'] },
    );
    await until(() => heard.closed.length === 1);
    expect([heard.retiring, heard.closed]).toEqual([
      ['out-1'],
      [{ connection: 'out-1', reason: 'replaced by another' }],
    ]);
  });
});

describe('what is told of certificates', () => {
  test('names, issuer, days, and what to heed', async () => {
    const soon = saved(
      'soon',
      await enterprise.issue({ dns: ['soon.example'], uris: ['sip:example'], to: 20.5, usages: [usages.server] }),
    );
    const gone = saved('gone', await selfSigned({ to: -0.5, key: 'rsa-2048' }));
    const roots = folder.write('old-root.pem', (await Authority.root('Old Root', { to: 3.5 })).pem);
    const { store, heard } = await shell({
      listener: soon,
      trunks: {
        a: trunkTls({ trust: { system: false, files: [roots, rootA] } }),
        b: trunkTls({ ...gone, trust: { system: true, files: [] } }),
      },
    });
    const [listener, trunk, trustA, trustB] = store.inspect();
    expect(listener).toMatchObject({
      kind: 'certificate',
      users: ['listener wan/tls'],
      names: ['example'],
      issuer: 'CN=Enterprise Root',
      daysLeft: 20,
      problem: undefined,
      warnings: [
        expect.stringMatching(/^the certificate expires within 30 days, on /),
        'the certificate is not for TLS clients (clientAuth): peers that check it refuse our connections',
      ],
    });
    expect(trunk).toMatchObject({
      users: ['trunk b'],
      daysLeft: -1,
      warnings: [expect.stringMatching(/^the certificate expired on /), 'the certificate is self-signed'],
    });
    expect(trustA).toMatchObject({
      kind: 'trust',
      names: ['CN=Old Root', 'CN=Carrier A Root'],
      daysLeft: 3,
      warnings: [expect.stringMatching(/^the root "CN=Old Root" expires within 7 days, on /)],
    });
    expect(trustB).toMatchObject({ kind: 'trust', users: ['trunk b'], names: [], warnings: [] });
    expect(heard.events.map(({ kind }) => kind)).toEqual(Array(5).fill('warning'));
    await store.look();
    expect(heard.events).toHaveLength(5);
  });
});

import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { apiSocket } from '../../src/app/socket-path.ts';
import { commandLine } from '../../src/cli/command-line.ts';
import { exitCodes } from '../../src/cli/failure.ts';
import { Authority, type Issued } from '../support/certificates.ts';
import { freePort, type Party, type Program, Programs, sdp, until } from '../support/running-program.ts';

/** `tandem certificate` against the running program: the listener has another certificate, and the call over it does not notice. */
describe.runIf(process.platform === 'linux')('another certificate under a call', { timeout: 60_000 }, () => {
  let programs: Programs;
  let program: Program;
  let itsp: Party;
  let port: number;
  let authority: Authority;
  let caller: Issued;
  const sockets: TLSSocket[] = [];
  const at = (name: string) => join(programs.directory, name);
  const issue = async (): Promise<Issued> => {
    const { certificate, key } = await authority.issue({ dns: ['sbc.example.com'] });
    return { certificate: `${certificate}\n${authority.pem}`, key };
  };

  /** One program for both. */
  beforeEach(async () => {
    if (programs) return;
    programs = new Programs();
    authority = await Authority.root('Enterprise Root');
    caller = await authority.issue({ dns: ['pbx.example.com'] });
    const first = await issue();
    writeFileSync(at('sbc.pem'), first.certificate);
    writeFileSync(at('sbc.key'), first.key, { mode: 0o600 });
    writeFileSync(at('roots.pem'), authority.pem);
    port = await freePort();
    itsp = await programs.party();
    const example = readFileSync(programs.file, 'utf8');
    writeFileSync(
      programs.file,
      example
        .replace(
          '\ntrunks:\n',
          `\n  - { name: wan, side: internal, bind: "127.0.0.1:${port}", advertise: sbc.example.com, transports: tls, tls: { certificate: ${at('sbc.pem')}, key: ${at('sbc.key')}, client-certificate: requested } }\n$&` +
            `  - { name: tls-pbx, kind: ip-pbx, transport: tls, domain: pbx.example.com, addresses: 127.0.0.2, health: off, certificate-names: pbx.example.com, tls: { trust: ${at('roots.pem')} } }\n`,
        )
        .replace('routes:\n', '$&  - { name: over-tls, from: tls-pbx, to: itsp }\n'),
    );
    program = await programs.start({ TANDEM_ITSP: `127.0.0.1:${itsp.port}`, TANDEM_MEDIA: 'bypass' });
    await until(() => existsSync(apiSocket(program.data)));
  }, 30_000);
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await programs.end();
  });

  let said: { out: string; err: string };
  beforeEach(() => {
    const keep = (where: 'out' | 'err') => (text: unknown) => {
      said[where] += String(text);
      return true;
    };
    vi.spyOn(process.stdout, 'write').mockImplementation(keep('out'));
    vi.spyOn(process.stderr, 'write').mockImplementation(keep('err'));
  });
  afterEach(() => {
    vi.restoreAllMocks();
    process.exitCode = undefined;
  });
  async function tandem(...words: string[]): Promise<string> {
    said = { out: '', err: '' };
    const line = await commandLine('certificate');
    await line.parseAsync(['certificate', ...words, '--data', program.data], { from: 'user' });
    return said.out + said.err;
  }

  async function dial(): Promise<{ socket: TLSSocket; got: () => string; serial: string }> {
    const socket = connect({
      host: '127.0.0.1',
      port,
      cert: caller.certificate,
      key: caller.key,
      rejectUnauthorized: false,
    });
    sockets.push(socket);
    let text = '';
    socket.setEncoding('latin1').on('data', (data) => {
      text += data;
    });
    await once(socket, 'secureConnect');
    return { socket, got: () => text, serial: socket.getPeerX509Certificate()!.serialNumber };
  }
  const request = (method: string, number: number, to: string, body = '') =>
    [
      `${method} sip:123@127.0.0.1:${port};transport=tls SIP/2.0`,
      `Via: SIP/2.0/TLS 127.0.0.1:9;branch=z9hG4bK${method}${number}`,
      'Max-Forwards: 70',
      'From: <sip:1@pbx.example.com>;tag=caller',
      `To: ${to}`,
      'Call-ID: under-tls',
      `CSeq: ${number} ${method}`,
      'Contact: <sip:127.0.0.1:9;transport=tls>',
      ...(body === '' ? [] : ['Content-Type: application/sdp']),
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n');

  test('by chain and key; a wrong key changes nothing; and back', async () => {
    const phone = await dial();
    phone.socket.write(request('INVITE', 1, '<sip:123@127.0.0.1>', sdp));
    await until(() => phone.got().includes('SIP/2.0 200'));
    const to = /\r\nTo: ([^\r]+)/.exec(phone.got().slice(phone.got().indexOf('SIP/2.0 200')))![1]!;
    phone.socket.write(request('ACK', 1, to));
    await itsp.hears('ACK');

    const next = await issue();
    const other = await issue();
    writeFileSync(at('next.pem'), next.certificate);
    writeFileSync(at('next.key'), next.key);
    writeFileSync(at('other.key'), other.key);
    const before = ['sbc.pem', 'sbc.key'].map((name) => readFileSync(at(name), 'latin1'));
    await expect(tandem('install', 'wan', at('next.pem'), '--key-file', at('other.key'))).rejects.toThrow(
      /nothing was changed: The key is not that of "sbc\.example\.com"/,
    );
    expect(['sbc.pem', 'sbc.key'].map((name) => readFileSync(at(name), 'latin1'))).toEqual(before);
    expect((await dial()).serial).toBe(phone.serial);

    expect(await tandem('install', 'wan', at('next.pem'), '--key-file', at('next.key'), '--dry-run')).toBe(
      'It would be taken.\n',
    );
    expect(process.exitCode).toBe(exitCodes.ok);
    const done = await tandem('install', 'wan', at('next.pem'), '--key-file', at('next.key'));
    expect(done).toMatch(/^listener wan\/tls: sbc\.example\.com until \d.*New handshakes show it; calls go on\.\n$/);
    // Not at the next look: now.
    const young = await dial();
    expect(young.serial).not.toBe(phone.serial);
    expect(await tandem('show', 'wan')).toMatch(/key +is that of the certificate\n +replaced .* by local/);

    await tandem('rollback', 'listener wan');
    expect((await dial()).serial).toBe(phone.serial);
    expect(['sbc.pem', 'sbc.key'].map((name) => readFileSync(at(name), 'latin1'))).toEqual(before);

    // The call stands as it did, on its connection.
    expect(phone.socket.destroyed).toBe(false);
    phone.socket.write(request('BYE', 2, to));
    await itsp.hears('BYE');
    await until(() => /SIP\/2\.0 200[\s\S]*CSeq: 2 BYE/.test(phone.got()));
    expect(program.text).not.toContain(next.key.split('\n')[1]);
  });

  test('what is meant is said, and who says too little is told what there is', async () => {
    expect(await tandem('list')).toMatch(/listener wan\/tls +certificate +36\d /);
    await tandem('request', 'SBC.example.com', '--key', 'ecdsa-p256', '--for', 'listener wan');
    expect(said.out).toMatch(/^-----BEGIN CERTIFICATE REQUEST-----\n[\s\S]+-----END CERTIFICATE REQUEST-----\n$/);
    expect(said.err).toContain('tandem certificate install "listener wan" FILE');
    const waiting = await tandem('requests');
    expect(waiting).toMatch(/ecdsa-p256 +listener wan +sbc\.example\.com/);
    await tandem('discard', /^([0-9a-f]{12}) /m.exec(waiting)![1]!);
    expect(await tandem('requests')).toContain('No request waits');
    await expect(tandem('show', 'nobody')).rejects.toThrow(/nothing of TLS is called nobody/);
    await expect(tandem('install', 'tls-pbx', at('next.pem'))).rejects.toThrow(/with --keep it is kept/);
    const keptBeside = await tandem(
      'install',
      'tls-pbx',
      at('next.pem'),
      '--key-file',
      at('next.key'),
      '--keep',
      '--draft',
    );
    expect(keptBeside).toContain('tls-pbx.pem');
    expect(keptBeside).toContain('tandem config diff');
    expect(await tandem('install', 'tls-pbx', at('roots.pem'), '--trust')).toContain('1 authorities');
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { endWithUs } from '../perf/children.ts';
import type { Endpoint } from '../perf/sipp.ts';

/** What `openssl s_client` made of a handshake. */
export interface Handshake {
  /** "TLSv1.3"; undefined when it did not come about. */
  readonly version: string | undefined;
  readonly cipher: string | undefined;
  /** Of the certificate that the server showed: "CN = tandem.test". */
  readonly subject: string;
  /** The server asked for a certificate. */
  readonly asked: boolean;
  /** What came of a SIP request by it, where one was sent: empty when the connection ended instead. */
  readonly answer: string;
  readonly output: string;
}

/** Shakes hands and, where `request` is given, sends it and waits for its answer or the end of the connection. */
export async function handshake(to: Endpoint, options: readonly string[], request = ''): Promise<Handshake> {
  const child = spawn(
    'openssl',
    ['s_client', '-connect', `${to.host}:${to.port}`, '-ign_eof', '-showcerts', ...options],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  endWithUs(child);
  let output = '';
  let complete: () => void = () => undefined;
  const done = new Promise<void>((resolve) => {
    complete = resolve;
  });
  const isThrough = () => /Verify return code/.test(output);
  const hear = (chunk: Buffer) => {
    output += chunk.toString('latin1');
    if (request === '' ? isThrough() : /SIP\/2\.0 \d{3}[\s\S]*\r\n\r\n/.test(output)) complete();
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  child.stdin.on('error', () => undefined);
  const exited = once(child, 'exit');
  if (request !== '') child.stdin.write(request);
  const late = setTimeout(() => complete(), 5_000);
  await Promise.race([done, exited]);
  clearTimeout(late);
  child.kill('SIGKILL');
  const [, version, cipher] = /New, (TLSv[\d.]+|SSLv3), Cipher is (\S+)/.exec(output) ?? [];
  const protocol = /Protocol *(?:version)?: (TLSv[\d.]+)/.exec(output)?.[1];
  const isUp = cipher !== undefined && cipher !== '(NONE)';
  return {
    version: isUp ? (protocol ?? version) : undefined,
    cipher: isUp ? cipher : undefined,
    subject: /^subject=(.*)$/m.exec(output)?.[1] ?? '',
    asked: /Requested Signature Algorithms|Client Certificate Types/.test(output),
    answer: /SIP\/2\.0 (\d{3} [^\r]*)/.exec(output)?.[1] ?? '',
    output,
  };
}

import { readFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { describeNotice, type EmergencyNotice, type Notify } from '#engine/ports';

export type Mail = Extract<Notify, { kind: 'mail' }>;

/** The roots of a trust, PEM: its own, and the system's where it has those too. */
export type Roots = (own: readonly string[], withSystem: boolean) => string[];

/**
 * One notice to the organisation's own mail server. Rejects with why it was not taken: a certificate that is not believed, or not of that
 * name, is a reason; nothing is sent in clear then.
 */
export async function sendMail(
  mail: Mail,
  notice: EmergencyNotice,
  { patience, signal, roots }: { readonly patience: number; readonly signal: AbortSignal; readonly roots: Roots },
): Promise<void> {
  const { server, tls = 'offered', login } = mail;
  const socket = new Socket();
  // What goes wrong is told by the transport; an error after that has nobody else to hear it, and would be our end.
  socket.on('error', () => {});
  // The socket is ours to break off: no server may keep us by saying a little now and then.
  const over = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
  const breakOff = () => void socket.destroy();
  over.addEventListener('abort', breakOff, { once: true });
  const transport = createTransport({
    host: server.host,
    port: server.port,
    socket,
    secure: tls === 'direct',
    requireTLS: tls === 'required',
    ignoreTLS: tls === 'off',
    ...(tls === 'off'
      ? {}
      : { tls: { minVersion: 'TLSv1.2', rejectUnauthorized: true, ca: await believed(mail, roots) } }),
    ...(login ? { auth: { user: login.user, pass: login.password.reveal() } } : {}),
    connectionTimeout: patience,
    greetingTimeout: patience,
    socketTimeout: patience,
    dnsTimeout: patience,
    allowInternalNetworkInterfaces: true,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    if (over.aborted) throw new Error('the mail server takes too long');
    await Promise.race([transport.sendMail(message(mail, notice)), aborted(over)]);
  } finally {
    over.removeEventListener('abort', breakOff);
    transport.close();
    socket.destroySoon();
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('the mail server takes too long')), { once: true });
  });
}

/** Read each time: a notice is rare, and who renews a root should not have to start us anew. */
async function believed({ trust = { system: true, files: [] } }: Mail, roots: Roots): Promise<string[]> {
  return roots(await Promise.all(trust.files.map((file) => readFile(file, 'utf8'))), trust.system);
}

function message({ to, from }: Mail, notice: EmergencyNotice): SendMailOptions {
  const { test, number, at, call, location } = notice;
  const lines = [describeNotice(notice), '', `Call ${call}`];
  for (const [element, value] of Object.entries(location?.civic ?? {})) lines.push(`${element}: ${value}`);
  const place = location ? `, ${location.name}` : '';
  return {
    from,
    to,
    subject: `${test ? 'TEST: ' : ''}Emergency call to ${number}${place}`,
    date: new Date(at),
    // Of one call the same, however often it is tried: a mailbox shows it once.
    messageId: `<${call}.${test ? 'test' : 'call'}@${from.slice(from.indexOf('@') + 1)}>`,
    priority: 'high',
    text: `${lines.join('\n')}\n`,
  };
}

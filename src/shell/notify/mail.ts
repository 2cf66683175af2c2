import { hostname } from 'node:os';
import { describeNotice, type EmergencyNotice, type Notify } from '#engine/ports';
import { SmtpTalk } from './smtp-talk.ts';

export type Mail = Extract<Notify, { kind: 'mail' }>;

/** One notice by SMTP (RFC 5321) to the organisation's own mail server: in TLS where that offers it. Rejects with why it was not taken. */
export async function sendMail(
  { to, from, server }: Mail,
  notice: EmergencyNotice,
  { patience, signal }: { readonly patience: number; readonly signal: AbortSignal },
): Promise<void> {
  const talk = await SmtpTalk.begin(server, AbortSignal.any([signal, AbortSignal.timeout(patience)]));
  try {
    const name = hostname().replace(/[^\w.-]/g, '-') || 'localhost';
    await talk.hear(220);
    const offers = await talk.ask(`EHLO ${name}`, 250);
    if (/^250[ -]STARTTLS\b/im.test(offers)) {
      await talk.ask('STARTTLS', 220);
      await talk.secure(server.host);
      await talk.ask(`EHLO ${name}`, 250);
    }
    await talk.ask(`MAIL FROM:<${from}>`, 250);
    await talk.ask(`RCPT TO:<${to}>`, 250);
    await talk.ask('DATA', 354);
    await talk.ask(`${message(to, from, notice)}\r\n.`, 250);
    talk.say('QUIT');
  } finally {
    talk.end();
  }
}

/** RFC 5322, in ASCII: the body is base64 of UTF-8, so that no line is too long and none begins with a dot. */
function message(to: string, from: string, notice: EmergencyNotice): string {
  const { test, number, at, call, location } = notice;
  const lines = [describeNotice(notice), '', `Call ${call}`];
  for (const [element, value] of Object.entries(location?.civic ?? {})) lines.push(`${element}: ${value}`);
  const body = Buffer.from(`${lines.join('\r\n')}\r\n`, 'utf8').toString('base64');
  const place = location ? `, ${location.name}` : '';
  const subject = `${test ? 'TEST: ' : ''}Emergency call to ${number}${place}`;
  return [
    `From: <${from}>`,
    `To: <${to}>`,
    `Subject: =?utf-8?B?${Buffer.from(subject.slice(0, 45), 'utf8').toString('base64')}?=`,
    `Date: ${new Date(at).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${call}.${test ? 'test' : 'call'}@${from.slice(from.indexOf('@') + 1)}>`,
    'Importance: high',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    ...(body.match(/.{1,76}/g) ?? []),
  ].join('\r\n');
}

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type PreviewOptions, previewMessage } from './message-preview.ts';

const configuration = `listeners:
  - { name: lan, side: internal, bind: 10.0.0.5 }
  - { name: wan, side: external, bind: 192.0.2.5, advertise: 198.51.100.5 }
trunks:
  - { name: pbx, kind: ip-pbx, addresses: 10.0.0.20 }
  - name: itsp
    kind: itsp
    addresses: 203.0.113.10
    identity: '+4930100'
    credentials: { username: a, password: \${NOT_SET} }
    manipulation:
      - { name: national, direction: out, do: { replace: From.user, matching: '^\\+49', with: '0' } }
      - { name: main, direction: out, do: { set: P-Asserted-Identity, value: '<sip:{account}@{our-host}>' } }
      - { name: inside, direction: out, dialog: inside, do: { add: X-Inside, value: '{caller} {called} {peer-host}' } }
      - { name: again, direction: out, do: { set: P-Asserted-Identity, value: '<sip:x@{our-host}>' } }
      - { name: heard, direction: in, methods: BYE, do: { remove: Subject } }
routes:
  - { name: out, from: pbx, to: itsp }
`;

const message = (ends: string) =>
  [
    'INVITE sip:+4930123@203.0.113.10 SIP/2.0',
    'Via: SIP/2.0/UDP 192.0.2.5;branch=z9hG4bK1',
    'From: <sip:+4989777@192.0.2.5>;tag=1',
    'To: <sip:+4930123@203.0.113.10>',
    'Subject: \x1b[31mred',
    'Call-ID: 1',
    'CSeq: 1 INVITE',
    'Content-Length: 77',
    '',
    '',
  ].join(ends);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'preview-'));
  writeFileSync(join(folder, 'tandem.yaml'), configuration);
  writeFileSync(join(folder, 'invite.txt'), message('\n'), 'latin1');
  writeFileSync(join(folder, 'cut.txt'), message('\r\n'), 'latin1');
  writeFileSync(join(folder, 'empty.txt'), '');
});

async function run(file: string, more: Partial<PreviewOptions> = {}): Promise<string> {
  let out = '';
  const options: PreviewOptions = {
    trunk: 'itsp',
    direction: 'out',
    config: join(folder, 'tandem.yaml'),
    output: 'table',
    ...more,
  };
  const sink = {
    write(text: string) {
      out += text;
    },
  };
  await previewMessage(join(folder, file), options, sink, sink);
  return out;
}

test('before and after, with the rule of each change, and what became of each rule', async () => {
  const out = await run('invite.txt');
  expect(out.split('\n')[0]).toBe('INVITE sip:+4930123@203.0.113.10 SIP/2.0 to itsp: 3 of 5 rules act');
  expect(out).toMatch(/^- From: <sip:\+4989777@192\.0\.2\.5>;tag=1 +# national$/m);
  expect(out).toMatch(/^\+ From: <sip:089777@192\.0\.2\.5>;tag=1 +# national$/m);
  // What a later rule overwrote was never there.
  expect(out).toMatch(/^\+ P-Asserted-Identity: <sip:x@198\.51\.100\.5> +# again$/m);
  expect(out).not.toContain('# main');
  expect(out).toMatch(/^ {2}main +set P-Asserted-Identity to <sip:\+4930100@198\.51\.100\.5>$/m);
  expect(out).toMatch(/^ {2}inside +it is for messages inside dialogs$/m);
  expect(out).toMatch(/^ {2}heard +it is for what comes from the trunk$/m);
  expect(out).not.toContain('\x1b');
});

test('what the message does not tell can be said', async () => {
  const out = await run('invite.txt', { dialog: 'inside', caller: '11', called: '22' });
  expect(out).toMatch(/^\+ X-Inside: 11 22 203\.0\.113\.10 +# inside$/m);
  // In a dialog From is what it was.
  expect(out).not.toContain('# national');
});

test('for programs', async () => {
  const shown = JSON.parse(await run('invite.txt', { output: 'json', direction: 'in' })) as Record<string, unknown>;
  expect(shown).toMatchObject({ trunk: 'itsp', direction: 'in', before: shown.after });
  expect(shown.verdicts).toContainEqual({ rule: 'heard', changed: false, text: 'it is for BYE' });
});

describe('what cannot be shown', () => {
  test.each<[string, Partial<PreviewOptions>, string]>([
    ['cut.txt', {}, 'holds no SIP message: the body is shorter than Content-Length'],
    ['empty.txt', {}, 'It is empty.'],
    ['missing.txt', {}, 'cannot be read'],
    ['invite.txt', { trunk: 'nobody' }, 'there are pbx, itsp'],
    ['invite.txt', { config: '/nowhere.yaml' }, '/nowhere.yaml cannot be used'],
  ])('%s %o: %s', async (file, options, why) => {
    await expect(run(file, options)).rejects.toThrow(why);
  });
});

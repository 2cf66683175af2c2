import { createSocket } from 'node:dgram';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FarEnd } from '../support/far-end.ts';
import { freePort, type Party, type Program, Programs, sdp, until } from '../support/running-program.ts';
import { browser, buildConsole, complaintsOf, contextOf, expectAccessible, missing, picture } from './browser.ts';
import { consoleFile } from './fake-api.ts';

/* What an administrator does in a day, in a browser, against a running program with calls in it. */
const password = 'correct horse battery 9';

const text = (ports: Readonly<Record<'pbx' | 'london' | 'itsp' | 'dead' | 'web', number>>) => `
listeners:
  - { name: sip, side: both, bind: "\${TANDEM_SIP}" }
  - { name: web, side: external, bind: "127.0.0.1:\${TANDEM_TLS}", transports: tls, tls: { certificate: cert.pem, key: key.pem } }
sites:
  - { name: berlin, country: DE, subnets: 192.0.2.0/24, capacity: { calls: 20 } }
  - { name: london, country: GB, subnets: 198.51.100.0/24 }
trunks:
  - { name: pbx, kind: ip-pbx, site: berlin, addresses: "127.0.0.1:${ports.pbx}", health: off }
  - { name: pbx-london, kind: ip-pbx, site: london, addresses: "127.0.0.1:${ports.london}", health: off }
  - { name: itsp, kind: itsp, site: berlin, addresses: "127.0.0.1:${ports.itsp}", health: { interval: 1s }, capacity: { calls: 30 } }
  - { name: dead, kind: itsp, site: london, addresses: "127.0.0.1:${ports.dead}", health: { interval: 1s } }
routes:
  - { name: nowhere, called: { prefix: "+39" }, to: dead }
  - { name: out, from: [pbx, pbx-london], called: { prefix: "+" }, to: itsp }
tests:
  - { name: paris, from: pbx, to: "+3312345", expect: { route: out, trunks: itsp } }
media: { address: 127.0.0.1, ports: 21000-21999 }
management: { listen: "127.0.0.1:${ports.web}" }
records: { path: "\${TANDEM_DATA}" }
`;

describe.skipIf(missing !== undefined)('a day of an administrator', { timeout: 60_000 }, () => {
  let chromium: Browser;
  let programs: Programs | undefined;
  let program: Program;
  let provider: FarEnd | undefined;
  let phones: Readonly<Record<'pbx' | 'london', Party>>;
  let context: BrowserContext | undefined;
  let page: Page;
  let complaints: string[];
  let origin: string;
  let calls = 0;

  beforeAll(async () => {
    buildConsole();
    chromium = await browser();
  }, 60_000);
  /** One program for all: what a test leaves, the next one finds. */
  async function begin(): Promise<void> {
    programs = new Programs();
    provider = await FarEnd.start({ host: '127.0.0.1', port: await freePort() });
    phones = { pbx: await programs.party(), london: await programs.party() };
    const { pem, key } = await named();
    writeFileSync(join(programs.directory, 'cert.pem'), pem);
    writeFileSync(join(programs.directory, 'key.pem'), key);
    const web = await freePort();
    origin = `http://127.0.0.1:${web}`;
    const [pbx, london] = [phones.pbx.port, phones.london.port];
    writeFileSync(programs.file, text({ pbx, london, itsp: provider.address.port, dead: await freePort(), web }));
    program = await programs.start({ TANDEM_TLS: `${await freePort()}` });
    await until(() => program.text.includes('/invitation#'));
    context = await signedIn('ada', /\/invitation#(\S+)/.exec(program.text)![1]!);
  }
  afterAll(async () => {
    await chromium?.close();
    provider?.close();
    await programs?.end();
  });
  beforeEach(async () => {
    if (!context) await begin();
    page = await context!.newPage();
    page.setDefaultTimeout(10_000);
    complaints = complaintsOf(page);
  }, 30_000);
  afterEach(async () => {
    await page?.close();
    await api('DELETE', '/configuration/draft');
    expect(complaints).toEqual([]);
  });

  /** A certificate that ends in five days. */
  async function named(): Promise<{ readonly pem: string; readonly key: string }> {
    // Its keys are of Node, and those of a browser, whose types are here as well, are others.
    const support: string = '../support/certificates.ts';
    const { selfSigned } = await import(support);
    const { certificate, key } = await selfSigned({ name: 'sbc.example.com', dns: ['sbc.example.com'], to: 5 });
    return { pem: certificate, key };
  }

  /** Somebody in a browser of his own. */
  async function signedIn(name: string, token: string): Promise<BrowserContext> {
    const made = await chromium.newContext(contextOf({}));
    // The files of the sources as they are; all else is the program's.
    await made.route(
      (url) => !url.pathname.startsWith('/api/'),
      (route) => route.fulfill(consoleFile(new URL(route.request().url()).pathname)),
    );
    const data = { token, name, password };
    const answer = await made.request.post(`${origin}/api/v1/invitation`, { data, headers: { origin } });
    expect(answer.status(), await answer.text()).toBe(200);
    return made;
  }

  const go = (path: string, on = page) => on.goto(`${origin}${path}`);
  const press = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' }).click();
  const says = (what: string | RegExp) => page.getByText(what).first().waitFor();
  const api = async (method: string, path: string, data?: object) => {
    const answer = await context!.request.fetch(`${origin}/api/v1${path}`, { method, data, headers: { origin } });
    return answer.status() === 204 ? undefined : answer.json();
  };
  const recorded = async (): Promise<number> => (await api('GET', '/records?limit=1000')).items.length;

  /** Somebody at a PBX dials; resolves when it is answered, or refused, with what hangs it up. */
  async function dial(called: string, from: 'pbx' | 'london' = 'pbx'): Promise<() => void> {
    const phone = phones[from];
    const id = `call-${++calls}`;
    const { port } = program;
    const send = (method: string, number: number, to: string, body = '') =>
      phone.send(
        port,
        [
          `${method} sip:${called}@127.0.0.1:${port} SIP/2.0`,
          `Via: SIP/2.0/UDP 127.0.0.1:${phone.port};branch=z9hG4bK${id}${method}`,
          'Max-Forwards: 70',
          `From: <sip:+493010${from === 'pbx' ? 1 : 2}@127.0.0.1>;tag=${id}`,
          `To: ${to}`,
          `Call-ID: ${id}`,
          `CSeq: ${number} ${method}`,
          `Contact: <sip:127.0.0.1:${phone.port}>`,
          ...(body === '' ? [] : ['Content-Type: application/sdp']),
          `Content-Length: ${body.length}`,
          '',
          body,
        ].join('\r\n'),
      );
    send('INVITE', 1, `<sip:${called}@127.0.0.1>`, sdp);
    const final = () => phone.got.find((one) => /^SIP\/2\.0 [2-6]/.test(one) && one.includes(`Call-ID: ${id}\r\n`));
    await until(final);
    const to = /^To: (.*)$/m.exec(final()!)![1]!.trim();
    send('ACK', 1, to);
    return () => send('BYE', 2, to);
  }

  test('a call while it stands: on its page with its messages and decisions, ended there', async () => {
    await dial('+3312345');
    await go('/calls');
    await page.getByRole('link', { name: '+4930101' }).click();
    await page.getByRole('heading', { name: '+4930101 → +3312345' }).waitFor();
    await says('Stands');
    await page.getByRole('cell', { name: 'no: +3312345 does not begin with +39' }).waitFor();
    // A message is one click away, and its session description stands beside that of the other leg.
    await page
      .getByRole('button', { name: /INVITE SDP/ })
      .first()
      .click();
    await page.getByRole('tab', { name: 'SDP' }).click();
    await expect.poll(() => page.getByText(/^m=audio/).count(), { timeout: 5_000 }).toBeGreaterThanOrEqual(2);
    await picture(page, 'flow-call');
    await expectAccessible(page);
    // Both legs fit on a telephone.
    const size = page.viewportSize()!;
    await page.setViewportSize({ width: 360, height: 740 });
    await expect
      .poll(() => page.locator('.ladder').evaluate((one) => one.scrollWidth - one.clientWidth), { timeout: 5_000 })
      .toBeLessThanOrEqual(0);
    await page.setViewportSize(size);
    await press('End call');
    await page.getByRole('dialog').getByRole('button', { name: 'End call' }).click();
    await says(/Ended: Somebody who runs the program ended it/);
    await phones.pbx.hears('BYE');
    await page.getByRole('cell', { name: 'ended by ada' }).waitFor();
  });

  test('what is wrong now: in a sentence, and the way to where it can be mended', async () => {
    await go('/');
    await says(/^Trunk dead is down: not reached, nothing listens there/);
    await says(/^The certificate of listener web \(TLS\) expires in [45] days/);
    await page
      .getByRole('listitem')
      .filter({ hasText: 'expires in' })
      .getByRole('link', { name: 'Certificates' })
      .click();
    const row = page.getByRole('row', { name: /sbc\.example\.com/ });
    await row.getByText(/^[45] days$/).waitFor();
    await row.getByText('cert.pem, key.pem').waitFor();
    await expectAccessible(page);
    await page.goBack();
    await page.getByRole('link', { name: 'Trunk dead' }).click();
    await page.getByRole('heading', { name: 'dead', level: 1 }).waitFor();
    await page.getByRole('link', { name: 'Settings' }).click();
    expect(await page.getByLabel('addresses').first().inputValue()).toContain('127.0.0.1:');
  });

  test('a test of a trunk, to a call in which the tone is heard', async () => {
    await go('/trunks');
    await press('Test itsp');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Number').fill('+3312399');
    await dialog.getByRole('button', { name: 'Begin' }).click();
    await dialog.getByRole('button', { name: 'Again' }).waitFor({ timeout: 40_000 });
    await dialog.getByText(/heard/).first().waitFor();
    await expectAccessible(page);
    await picture(page, 'flow-trunk-test');
  });

  test('records: by cause and by number, and taken away', async () => {
    for (const called of ['+331404', '+331486', '+3912']) await dial(called);
    for (let n = 0; n < 3; n++) (await dial(`+33155500${n}`))();
    await until(async () => (await recorded()) >= 6);
    await go('/records?reason=rejected');
    await page.getByRole('cell', { name: 'refused 404' }).waitFor();
    expect(await page.getByRole('row').filter({ hasText: '+33' }).count()).toBe(1);
    await press('Clear');
    await page.getByLabel('Number').fill('+331555*');
    await says('the other filters narrow the list below');
    await expect.poll(() => page.getByRole('row').filter({ hasText: '+331555' }).count(), { timeout: 5_000 }).toBe(3);
    // Nothing is behind these: there is no way on or back.
    expect(await page.getByRole('button', { name: 'Older' }).count()).toBe(0);
    const [download] = await Promise.all([page.waitForEvent('download'), press('CSV')]);
    const lines = readFileSync(await download.path(), 'utf8')
      .trim()
      .split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toContain('caller');
    expect(lines[1]).toContain('+331555002');
  });

  test('planning by the calls that were', async () => {
    await go('/planning');
    await page.getByText('By records', { exact: true }).click();
    await page.getByRole('heading', { name: 'itsp' }).waitFor();
    await expectAccessible(page);
    await picture(page, 'flow-planning');
  });

  test('who scans is kept out, and let in again', async () => {
    const socket = createSocket('udp4');
    await new Promise<void>((bound) => socket.bind(0, '127.0.0.9', bound));
    const request = `OPTIONS sip:100@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.9:${socket.address().port};branch=z9hG4bKscan\r\nFrom: "sipvicious" <sip:100@1.1.1.1>;tag=1\r\nTo: <sip:100@1.1.1.1>\r\nCall-ID: scan\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nUser-Agent: friendly-scanner\r\nContent-Length: 0\r\n\r\n`;
    socket.send(request, program.port, '127.0.0.1');
    await go('/bans');
    const row = page.getByRole('row', { name: /127\.0\.0\.9/ });
    await row.waitFor();
    await row.getByText('scanner').waitFor();
    await expectAccessible(page);
    await row.getByRole('button').click();
    await says('Nobody is kept out');
    socket.close();
  });

  test('two write the whole text at once: who comes second sees what the first did, and loses nothing', async () => {
    await go('/configuration');
    const editor = page.getByRole('textbox', { name: 'Text of the configuration' });
    const before = readFileSync(programs!.file, 'utf8');
    await editor.fill(before.replace('calls: 30', 'calls: 40'));
    await press('Keep as draft');
    await says('One change is not committed yet.');
    const bob = await signedIn(
      'bob',
      (await api('POST', '/accounts', { name: 'bob', role: 'administrator' })).invitation.token,
    );
    const his = async (method: string, path: string, data: object) => {
      const answer = await bob.request.fetch(`${origin}/api/v1${path}`, { method, data, headers: { origin } });
      expect(answer.status(), await answer.text()).toBe(200);
    };
    await his('PUT', '/configuration/draft', { text: before.replace('calls: 20', 'calls: 21') });
    await his('POST', '/configuration/commit', { reason: 'one more in Berlin' });
    await bob.close();
    await page.reload();
    await says('The file was changed since you began');
    await says('one more in Berlin');
    await expectAccessible(page);
    await picture(page, 'flow-conflict');
    expect(readFileSync(programs!.file, 'utf8')).toContain('calls: 21');
    expect(await editor.inputValue()).toContain('calls: 40');
  });

  test('a token may what its role may, and is shown once', async () => {
    await go('/access');
    await page.getByRole('tab', { name: 'API tokens' }).click();
    await press('Make a token');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('grafana');
    await dialog.getByRole('button', { name: 'Make a token' }).click();
    const secret = await dialog.getByText(/^tdm_/).innerText();
    await page.keyboard.press('Escape');
    await page.getByRole('row', { name: /grafana ada Viewer/ }).waitFor();
    expect(await page.content()).not.toContain(secret);
    const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
    expect((await fetch(`${origin}/api/v1/trunks`, { headers })).status).toBe(200);
    const changes = await fetch(`${origin}/api/v1/configuration/draft`, {
      method: 'PUT',
      headers,
      body: JSON.stringify({ text: 'x' }),
    });
    expect(changes.status).toBe(403);
    await press('Revoke grafana');
    await expectAccessible(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('row', { name: /grafana/ }).waitFor({ state: 'detached' });
    expect((await fetch(`${origin}/api/v1/trunks`, { headers })).status).toBe(401);
  });

  test('who has one site sees that alone, and changes nothing; a session that is ended elsewhere is over', async () => {
    const london = await dial('+33177', 'london');
    const berlin = await dial('+33188');
    const { invitation } = await api('POST', '/accounts', { name: 'liz', role: 'viewer', sites: ['london'] });
    const hers = await signedIn('liz', invitation.token);
    const view = await hers.newPage();
    view.setDefaultTimeout(10_000);
    const complained = complaintsOf(view);
    await go('/calls', view);
    await view.getByText('+33177').waitFor();
    expect(await view.getByText('+33188').count()).toBe(0);
    await go('/trunks', view);
    await view.getByRole('link', { name: 'pbx-london' }).waitFor();
    expect(await view.getByRole('link', { name: 'pbx', exact: true }).count()).toBe(0);
    expect(await view.getByRole('button', { name: /^Test/ }).count()).toBe(0);
    await go('/', view);
    await view.getByText(/Trunk dead is down/).waitFor();
    expect(await view.getByText(/certificate/).count()).toBe(0);
    // What is of the whole house is not in the menu, and says so where somebody goes there all the same.
    expect(await view.getByRole('navigation').getByRole('link').allInnerTexts()).toEqual([
      'Now',
      'Calls',
      'Trunks',
      'Map',
      'Records',
      'My account',
    ]);
    await go('/bans', view);
    await view.getByRole('alert').getByText('Not for you').waitFor();
    for (const path of ['/records', '/map', '/planning', '/routing', '/certificates']) {
      await go(path, view);
      await view.getByRole('heading', { level: 1 }).or(view.getByRole('alert')).first().waitFor();
      await view.getByRole('status', { name: 'Loading…' }).first().waitFor({ state: 'detached' });
      await picture(view, `flow-viewer${path.replace('/', '-')}`);
      expect(await view.getByText(/\bberlin\b|\+33188/).count(), path).toBe(0);
    }
    london();
    berlin();

    await go('/access');
    await page.getByRole('tab', { name: 'Sessions' }).click();
    await page.getByRole('row', { name: /liz/ }).getByRole('button').click();
    await page.getByRole('row', { name: /liz/ }).waitFor({ state: 'detached' });
    await go('/trunks', view);
    await view.getByLabel('Name').waitFor();
    expect(complained).toEqual([]);
    await hers.close();
  });

  test('a trunk from a profile to a test call that is heard', async () => {
    const carrier = await FarEnd.start({ host: '127.0.0.1', port: await freePort() });
    await go('/new-trunk');
    await page.getByRole('radio', { name: 'None of these' }).check();
    await press('Next');
    await page.getByLabel('Name', { exact: false }).first().fill('carrier');
    await page.getByLabel('Addresses').fill(`127.0.0.1:${carrier.address.port}`);
    await press('Next');
    await page.getByRole('checkbox', { name: 'We register at it' }).waitFor();
    await press('Next');
    await page.getByLabel('Joins').selectOption('pbx');
    await page.getByLabel('Numbers that go to it').fill('+81');
    await press('Next');
    await page.getByRole('cell', { name: 'trunks › carrier', exact: true }).waitFor();
    await press('Commit…');
    await page.getByRole('dialog').getByLabel('Reason').fill('a carrier');
    await page.getByRole('dialog').getByRole('button', { name: 'Commit…' }).click();
    await page.getByText(/^up: /).first().waitFor({ timeout: 20_000 });
    await press('Next');
    await page.getByLabel('Number').fill('+8112345');
    await press('Test it');
    await page.getByRole('link', { name: 'Look at carrier' }).waitFor({ timeout: 40_000 });
    await page.getByText(/heard/).first().waitFor();
    await picture(page, 'flow-wizard');
    expect(carrier.called).toContain('+8112345');
    carrier.close();
  });
});

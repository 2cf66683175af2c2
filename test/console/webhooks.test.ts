import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { freePort, type Program, Programs, until } from '../support/running-program.ts';
import {
  browser,
  buildConsole,
  complaintsOf,
  contextOf,
  expectAccessible,
  type Look,
  missing,
  phone,
  picture,
} from './browser.ts';
import { consoleFile } from './fake-api.ts';

/* Webhooks in a browser, against a running program and a receiver that takes what it likes. */
describe.skipIf(missing !== undefined)('webhooks, in a browser', { timeout: 90_000 }, () => {
  let chromium: Browser;
  let programs: Programs | undefined;
  let program: Program;
  let receiver: Server | undefined;
  let status = 204;
  const heard: { readonly type: string }[] = [];
  let origin: string;
  let signedIn: BrowserContext | undefined;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    buildConsole();
    chromium = await browser();
  }, 60_000);
  /** One program for all: what a test makes, the next one finds. */
  async function begin(): Promise<void> {
    receiver = createServer(async (request, response) => {
      let text = '';
      for await (const part of request.setEncoding('utf8')) text += part;
      heard.push(JSON.parse(text) as { type: string });
      response.writeHead(status).end(status === 204 ? undefined : 'no room at the inn');
    }).listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    programs = new Programs();
    const web = await freePort();
    appendFileSync(programs.file, `management: { listen: "127.0.0.1:${web}" }\n`);
    program = await programs.start();
    await until(() => program.text.includes('/invitation#'));
    origin = `http://127.0.0.1:${web}`;
    signedIn = await chromium.newContext(contextOf({}));
    const token = /\/invitation#(\S+)/.exec(program.text)![1];
    const data = { token, name: 'ada', password: 'correct horse battery 9' };
    const made = await signedIn.request.post(`${origin}/api/v1/invitation`, { data, headers: { origin } });
    expect(made.status()).toBe(200);
  }
  afterAll(async () => {
    await chromium?.close();
    receiver?.closeAllConnections();
    receiver?.close();
    await programs?.end();
  });

  /** A page of who is signed in, looked at in some way. */
  async function look(how: Look): Promise<Page> {
    const context = await chromium.newContext({ ...contextOf(how), storageState: await signedIn!.storageState() });
    // The files of the sources as they are; all else is the program's.
    await context.route(
      (url) => !url.pathname.startsWith('/api/'),
      (route) => route.fulfill(consoleFile(new URL(route.request().url()).pathname)),
    );
    const made = await context.newPage();
    made.setDefaultTimeout(10_000);
    complaints = complaintsOf(made);
    return made;
  }
  beforeEach(async () => {
    if (!signedIn) await begin();
    page = await look({});
  }, 30_000);
  afterEach(async () => {
    await page?.context().close();
    expect(complaints).toEqual([]);
  });

  const press = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' }).click();
  const says = (what: string | RegExp) => page.getByText(what).first().waitFor();
  const url = () => `http://127.0.0.1:${(receiver!.address() as AddressInfo).port}/in`;

  test('one is made, its secret is told once, and a test arrives', async () => {
    await page.goto(`${origin}/webhooks`);
    await says('Nobody is told yet');
    await expectAccessible(page);
    await press('New webhook');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('chat');
    await dialog.getByLabel('URL').fill('http://hooks.example.com/');
    await dialog.getByLabel('All of Trunks').check();
    await dialog.getByLabel('Another configuration holds').check();
    await picture(page, 'webhook-form');
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'New webhook' }).click();
    await dialog.getByText('Only to this machine itself may it go in clear').waitFor();
    await dialog.getByLabel('URL').fill(url());
    await dialog.getByRole('button', { name: 'New webhook' }).click();
    await says(/^whsec_/);
    await picture(page, 'webhook-secret');
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await page.getByText(/^whsec_/).waitFor({ state: 'detached' });

    await page.getByRole('link', { name: 'chat' }).click();
    await says('nothing sent yet');
    await press('Send a test');
    await says(/Taken with 204 in \d+ ms/);
    expect(heard).toMatchObject([{ type: 'webhook.test' }]);
    await page.getByRole('cell', { name: 'webhook.test', exact: true }).waitFor();
  });

  test('what is not taken is said, looked at, and sent again', async () => {
    await page.goto(`${origin}/webhooks`);
    await page.getByRole('link', { name: 'chat' }).click();
    status = 507;
    await press('Send a test');
    await says('Not taken: it answers 507');
    await picture(page, 'webhook');
    await expectAccessible(page);
    await page
      .getByRole('button', { name: /^Look at webhook\.test/ })
      .first()
      .click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('no room at the inn').waitFor();
    await dialog.getByText('"by": "ada"').waitFor();
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Close' }).click();
    status = 204;
    const before = heard.length;
    await page
      .getByRole('button', { name: /^Send again: webhook\.test/ })
      .first()
      .click();
    await until(() => heard.length === before + 1);
    await page.getByText('given up').waitFor({ state: 'detached' });
  });

  test('one is changed, disabled, and removed', async () => {
    await page.goto(`${origin}/webhooks`);
    await page.getByRole('link', { name: 'chat' }).click();
    await press('Change');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('ops');
    await dialog.getByRole('combobox', { name: 'Trunks' }).fill('its');
    await page.getByRole('option', { name: 'itsp' }).click();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'ops' }).waitFor();
    await page.locator('dd', { hasText: /^itsp$/ }).waitFor();
    await press('New secret');
    await page.getByRole('dialog').getByRole('button', { name: 'New secret' }).click();
    await says(/^whsec_/);
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await says('The old secret holds until');
    await press('Disable');
    await press('Enable');
    await press('Disable');
    await page.getByRole('button', { name: 'Enable' }).waitFor();
    expect(await page.getByRole('button', { name: /^Send again/ }).count()).toBe(0);
    await press('Remove');
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await says('Nobody is told yet');
  });

  test.each<[string, Look]>([
    ['on a telephone', { size: { ...phone, width: 360 } }],
    ['in the dark', { scheme: 'dark' }],
    ['in Chinese', { language: 'zh-TW' }],
  ])('%s they are read as well', async (name, how) => {
    const data = { name: 'n', url: url(), events: ['trunk.down', 'call.ended'] };
    const made = await signedIn!.request.post(`${origin}/api/v1/webhooks`, { data, headers: { origin } });
    const { webhook } = (await made.json()) as { webhook: { id: string } };
    await signedIn!.request.post(`${origin}/api/v1/webhooks/${webhook.id}/test`, { headers: { origin } });
    await page.context().close();
    page = await look(how);
    for (const path of ['/webhooks', `/webhooks/${webhook.id}`]) {
      await page.goto(`${origin}${path}`);
      await page.getByRole('table').waitFor();
      await picture(page, `webhook${path === '/webhooks' ? 's' : ''}-${name.split(' ').at(-1)}`);
      await expectAccessible(page);
      const wide = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(wide).toBe(0);
    }
    const headers = { origin, 'if-match': '*' };
    await signedIn!.request.delete(`${origin}/api/v1/webhooks/${webhook.id}`, { headers });
  });
});

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answers } from './answers.ts';
import { browser, buildConsole, complaintsOf, contextOf, expectAccessible, missing, phone } from './browser.ts';
import { fakeApi, origin } from './fake-api.ts';

/* Certificates: looked at, doubted, put in place, on a telephone. */
describe.skipIf(missing !== undefined)('certificates, in a browser', { timeout: 60_000 }, () => {
  let chromium: Browser;
  beforeAll(async () => {
    buildConsole();
    chromium = await browser();
  }, 90_000);
  afterAll(() => chromium?.close());

  test('one is looked at first, and put in place only when its doubt is said to be meant', async () => {
    const context = await chromium.newContext(contextOf({ size: phone }));
    const bodies: unknown[] = [];
    const put = (_url: URL, body: unknown) => {
      bodies.push(body);
      return {};
    };
    await fakeApi(context, { ...answers, 'PUT /certificates/:certificate': put });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    const complaints = complaintsOf(page);
    await page.goto(`${origin}/certificates`);
    await page.getByRole('button', { name: 'sbc.example.com', exact: true }).click();
    await page.getByRole('dialog').getByText('Go back to the one before').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Close' }).click();

    await page.getByRole('button', { name: /^Replace sbc\.example\.com/ }).click();
    const dialog = page.getByRole('dialog');
    const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----';
    await dialog.getByRole('textbox', { name: 'Certificate and chain' }).fill(pem);
    await dialog.getByRole('button', { name: 'Look at it' }).click();
    const act = dialog.getByRole('button', { name: 'Put it in place' });
    await act.waitFor();
    expect(await act.isDisabled()).toBe(true);
    await expectAccessible(page);
    await dialog.getByLabel('It is meant so').check();
    await act.click();
    await page.getByText('It is in place: new handshakes show it.').waitFor();
    expect(bodies).toEqual([{ pem, accept: ['chain-incomplete'] }]);

    await page.getByRole('button', { name: 'Make a request' }).click();
    await page.getByRole('dialog').getByText('Host names and addresses').waitFor();
    await expectAccessible(page);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { answers } from './answers.ts';
import {
  browser,
  buildConsole,
  complaintsOf,
  contextOf,
  expectAccessible,
  type Look,
  missing,
  phone,
} from './browser.ts';
import { type Answers, fakeApi, origin } from './fake-api.ts';

/* Copies of what is said, on the page of a call. */
describe.skipIf(missing !== undefined)('copies of what is said, in a browser', { timeout: 60_000 }, () => {
  let chromium: Browser;
  let complaints: string[] = [];
  beforeAll(async () => {
    buildConsole();
    chromium = await browser();
  }, 90_000);
  afterAll(() => chromium?.close());
  afterEach(() => expect(complaints.filter((one) => !/40[34]/.test(one))).toEqual([]));

  async function look(path: string, more: Answers, how: Look = {}): Promise<{ page: Page; asked: string[] }> {
    const context = await chromium.newContext(contextOf(how));
    const asked: string[] = [];
    await fakeApi(context, { ...answers, ...more }, asked);
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    complaints = complaintsOf(page);
    await page.goto(`${origin}${path}`);
    return { page, asked };
  }

  test.each<[string, Look]>([
    ['wide', {}],
    ['dark, on a telephone', { size: phone, scheme: 'dark' }],
  ])('one is asked for with a reason, after a warning (%s)', async (_name, how) => {
    const bodies: unknown[] = [];
    const { page } = await look(
      '/calls/c1',
      {
        'POST /calls/:call/media-capture': (_url: URL, body: unknown) => {
          bodies.push(body);
          return { at: new Date().toISOString() };
        },
      },
      how,
    );
    await page.getByRole('button', { name: 'Copy what is said…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('decrypted').waitFor();
    const begin = dialog.getByRole('button', { name: 'Copy what is said…' });
    expect(await begin.isDisabled()).toBe(true);
    await dialog.getByLabel('Why').fill('echo, ticket 4711');
    await dialog.getByLabel('For at most so many seconds').fill('600');
    await dialog.getByText('From 1 to 60.').waitFor();
    expect(await begin.isDisabled()).toBe(true);
    await dialog.getByLabel('For at most so many seconds').fill('20');
    await expectAccessible(page);
    await begin.click();
    await page.getByText('It is being copied.').waitFor();
    expect(bodies).toEqual([{ reason: 'echo, ticket 4711', seconds: 20, keys: false }]);
  });

  test('who sees the call sees that it is copied, for whom and why; who may not copy has nothing to press', async () => {
    const none = { 'GET /media-captures/rights': { allowed: false, why: 'Media may be copied for administrators.' } };
    const { page, asked } = await look('/calls/c2', none);
    await page.getByText('For ann: echo, ticket 4711').waitFor();
    expect(await page.getByRole('link', { name: 'Download for Wireshark' }).count()).toBe(0);
    await expectAccessible(page);
    await page.goto(`${origin}/calls/c1`);
    await page.getByRole('button', { name: 'End call' }).waitFor();
    expect(await page.getByRole('button', { name: 'Copy what is said…' }).count()).toBe(0);
    await page.goto(`${origin}/copies`);
    await page.getByText('Media may be copied for administrators.').waitFor();
    // What would be refused is not asked for.
    expect(asked).toContain('GET /media-captures/rights');
    expect(asked).not.toContain('GET /media-captures');
  });

  test('the next call of a trunk or a number is waited for, within limits, and no longer', async () => {
    const bodies: unknown[] = [];
    const { page, asked } = await look('/trunks/carrier-b', {
      'POST /media-captures/armed': (_url: URL, body: unknown) => {
        bodies.push(body);
        return { until: new Date().toISOString() };
      },
      'DELETE /media-captures/armed/:id': null,
    });
    await page.getByRole('link', { name: 'Copy the next call…' }).click();
    const dialog = page.getByRole('dialog');
    const wait = dialog.getByRole('button', { name: 'Wait for the call' });
    await dialog.getByLabel('Why').fill('noise, ticket 4712');
    await dialog.getByLabel('Trunk').selectOption('');
    await dialog.getByText('A trunk or a number is needed').waitFor();
    expect(await wait.isDisabled()).toBe(true);
    await dialog.getByLabel('Trunk').selectOption('carrier-b');
    await dialog.getByLabel('Number', { exact: true }).fill('+49 301');
    await dialog.getByText('Digits and letters').waitFor();
    await dialog.getByLabel('Number', { exact: true }).fill('+49301*');
    await dialog.getByLabel('Of at most so many megabytes').fill('2');
    await expectAccessible(page);
    await wait.click();
    await page.getByText('It waits for the call until').waitFor();
    const order = { reason: 'noise, ticket 4712', seconds: 60, size: 2_000_000, keys: false };
    expect(bodies).toEqual([{ ...order, trunk: 'carrier-b', number: '+49301*', minutes: 60 }]);
    await page.getByRole('button', { name: 'Wait no longer: carrier-b · +49301*' }).click();
    await expect.poll(() => asked).toContain('DELETE /media-captures/armed/a1');
    await expectAccessible(page);
  });

  test('one that is on the disk is downloaded, and deleted', async () => {
    const { page, asked } = await look('/calls/c2', { 'DELETE /media-captures/:name': null }, { language: 'zh-TW' });
    const link = page.getByRole('link', { name: '下載（Wireshark）' });
    expect(await link.getAttribute('href')).toBe('/api/v1/media-captures/c2-1/capture.pcapng');
    await page.getByRole('button', { name: '刪除' }).click();
    expect(asked.some((one) => one.startsWith('DELETE'))).toBe(false);
    await page.getByRole('dialog').getByRole('button', { name: '刪除' }).click();
    await page.getByText('複本已刪除。').waitFor();
    expect(asked).toContain('DELETE /media-captures/c2-1');
  });
});

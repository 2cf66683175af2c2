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
import { type Answers, fakeApi, origin, refused } from './fake-api.ts';

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
    const { page } = await look('/calls/c2', {
      'GET /media-captures': refused(403, 'Media may be copied for administrators.'),
    });
    await page.getByText('For ann: echo, ticket 4711').waitFor();
    expect(await page.getByRole('link', { name: 'Download for Wireshark' }).count()).toBe(0);
    await expectAccessible(page);
    const { page: live } = await look('/calls/c1', { 'GET /media-captures': refused(403, 'no') });
    await live.getByRole('button', { name: 'End call' }).waitFor();
    expect(await live.getByRole('button', { name: 'Copy what is said…' }).count()).toBe(0);
  });

  test('one that is on the disk is downloaded, and deleted', async () => {
    const { page, asked } = await look('/calls/c2', { 'DELETE /media-captures/:name': null }, { language: 'zh-TW' });
    const link = page.getByRole('link', { name: '下載（Wireshark）' });
    expect(await link.getAttribute('href')).toBe('/api/v1/media-captures/c2-1/capture.pcapng');
    await page.getByRole('button', { name: '刪除' }).click();
    await page.getByText('複本已刪除。').waitFor();
    expect(asked).toContain('DELETE /media-captures/c2-1');
  });
});

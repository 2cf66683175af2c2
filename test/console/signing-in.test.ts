import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { administrator, answers } from './answers.ts';
import { browser, buildConsole, complaintsOf, contextOf, expectAccessible, missing } from './browser.ts';
import { type Answers, fakeApi, origin, refused } from './fake-api.ts';

/* The front door. */
describe.skipIf(missing !== undefined)('signing in, in a browser', { timeout: 60_000 }, () => {
  let chromium: Browser;
  beforeAll(async () => {
    buildConsole();
    chromium = await browser();
  }, 60_000);
  afterAll(() => chromium?.close());

  async function on(path: string, use: (page: Page) => Promise<void>, { more }: { more: Answers }): Promise<void> {
    const context = await chromium.newContext(contextOf({}));
    try {
      await fakeApi(context, { ...answers, ...more }, []);
      const page = await context.newPage();
      page.setDefaultTimeout(10_000);
      const complaints = complaintsOf(page);
      await page.goto(`${origin}${path}`);
      await use(page);
      expect(complaints).toEqual([]);
    } finally {
      await context.close();
    }
  }

  test('asks for the one-time password of who has one, and goes on where he was', async () => {
    let isIn = false;
    const bodies: unknown[] = [];
    await on(
      '/trunks',
      async (page) => {
        await page.getByLabel('Name').fill('anna');
        await page.locator('input[type=password]').fill('a long sentence');
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.getByLabel('One-time password').fill('123456');
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.getByRole('heading', { name: 'Trunks', level: 1 }).waitFor();
      },
      {
        more: {
          'GET /me': () => (isIn ? administrator : refused(401, 'Sign in.')),
          'POST /session': (_url: URL, body: unknown) => {
            bodies.push(body);
            if ((body as { code?: string }).code === undefined)
              return refused(401, 'A one-time password is asked for.', [{ place: 'code', detail: 'is missing' }]);
            isIn = true;
            return administrator;
          },
        },
      },
    );
    expect(bodies).toEqual([
      { name: 'anna', password: 'a long sentence' },
      { name: 'anna', password: 'a long sentence', code: '123456' },
    ]);
  });

  test('the first administrator chooses his name and password', async () => {
    const bodies: unknown[] = [];
    await on(
      '/invitation#secret',
      async (page) => {
        await page.getByLabel('Name').fill('anna');
        await page.getByLabel('Password', { exact: true }).fill('a long sentence');
        await page.getByLabel('Password, once more').fill('another');
        await page.getByText('It is not the same.').waitFor();
        await expectAccessible(page);
        await page.getByLabel('Password, once more').fill('a long sentence');
        await page.getByRole('button', { name: 'Begin' }).click();
        await page.getByText('3 things are wrong now').waitFor();
        expect(page.url()).toBe(`${origin}/`);
      },
      {
        more: {
          'POST /invitation/look': { role: 'administrator' },
          'POST /invitation': (_url: URL, body: unknown) => {
            bodies.push(body);
            return administrator;
          },
        },
      },
    );
    expect(bodies).toEqual([{ token: 'secret', name: 'anna', password: 'a long sentence' }]);
  });

  test('who takes a link for another password is asked for the code of his telephone', async () => {
    const bodies: unknown[] = [];
    await on(
      '/invitation#secret',
      async (page) => {
        await page.getByLabel('Password', { exact: true }).fill('a long sentence');
        await page.getByLabel('Password, once more').fill('a long sentence');
        await page.getByRole('button', { name: 'Begin' }).click();
        await page.getByRole('button', { name: 'I do not have my telephone' }).click();
        await page.getByLabel('Recovery code').fill('3v7k-0qzm-x2ta-9dpf');
        await page.getByRole('button', { name: 'Begin' }).click();
        await page.getByText('3 things are wrong now').waitFor();
      },
      {
        more: {
          'POST /invitation/look': { name: 'anna', role: 'administrator' },
          'POST /invitation': (_url: URL, body: unknown) => {
            bodies.push(body);
            if (bodies.length === 2) return administrator;
            return refused(401, 'Give the code.', [{ place: 'code', detail: 'is missing' }]);
          },
        },
      },
    );
    const first = { token: 'secret', password: 'a long sentence' };
    expect(bodies).toEqual([first, { ...first, code: '3v7k-0qzm-x2ta-9dpf' }]);
  });
});

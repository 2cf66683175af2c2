/* `node --conditions=source test/console/pictures.ts`: the pictures of the documents, of the console as it is, with made-up answers. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { answers } from './answers.ts';
import { browser, buildConsole, contextOf } from './browser.ts';
import { fakeApi, origin } from './fake-api.ts';

const folder = join(import.meta.dirname, '../../docs/pictures');
/** Each page, what stands on it when it is there, and what is done before it is taken. */
const wanted: readonly (readonly [name: string, path: string, says: string, first?: (page: Page) => Promise<void>])[] =
  [
    ['now', '/', '3 things are wrong now'],
    ['trunks', '/trunks', 'carrier-b'],
    [
      'call',
      '/calls/c1',
      '503 Service Unavailable',
      async (page) => {
        await page
          .getByRole('button', { name: /INVITE/ })
          .first()
          .click();
        await page.locator('#ladder').scrollIntoViewIfNeeded();
      },
    ],
  ];

mkdirSync(folder, { recursive: true });
buildConsole();
const chromium = await browser();
const context = await chromium.newContext(contextOf({ size: { width: 1200, height: 760 } }));
await fakeApi(context, answers);
for (const [name, path, says, first] of wanted) {
  const page = await context.newPage();
  await page.goto(`${origin}${path}`);
  await page.getByText(says).first().waitFor();
  await page.getByRole('status', { name: 'Loading…' }).first().waitFor({ state: 'detached' });
  await first?.(page);
  // Playwright has no WebP, which is a third of a PNG here; the browser has.
  const session = await context.newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 70 });
  writeFileSync(join(folder, `${name}.webp`), Buffer.from(data, 'base64'));
  await page.close();
}
await chromium.close();

/* `node --conditions=source test/console/look.ts DIR [PATH …]`: pictures of pages with made-up answers, light and dark, desktop and phone. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { answers } from './answers.ts';
import { browser, buildConsole, complaintsOf, contextOf, desktop, phone } from './browser.ts';
import { fakeApi, origin } from './fake-api.ts';

const [directory = '/tmp', ...paths] = process.argv.slice(2);
mkdirSync(directory, { recursive: true });
buildConsole();
const chromium = await browser();
for (const [name, look] of [
  ['light', { size: desktop, scheme: 'light' }],
  ['dark', { size: desktop, scheme: 'dark' }],
  ['phone', { size: phone, scheme: 'light' }],
] as const) {
  const context = await chromium.newContext(contextOf(look));
  await fakeApi(context, answers);
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  for (const path of paths) {
    await page.goto(`${origin}${path}`);
    await page.waitForTimeout(700);
    const file = join(directory, `${path.replaceAll(/\W+/g, '-').replace(/^-/, '') || 'home'}-${name}.png`);
    await page.screenshot({ path: file });
    console.log(file);
  }
  for (const one of complaints) console.log(`complaint: ${one}`);
  await context.close();
}
await chromium.close();

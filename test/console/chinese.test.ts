import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browser, buildConsole, contextOf, desktop, missing } from './browser.ts';
import { sayingAll } from './chinese.ts';
import { origin } from './fake-api.ts';

/** All of them, and what is pressed there first. */
const pages: readonly (readonly [path: string, press?: string])[] = [
  ['/'],
  ['/calls'],
  ['/calls/c1'],
  ['/calls/c2'],
  ['/trunks'],
  ['/trunks/telekom', '測試'],
  ['/map'],
  ['/records'],
  ['/copies'],
  ['/configuration'],
  ['/history'],
  ['/objects/trunks'],
  ['/objects/trunks/itsp'],
  ['/objects/sites/tainan'],
  ['/objects/links'],
  ['/emergency'],
  ['/routing?from=pbx&to=0223456789', '結果會如何？'],
  ['/new-trunk'],
  ['/planning'],
  ['/certificates'],
  ['/bans'],
  ['/webhooks'],
  ['/access'],
  ['/audit'],
  ['/me'],
  ['/nowhere'],
];

/** What people and the far side wrote, and what objects are summed up as. */
const own = [/ticket \d+/, /Normal call clearing/, /^[\w-]+: .* · /, /^autosize measurement$/, /^Skype for Business/];

/** What is visible or read out, without what is of the file or of a message. */
function texts(): string[] {
  const found: string[] = [];
  const apart = 'code, pre, script, style, textarea, option, .mono, .arrow-label';
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    if (!node.parentElement!.closest(apart)) found.push(node.textContent!.trim());
  for (const name of ['aria-label', 'placeholder', 'title', 'alt'])
    for (const one of document.querySelectorAll(`[${name}]`)) found.push(one.getAttribute(name)!);
  return [...new Set(found)];
}

/** Two words of which one joins, or three: names and terms are shorter. */
const joins =
  'the|an?|is|are|was|of|to|no|not|with|for|and|or|at|in|on|from|by|it|has|have|be|this|that|there|what|who';
const english = new RegExp(
  String.raw`\b(?:${joins}) [a-z]{2,}|[a-z]{2,} (?:${joins})\b|\b[a-z]{3,} [a-z]{3,} [a-z]{3,}|\b(?:Time|Value|Loading)\b`,
);

describe.skipIf(missing !== undefined)('the console in Traditional Chinese', { timeout: 180_000 }, () => {
  let chromium: Browser;
  beforeAll(async () => {
    buildConsole();
    chromium = await browser();
  }, 60_000);
  afterAll(() => chromium?.close());

  test('says nothing in English, and reads down and not sideways', async () => {
    const context = await chromium.newContext(contextOf({ size: desktop, language: 'zh-TW' }));
    const { end } = await sayingAll(context);
    try {
      const page = await context.newPage();
      page.setDefaultTimeout(60_000);
      await page.goto(`${origin}/nowhere`);
      const found: string[] = [];
      for (const [path, press] of pages) {
        await page.evaluate((to) => history.pushState(undefined, '', to), path);
        const settled = () =>
          page.waitForFunction(
            () =>
              document.querySelector('main :is(h1, h2, [role=alert])') &&
              !document.querySelector('[aria-label="載入中…"]'),
          );
        await settled();
        if (press !== undefined) {
          await page.getByRole('button', { name: press, exact: true }).first().click();
          await page.getByRole('button', { name: '開始' }).or(page.locator('.decisions')).first().waitFor();
          if (press === '測試') {
            await page.getByRole('button', { name: '開始' }).click();
            await page.getByText('通話也失敗').waitFor();
          }
        }
        for (const text of await page.evaluate(texts))
          if (english.test(text) && !own.some((one) => one.test(text))) found.push(`${path}: ${text}`);
        if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth))
          found.push(`${path}: too wide`);
        if (press !== undefined) await page.keyboard.press('Escape');
      }
      expect(found).toEqual([]);
    } finally {
      await end();
      await context.close();
    }
  });
});

import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { havePackages } from '../../scripts/with-packages.ts';

/* The console as people have it: a real browser, and the files that `npm run build` made. */
const root = join(import.meta.dirname, '../..');
const executablePath = process.env.TANDEM_CHROMIUM ?? '/usr/bin/chromium';
/** Not where a running program has its own: that is not swept away under its feet. */
export const built = join(tmpdir(), `tandem-console-${process.pid}`);
process.once('exit', () => rmSync(built, { recursive: true, force: true }));

/** Why no page can be looked at here; undefined: it can. */
export const missing =
  existsSync(executablePath) || havePackages(['chromium']) ? undefined : `there is no ${executablePath}`;

/** The console as the sources are now. */
export function buildConsole(): void {
  const { status, stderr } = spawnSync(
    'npm',
    ['run', '-s', '-w', 'tandem-console', 'build', '--', '--logLevel', 'warn', '--outDir', built, '--emptyOutDir'],
    { cwd: root, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
}

/** Asks nobody but the pages that it is sent to: what else a Chromium looks for at home is off. */
export function browser(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--headless=new',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export const desktop = { width: 1360, height: 900 };
export const phone = { width: 390, height: 844 };

/** How a page is looked at. */
export interface Look {
  readonly size?: { readonly width: number; readonly height: number };
  readonly scheme?: 'light' | 'dark';
  readonly language?: string;
}

export function contextOf({ size = desktop, scheme = 'light', language = 'en' }: Look): BrowserContextOptions {
  return { viewport: size, colorScheme: scheme, locale: language, reducedMotion: 'reduce', timezoneId: 'UTC' };
}

/** What a page complains of: exceptions, errors of its console, what the rules of the page forbid. */
export function complaintsOf(page: Page): string[] {
  const found: string[] = [];
  page.on('pageerror', (error) => found.push(String(error)));
  page.on('console', (message) => {
    // What is refused or missing is an answer, and shown.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) found.push(message.text());
  });
  return found;
}

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** WCAG 2.2 A and AA, and what axe knows besides. */
export async function expectAccessible(page: Page): Promise<void> {
  // A page that is still fetched has nothing to say yet.
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  // Its scripts are of the test, not of the page.
  await page.evaluate(await axeSource());
  const found = await page.evaluate(async () => {
    const { axe: tool } = globalThis as unknown as {
      axe: { run: (options: object) => Promise<{ violations: Violation[] }> };
    };
    const { violations } = await tool.run({ resultTypes: ['violations'] });
    return violations.map(
      ({ id, help, nodes }) =>
        `${id}: ${help}\n${nodes.map(({ html, failureSummary }) => `  ${html.slice(0, 200)}\n  ${failureSummary}`).join('\n')}`,
    );
  });
  expect(found).toEqual([]);
}

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

let source: string | undefined;
async function axeSource(): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  source ??= await readFile(axe, 'utf8');
  return source;
}

/** A picture for who wants to look, where TANDEM_SCREENSHOTS names a directory. */
export async function picture(page: Page, name: string): Promise<void> {
  const directory = process.env.TANDEM_SCREENSHOTS;
  if (directory !== undefined) await page.screenshot({ path: join(directory, `${name}.png`) });
}

import { readFileSync, writeFileSync } from 'node:fs';
import { type TOTP, URI } from 'otpauth';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readQrCode } from '../../console/src/parts/qr-code.testing.ts';
import { freePort, type Program, Programs, until } from '../support/running-program.ts';
import {
  browser,
  buildConsole,
  complaintsOf,
  contextOf,
  expectAccessible,
  missing,
  phone,
  picture,
} from './browser.ts';
import { consoleFile } from './fake-api.ts';
import { governedFile, governedPages } from './governed-file.ts';

/* The pages of what governs, in a browser, against a running program: what is done on them is done to it. */
const password = 'correct horse battery 9';

describe.skipIf(missing !== undefined)('what governs, in a browser', { timeout: 90_000 }, () => {
  let chromium: Browser;
  let programs: Programs | undefined;
  let program: Program;
  let context: BrowserContext | undefined;
  let page: Page;
  let complaints: string[];
  let origin: string;

  beforeAll(async () => {
    buildConsole();
    chromium = await browser();
  }, 60_000);
  /** One program for all: what a test commits, the next one finds. */
  async function begin(): Promise<void> {
    programs = new Programs();
    const [pbx, itsp, web] = [await programs.party(), await programs.party(), await freePort()];
    writeFileSync(programs.file, governedFile(pbx.port, itsp.port, web));
    program = await programs.start();
    await until(() => program.text.includes('/invitation#'));
    origin = `http://127.0.0.1:${web}`;
    context = await chromium.newContext(contextOf({}));
    // The files of the sources as they are; all else is the program's.
    await context.route(
      (url) => !url.pathname.startsWith('/api/'),
      (route) => route.fulfill(consoleFile(new URL(route.request().url()).pathname)),
    );
    const token = /\/invitation#(\S+)/.exec(program.text)![1];
    const made = await context.request.post(`${origin}/api/v1/invitation`, {
      data: { token, name: 'ada', password },
      headers: { origin },
    });
    expect(made.status()).toBe(200);
  }
  afterAll(async () => {
    await chromium?.close();
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

  const file = () => readFileSync(programs!.file, 'utf8');
  const go = (path: string) => page.goto(`${origin}${path}`);
  const press = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' }).click();
  const says = (what: string) => page.getByText(what).first().waitFor();
  /** Another administrator, by the API. */
  const api = async (method: string, path: string, data?: object) => {
    const answer = await context!.request.fetch(`${origin}/api/v1${path}`, { method, data, headers: { origin } });
    return answer.status() === 204 ? undefined : answer.json();
  };
  /** Somebody else, with a draft of his own. */
  const another = async (name: string) => {
    const { secret } = await api('POST', '/tokens', { name, role: 'administrator' });
    return async (method: string, path: string, data: object) => {
      const response = await fetch(`${origin}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
        body: JSON.stringify(data),
      });
      expect(response.status, await response.text()).toBe(200);
    };
  };
  const commit = async (reason: string) => {
    await press('Commit…');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill(reason);
    return dialog;
  };

  test.each(governedPages)('%s is for everybody, and fits a telephone', async (path) => {
    await go(path);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    await page.getByRole('status', { name: 'Loading…' }).first().waitFor({ state: 'detached' });
    await expectAccessible(page);
    await picture(page, `governs-${path.replaceAll(/\W+/g, '-')}`);
    await page.setViewportSize(phone);
    await page.getByRole('button', { name: 'Menu' }).waitFor();
    // What moves when a screen becomes narrow has to come to rest.
    const tooWide = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    await expect.poll(tooWide, { timeout: 5_000 }).toBeLessThanOrEqual(0);
    await picture(page, `governs-${path.replaceAll(/\W+/g, '-')}-phone`);
  });

  test('a text: problems beside their lines, a sample call that changes, commit, history, and back', async () => {
    await go('/configuration');
    const editor = page.getByRole('textbox', { name: 'Text of the configuration' });
    const before = file();
    await editor.fill(before.replace('to: [itsp, spare]', 'to: [itsp, spar]'));
    await says('Line 11');
    await page.getByRole('button', { name: /Line 11/ }).click();
    expect(
      await editor.evaluate((area: HTMLTextAreaElement) => area.value.slice(0, area.selectionStart).split('\n').length),
    ).toBe(11);
    // Meant, and expected from then on.
    await editor.fill(
      before
        .replace('to: [itsp, spare]', 'to: [spare, itsp]')
        .replace('trunks: [itsp, spare]', 'trunks: [spare, itsp]'),
    );
    await says('Sample calls (1)');
    const dialog = await commit('the spare one first');
    await expectAccessible(page);
    const sure = dialog.getByRole('button', { name: 'Commit…' });
    expect(await sure.isDisabled()).toBe(true);
    await dialog.getByRole('checkbox', { name: /london/ }).check();
    await sure.click();
    await says('Committed: it holds.');
    expect(file()).toContain('to: [spare, itsp]');

    await go('/history');
    await says('the spare one first');
    await press('Compare');
    await says('From version 1 to 2');
    await expect.poll(() => page.getByRole('dialog').locator('.diff-new').count()).toBe(2);
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await press('Go back to version 1');
    const back = page.getByRole('dialog');
    await back.getByRole('checkbox', { name: /london/ }).check();
    await back.getByRole('button', { name: 'Go back' }).click();
    await says('Version 1 holds again.');
    expect(file()).toBe(before);
  });

  test('a form makes edits; two who edit do not overwrite each other', async () => {
    await go('/objects/trunks/itsp');
    const calls = page.getByLabel('calls', { exact: true }).first();
    expect(await calls.inputValue()).toBe('30');
    await calls.fill('60');
    await press('Keep one change');
    await says('It is in your draft.');
    expect((await api('GET', '/configuration/draft')).edits).toEqual([
      { path: ['trunks', 'itsp', 'capacity', 'calls'], value: 60, was: '30' },
    ]);
    // Somebody else is faster.
    const edits = [{ path: ['trunks', 'spare', 'description'], value: 'the spare one' }];
    const other = await another('bob');
    await other('PATCH', '/configuration/draft', { edits });
    await other('POST', '/configuration/commit', { reason: 'a word on it' });
    await go('/configuration');
    await says('The file was changed since you began');
    await says('a word on it');
    await expectAccessible(page);
    await press('Make my changes in the file as it is now');
    await page.getByRole('alert').waitFor({ state: 'detached' });
    const dialog = await commit('more calls');
    await dialog.getByRole('button', { name: 'Commit…' }).click();
    await says('Committed: it holds.');
    expect(file()).toContain('calls: 60');
    expect(file()).toContain('the spare one');
    expect(file()).toContain('# The carrier');
    await go('/objects/trunks/itsp');
    await page.getByRole('tab', { name: 'What holds, and why' }).click();
    await page.getByRole('row', { name: /setup-timeout 8s trunk-defaults, Line 4/ }).waitFor();
  });

  test('two who write the whole text: what one alone changed is in it, what both did is asked about, and nothing is lost', async () => {
    const before = file();
    const mine = before.replace(/calls: \d+/, 'calls: 41').replace('# Ours', '# Ours, says ada');
    await api('PUT', '/configuration/draft', { text: mine });
    const other = await another('carl');
    await other('PATCH', '/configuration/draft', {
      edits: [
        { path: ['trunks', 'itsp', 'capacity', 'calls'], value: 42 },
        { path: ['trunks', 'spare', 'description'], value: 'for carl' },
      ],
    });
    await other('POST', '/configuration/commit', { reason: 'more for carl' });
    await go('/configuration');
    await says('more for carl');
    await page.getByRole('group', { name: 'Line 1: you changed it' }).waitFor();
    const conflict = page.getByRole('group', { name: /both changed it/ });
    await conflict.getByText('calls: 41').waitFor();
    await conflict.getByText('calls: 42').waitFor();
    const take = page.getByRole('button', { name: 'Keep the merged text as draft' });
    expect(await take.isDisabled()).toBe(true);
    await expectAccessible(page);
    await picture(page, 'governs-merge');
    await conflict.getByRole('radio', { name: 'Mine', exact: true }).check();
    await take.click();
    await says('Merged: it is in your draft.');
    await page.getByRole('alert').filter({ hasText: 'since you began' }).waitFor({ state: 'detached' });
    const { text: merged, outdated } = await api('GET', '/configuration/draft');
    expect(outdated).toBe(false);
    expect(merged).toContain('# Ours, says ada');
    expect(merged).toContain('calls: 41');
    expect(merged).toContain('for carl');
    expect(await page.getByRole('textbox', { name: 'Text of the configuration' }).inputValue()).toBe(merged);
  });

  test('a link has its form; an address for help is asked for in words; what is wrong stands beside its field', async () => {
    await go('/objects/links');
    await page.getByRole('link', { name: 'Add by form' }).first().click();
    await page.getByLabel('between, one end').fill('berlin');
    await page.getByLabel('between, the other end').fill('nowhere');
    await press('Add to the draft');
    await page.getByRole('heading', { level: 1, name: 'berlin – nowhere' }).waitFor();
    expect(await page.title()).toBe('berlin – nowhere · Tandem');
    const ends = page.locator('[data-path="between"]');
    await ends.getByText('nowhere').waitFor();
    await page.getByRole('alert').getByRole('button', { name: 'between' }).first().click();
    expect(await page.getByLabel('between, one end').evaluate((one) => one === document.activeElement)).toBe(true);
    await expectAccessible(page);
    await page.getByRole('tab', { name: 'What holds, and why' }).click();
    await page.getByRole('row', { name: 'between berlin, nowhere' }).waitFor();
    await press('Remove');
    await says('None yet: Links');

    await go('/emergency');
    await says('Nothing is a call for help yet');
    await press('Add to locations');
    await page.getByLabel('Country, by two letters').fill('DE');
    await page.getByLabel('City (A3)').fill('Berlin');
    expect(await page.getByLabel('Desk (SEAT)').count()).toBe(0);
    await page.getByLabel('Add a field').selectOption('Desk (SEAT)');
    await page.keyboard.type('17');
    const location = page.locator('[data-path="locations 0 name"]');
    await location.fill('hq');
    await page.locator('[data-path="to"]').fill('nobody');
    await expectAccessible(page);
    await press(/^Keep /);
    await says('It is in your draft.');
    expect((await api('GET', '/configuration/draft')).edits.at(-1)).toMatchObject({
      path: ['emergency'],
      value: { to: 'nobody', locations: [{ name: 'hq', civic: { country: 'DE', A3: 'Berlin', SEAT: '17' } }] },
    });
    await page.getByRole('alert').getByRole('button', { name: 'to' }).click();
    expect(await page.locator('[data-path="to"]').getAttribute('aria-invalid')).toBe('true');
  });

  test('what is disabled for a while, seen by the draft beside what runs, and kept as a sample call', async () => {
    await go('/objects/trunks/itsp');
    await press('Disable…');
    await page.getByRole('menuitem', { name: 'For an hour' }).click();
    await page.getByText(/Disabled until/).waitFor();
    await go('/routing?from=pbx&to=%2B441234567');
    await says('Your draft makes something else of this call.');
    await page.getByRole('region', { name: 'By what runs' }).getByText('Goes to itsp, spare').waitFor();
    await page.getByRole('region', { name: 'By your draft' }).getByText('Goes to spare').waitFor();
    await page.getByRole('region', { name: 'By your draft' }).getByText('left out: it is disabled').first().waitFor();
    await press('Save as a sample call');
    await page.getByRole('dialog').getByLabel('Name').fill('london-2');
    await press('Add to the draft');
    await says('It is in your draft.');
    const { tree } = await api('GET', '/configuration/contents?of=draft');
    expect(tree.tests[1]).toMatchObject({ name: 'london-2', to: '+441234567', expect: { trunks: ['spare'] } });
  });

  const tree = async () => (await api('GET', '/configuration/contents?of=draft')).tree;
  const onMap = (name: string | RegExp) => page.getByRole('button', { name });
  const drawer = () => page.getByRole('dialog');

  test('the map: sites, links and trunks are made, moved, renamed and removed, and hold when they are committed', async () => {
    await go('/map');
    await press('Edit');
    await press('Add…');
    await page.getByRole('menuitem', { name: 'Site', exact: true }).click();
    await drawer().getByLabel('Name').fill('graz');
    await drawer().getByLabel('Served by').selectOption('berlin');
    await drawer().getByLabel('Country').fill('AT');
    await drawer().getByLabel('Networks').fill('198.51.100.0/25, 198.51.100.128/25');
    await expectAccessible(page);
    await drawer().getByRole('button', { name: 'Add to the draft' }).click();
    // What was made stands open, and what can be done with it.
    await drawer().getByRole('button', { name: 'Link to…' }).click();
    await drawer().getByLabel('To', { exact: true }).selectOption('berlin');
    await drawer().getByLabel('Audio of all calls, one way').fill('2 Megabit');
    await drawer().getByRole('button', { name: 'Add to the draft' }).click();
    expect((await tree()).sites[1]).toEqual({
      ...{ name: 'graz', centre: 'berlin', country: 'AT' },
      subnets: ['198.51.100.0/25', '198.51.100.128/25'],
    });
    // What is wrong stands at what it is wrong of.
    await onMap(/Link graz – berlin, 2 Megabit, in your draft, .+/)
      .locator('text')
      .click();
    await drawer().getByRole('alert').getByText(/TDM-/).waitFor();
    await expectAccessible(page);
    await picture(page, 'governs-map-error');
    await drawer().getByLabel('Audio of all calls, one way').fill('2 Mbit/s');
    await drawer().getByLabel('Audio of one call').fill('100 kbit/s');
    await drawer().getByRole('button', { name: 'Keep' }).click();
    await drawer().getByRole('alert').waitFor({ state: 'detached' });
    expect((await tree()).links).toEqual([
      { between: ['graz', 'berlin'], bandwidth: { audio: '2 Mbit/s', 'audio-session': '100 kbit/s' } },
    ]);
    await drawer().getByRole('button', { name: 'Close' }).click();

    // To another site: by a choice, and by hand.
    await onMap(/^Trunk itsp/).click();
    await drawer().getByLabel('Site').selectOption('graz');
    await says('itsp is at graz, in your draft.');
    await drawer().getByText('out', { exact: false }).first().waitFor();
    await page.keyboard.press('Escape');
    await drawer().waitFor({ state: 'detached' });
    await drag(onMap(/^Trunk spare/), onMap(/^Site berlin/));
    await says('spare is at berlin, in your draft.');
    expect((await tree()).trunks.map(({ name, site }: { name: string; site?: string }) => [name, site])).toEqual([
      ['pbx', undefined],
      ['itsp', 'graz'],
      ['spare', 'berlin'],
    ]);

    // Another name, wherever it stands.
    await onMap(/^Trunk spare/).click();
    await drawer().getByRole('button', { name: 'Rename…' }).click();
    await drawer().getByLabel('New name').fill('itsp');
    await says('Another has this name.');
    await drawer().getByLabel('New name').fill('reserve');
    await drawer().getByRole('button', { name: 'Rename', exact: true }).click();
    await onMap(/^Trunk reserve/).waitFor();
    expect((await tree()).routes.map(({ to, from }: { to: unknown; from: unknown }) => [from, to])).toEqual([
      ['pbx', ['itsp', 'reserve']],
      [['itsp', 'reserve'], 'pbx'],
    ]);
    // What names it is shown before it goes, and goes with it.
    await drawer().getByRole('button', { name: 'Remove…' }).click();
    await drawer().getByRole('link', { name: 'tests london' }).waitFor();
    await expectAccessible(page);
    await drawer().getByRole('button', { name: 'Remove', exact: true }).click();
    await says('Removed in your draft: spare.');
    const { edits, examination } = await api('GET', '/configuration/draft');
    expect(examination).toMatchObject({ sound: true });
    expect(edits.at(-1)).toMatchObject({ path: ['trunks', 'reserve'] });
    const dialog = await commit('a branch');
    await dialog.getByRole('checkbox', { name: /london/ }).check();
    await dialog.getByRole('button', { name: 'Commit…' }).click();
    await says('Committed: it holds.');
    expect(file()).toContain('# The carrier');
    await press('Done');
    await page.getByText('graz', { exact: true }).waitFor();
    expect((await api('GET', '/topology')).links).toEqual([
      expect.objectContaining({
        between: ['graz', 'berlin'],
        bandwidth: expect.objectContaining({ audioKbits: 2000 }),
      }),
    ]);
    const [before] = (await api('GET', '/configuration/versions')).items.slice(1);
    const acknowledged = ['london'];
    await api('POST', `/configuration/versions/${before.id}/rollback`, { acknowledged });
  });

  test('the map by keyboard: arrow keys walk, Shift moves, Enter opens; it stays as it was arranged', async () => {
    await go('/map?edit');
    const site = onMap(/^Site berlin/);
    await site.focus();
    const at = (await site.boundingBox())!;
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Shift+ArrowDown');
    await expect
      .poll(async () => Object.keys((await api('GET', '/topology/positions')).places))
      .toEqual(['site berlin']);
    const focus = () => page.evaluate(() => document.activeElement?.getAttribute('data-key'));
    await page.keyboard.press('ArrowUp');
    expect(await focus()).toBe('trunk pbx');
    await page.keyboard.press('ArrowUp');
    expect(await focus()).toBe('trunks inside');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await drawer().getByText('Trunk pbx').waitFor();
    await page.keyboard.press('Escape');
    await drawer().waitFor({ state: 'detached' });
    await expect.poll(focus).toBe('trunk pbx');
    // By hand, and seen by who comes later.
    await drag(site, undefined, 40, 60);
    await expect
      .poll(async () => (await api('GET', '/topology/positions')).places['site berlin'].y)
      .toBeGreaterThan(40);
    await page.reload();
    await site.waitFor();
    expect((await site.boundingBox())!.y).toBeGreaterThan(at.y);
    await press('Arrange anew');
    await expect.poll(() => api('GET', '/topology/positions')).toEqual({ places: {} });
  });

  test('the map on a telephone is a list, and is edited', async () => {
    await page.setViewportSize(phone);
    await go('/map?edit');
    await page.getByRole('button', { name: 'itsp' }).click();
    await press('Disable…');
    await page.getByRole('menuitem', { name: 'For good' }).click();
    await page.getByText('Disabled', { exact: true }).first().waitFor();
    await expectAccessible(page);
    await picture(page, 'governs-map-phone-drawer');
    expect((await tree()).trunks[1].disabled).toBe('true');
    await page.keyboard.press('Escape');
    await page.getByText('in your draft').first().waitFor();
  });

  async function drag(from: Locator, to: Locator | undefined, dx = 20, dy = 10): Promise<void> {
    const start = (await from.boundingBox())!;
    const end = (await (to ?? from).boundingBox())!;
    await page.mouse.move(start.x + 12, start.y + 12);
    await page.mouse.down();
    await page.mouse.move(start.x + 40, start.y + 30, { steps: 4 });
    await page.mouse.move(end.x + 12 + dx, end.y + 12 + dy, { steps: 6 });
    await page.mouse.up();
  }

  test('what comes first is moved, by buttons and by hand, and comments go along', async () => {
    await go('/objects/routes');
    const moved = async () => (await tree()).routes.map(({ name }: { name: string }) => name);
    await page.getByRole('button', { name: 'Move in up' }).click();
    await says('in is number 1 of 2, in your draft.');
    expect(await moved()).toEqual(['in', 'out']);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Move in up');
    expect((await api('GET', '/configuration/draft')).edits).toEqual([{ path: ['routes', 'in'], before: 'out' }]);
    await expectAccessible(page);
    await page
      .getByRole('row', { name: /Move in/ })
      .locator('.grip')
      .dragTo(page.getByRole('row', { name: /Move out/ }));
    await expect.poll(moved).toEqual(['out', 'in']);
    // What is changed of a list in a form is that alone.
    await go('/objects/routes/out');
    await page.getByRole('button', { name: 'Move spare up' }).first().click();
    expect(await page.getByLabel('to', { exact: true }).inputValue()).toBe('spare\nitsp');
    await press('Keep one change');
    await says('It is in your draft.');
    expect((await api('GET', '/configuration/draft')).edits.at(-1)).toMatchObject({
      path: ['routes', 'out', 'to', 'itsp'],
      before: null,
    });
    expect((await tree()).routes[0].to).toEqual(['spare', 'itsp']);
  });

  test('that nobody is there is said, with what is old, until he is there again', async () => {
    await go('/map');
    await page.getByText('itsp', { exact: true }).waitFor();
    const sign = page.getByRole('status').filter({ hasText: /since/ });
    // Nobody starts it again while it is looked at.
    const keeper = program.keeper;
    const away = async (part: 'management' | 'signalling', said: RegExp, name: string) => {
      process.kill(keeper, 'SIGSTOP');
      try {
        process.kill(program.part(part)!, 'SIGKILL');
        await sign.getByText(said).waitFor({ timeout: 30_000 });
        await expectAccessible(page);
        await picture(page, name);
      } finally {
        process.kill(keeper, 'SIGCONT');
      }
      await sign.waitFor({ state: 'detached', timeout: 30_000 });
    };
    await away('management', /Not connected since/, 'governs-away');
    await away('signalling', /Signalling is not heard since/, 'governs-lost');
  });

  test('a trunk from a profile to a test', async () => {
    const peer = await programs!.party();
    await go('/new-trunk');
    await page.getByRole('radio', { name: 'A provider that wants a registration, over UDP' }).check();
    await page.getByRole('radio', { name: 'None of these' }).check();
    await press('Next');
    await page.getByLabel('Name', { exact: false }).first().fill('carrier');
    await page.getByLabel('Addresses').fill(`127.0.0.1:${peer.port}`);
    await press('Next');
    await page.getByRole('checkbox', { name: 'We register at it' }).waitFor();
    await expectAccessible(page);
    await press('Next');
    await page.getByLabel('Joins').selectOption('pbx');
    await page.getByLabel('Numbers that go to it').fill('+49');
    await press('Next');
    await page.getByRole('cell', { name: 'trunks › carrier', exact: true }).waitFor();
    await press('Back');
    await page.getByLabel('Numbers that come from it').fill('+4930');
    await press('Next');
    await page.getByRole('cell', { name: 'trunks › carrier', exact: true }).waitFor();
    const dialog = await commit('a carrier');
    await dialog.getByRole('button', { name: 'Commit…' }).click();
    await page
      .getByText(/OPTIONS/)
      .first()
      .waitFor();
    await page.getByText(/^up: /).first().waitFor({ timeout: 20_000 });
    await press('Next');
    await press('Test it');
    await page.getByRole('link', { name: 'Look at carrier' }).waitFor({ timeout: 30_000 });
    await expectAccessible(page);
    expect(file()).toContain('"+4930"');
  });

  test('people, tokens, one-time passwords, and the log of it', async () => {
    await go('/access');
    await press('Invite somebody');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('olga');
    await dialog.getByLabel('Role').selectOption('operator');
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Invite somebody' }).click();
    await page.getByRole('link', { name: /\/invitation#/ }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('row', { name: /olga Operator invited/ }).waitFor();
    await page.getByRole('tab', { name: 'API tokens' }).click();
    await press('Make a token');
    await page.getByRole('dialog').getByLabel('Name').fill('grafana');
    await page.getByRole('dialog').getByRole('button', { name: 'Make a token' }).click();
    await page.getByText(/^tdm_/).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('row', { name: /grafana ada Viewer/ }).waitFor();

    await go('/me');
    const form = page.locator('form', { hasText: 'One-time passwords' });
    await form.getByLabel('Password').first().fill(password);
    await form.getByRole('button', { name: 'Begin' }).click();
    await expectAccessible(page);
    const scanned = readQrCode(await pixelsOf(page.getByRole('img', { name: 'QR code' })));
    const secret = (await form.locator('code').innerText()).replaceAll(/\s/g, '');
    expect(scanned).toBe(`otpauth://totp/Tandem:ada?issuer=Tandem&secret=${secret}&algorithm=SHA1&digits=6&period=30`);
    await form.getByLabel('One-time password').fill((URI.parse(scanned) as TOTP).generate());
    await press('Use them from now on');
    await says('One-time passwords are asked for from now on.');
    const codes = await page.locator('.codes code').allInnerTexts();
    expect(codes).toHaveLength(10);
    await expectAccessible(page);
    const [download] = await Promise.all([page.waitForEvent('download'), press('Save as a file')]);
    expect(
      readFileSync(await download.path(), 'utf8')
        .trim()
        .split('\n'),
    ).toEqual(codes);
    await press('I have kept them');
    await says('in use');
    await says('10 recovery codes left');
    await page.getByText(codes[0]!).waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'ada' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByLabel('Name').fill('ada');
    await page.getByLabel('Password', { exact: true }).fill(password);
    await press('Sign in');
    await press('I do not have my telephone');
    await page.getByLabel('Recovery code').fill(codes[0]!.toUpperCase());
    await expectAccessible(page);
    await press('Sign in');
    await says('You signed in by a recovery code; 9 are left.');
    complaints.splice(0, complaints.length, ...complaints.filter((one) => !one.includes('401')));

    await go('/audit');
    await page.getByText('/api/v1/me/totp').first().waitFor();
    await press('Verify all of it');
    await page.getByText(/rows are as they were written/).waitFor();
    expect(await page.content()).not.toContain(password);
  });
});

/** As a camera has it. */
async function pixelsOf(place: Locator): Promise<{ width: number; height: number; data: Uint8Array }> {
  const picture = await place.screenshot();
  const { width, height, data } = await place.page().evaluate(async (text) => {
    const image = new Image();
    image.src = `data:image/png;base64,${text}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d')!;
    canvas.drawImage(image, 0, 0);
    const { data } = canvas.getImageData(0, 0, image.width, image.height);
    return { width: image.width, height: image.height, data: [...data] };
  }, picture.toString('base64'));
  return { width, height, data: Uint8Array.from(data) };
}

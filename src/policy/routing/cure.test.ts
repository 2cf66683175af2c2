import { describe, expect, test } from 'vitest';
import type { Route } from '#policy/configuration';
import { trunk } from '../../../test/support/trunk.ts';
import { cureOf } from './cure.ts';
import { Router } from './route.ts';

const routes: readonly (readonly [Omit<Route, 'name' | 'to'>, RegExp])[] = [
  [{ from: [], disabled: {} }, /take its `disabled` away/],
  [{ from: ['acme'] }, /^add pbx to its `from`$/],
  [{ from: [], called: { prefixes: ['+44'] } }, /\+4930123.*add how that begins to its `called`/],
  [{ from: [], called: { pattern: '^0' } }, /\+4930123.*widen its pattern/],
  [{ from: [], called: { prefixes: ['+49'], except: ['+4930'] } }, /^take \+4930 out of its `except`$/],
  [{ from: [], sites: ['berlin'] }, /give who calls a `site`/],
];

describe('each reason why a route does not take a call has a cure', () => {
  test.each(routes)('%o', (route, cure) => {
    const router = new Router({
      trunks: [trunk('pbx'), trunk('acme')],
      routes: [{ name: 'r', to: ['acme'], ...route }],
    });
    const [first] = router.plan({ source: 'pbx', called: '+4930123', at: 0 }).decisions;
    expect(first?.rule).toBe('r');
    expect(first?.outcome).toMatch(/^no: /);
    expect(cureOf(first!.outcome)).toMatch(cure);
  });

  test('what took it has none', () => {
    expect(cureOf('matches: acme')).toBeUndefined();
    expect(cureOf('nearly: compared 1, it takes 2')).toBeUndefined();
  });
});

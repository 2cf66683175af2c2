import { describe, expect, test } from 'vitest';
import type { DialPlan, NumberRule } from '#policy/configuration';
import { DialPlans } from './dial-plans.ts';
import { NumberRules } from './number-rules.ts';

const rule = (pattern: string, to: string): NumberRule => ({ name: pattern, pattern, to });
const made = (pattern: string, to: string, number: string) =>
  new NumberRules([rule(pattern, to)]).apply(number)?.number;

describe('a rule', () => {
  test.each([
    ['^(\\d{4})$', '+1425555$1', '0100', '+14255550100'],
    ['^5(\\d{4})$', '+1425555$1', '50100', '+14255550100'],
    ['^(\\d{7})$', '+1425$1', '5550100', '+14255550100'],
    ['^(\\d{7})$', '+1972$1', '5550100', '+19725550100'],
    ['^(\\d{10})$', '+1$1', '2065550100', '+12065550100'],
    ['^011(\\d*)$', '+$1', '01191445550100', '+91445550100'],
    ['^0$', '+14255550100', '0', '+14255550100'],
    ['^6222(\\d{4})$', '+1425555$1', '62220100', '+14255550100'],
    ['^6333(\\d{4})$', '+1202555$1', '63330100', '+12025550100'],
    ['^6444(\\d{4})$', '+1972555$1', '64440100', '+19725550100'],
    ['^(\\d{5})$', '+14255550123;ext=$1', '12345', '+14255550123;ext=12345'],
    ['^\\+(\\d*);ext=(\\d*)$', '+$1', '+14255550123;ext=12345', '+14255550123'],
    ['^(\\d{11})$', '+$1', '14255550100', '+14255550100'],
    // A rule that loses the code of the country does just that.
    ['^1(\\d{10})$', '+$1', '12145550100', '+2145550100'],
    ['^(\\d*)$', '$1', '0044', '0044'],
    ['^\\+(1\\d{10})$', '$1', '+14255551010', '14255551010'],
    ['^\\+(\\d{9}\\d+)$', '011$1', '+441235551010', '011441235551010'],
    ['^\\+(44\\d*)$', '0$1', '+441235551010', '0441235551010'],
    ['^\\+1425(\\d{7})$', '$1', '+14255551212', '5551212'],
    ['^\\+(\\d*)$', '$1', '+4930123', '4930123'],
  ])('%s -> %s: %s is %s', (pattern, to, number, expected) => {
    expect(made(pattern, to, number)).toBe(expected);
  });

  test('that does not fit says nothing, and the first that fits decides', () => {
    expect(made('^(\\d{4})$', '+1$1', '12345')).toBeUndefined();
    const rules = new NumberRules([rule('^9(\\d+)$', 'a$1'), rule('^(\\d+)$', 'b$1')]);
    expect(rules.apply('912')).toEqual({ number: 'a12', rule: '^9(\\d+)$' });
    expect(rules.apply('812')).toEqual({ number: 'b812', rule: '^(\\d+)$' });
  });

  test('is not tried on what no number is long enough to be', () => {
    expect(made('^(\\d+)$', '$1', '1'.repeat(129))).toBeUndefined();
  });
});

describe('dial plans', () => {
  const plan = (name: string, to: string, accessPrefix?: string): DialPlan => ({
    name,
    ...(accessPrefix === undefined ? {} : { accessPrefix }),
    rules: [rule('^(\\d{4})$', to)],
  });
  const plans = new DialPlans({
    dialPlans: [plan('global', '+1$1', '0'), plan('redmond', '+2$1'), plan('gateway', '+3$1'), plan('boss', '+4$1')],
  });
  const site = { dialPlan: 'redmond' };

  test('the closest one holds: the user, the trunk, the site, all', () => {
    expect(plans.normalise('0100', { user: { dialPlan: 'boss' }, site })?.number).toBe('+40100');
    expect(plans.normalise('0100', { trunk: { dialPlan: 'gateway' }, site })?.number).toBe('+30100');
    expect(plans.normalise('0100', { site })?.number).toBe('+20100');
    expect(plans.normalise('0100', {})).toEqual({ number: '+10100', rule: '^(\\d{4})$', plan: 'global' });
  });

  test('what is dialled for a line outside comes off, after the rules have had their say', () => {
    expect(plans.normalise('0100', {})?.number).toBe('+10100');
    expect(plans.normalise('01234', {})?.number).toBe('+11234');
    expect(plans.normalise('0+4930123', {})?.number).toBe('+4930123');
    expect(plans.normalise('9', {})).toBeUndefined();
  });

  test('who has a plan that is not there has none', () => {
    expect(plans.normalise('0100', { user: { dialPlan: 'gone' } })).toBeUndefined();
  });
});

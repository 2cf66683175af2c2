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
    ['^\\+(44\\d*)$', '01$1', '+441235551010', '01441235551010'],
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
  const plan = (name: string, to: string): DialPlan => ({ name, rules: [rule('^(\\d{4})$', to)] });
  const plans = new DialPlans({
    dialPlans: [plan('global', '+1$1'), plan('redmond', '+2$1'), plan('gateway', '+3$1'), plan('boss', '+4$1')],
  });
  const site = { dialPlan: 'redmond' };

  test('the closest one holds: the user, the trunk, the site, all', () => {
    expect(plans.normalise('0100', { user: { dialPlan: 'boss' }, site })?.number).toBe('+40100');
    expect(plans.normalise('0100', { trunk: { dialPlan: 'gateway', kind: 'pstn-gateway' }, site })?.number).toBe(
      '+30100',
    );
    expect(plans.normalise('0100', { site })?.number).toBe('+20100');
    expect(plans.normalise('0100', {})).toEqual({ number: '+10100', rule: '^(\\d{4})$', plan: 'global' });
  });

  test('who has a plan that is not there has none', () => {
    expect(plans.normalise('0100', { user: { dialPlan: 'gone' } })).toBeUndefined();
  });
});

/** Dial plans as they are in three countries, and what people there dial. */
describe('a line outside', () => {
  const plans = new DialPlans({
    dialPlans: [
      {
        name: 'berlin',
        accessPrefix: '0',
        rules: [
          { name: 'colleague', pattern: '^([1-9]\\d{3}|0\\d{3})$', to: '+4930555$1', internal: true },
          { name: 'abroad', pattern: '^00([1-9]\\d{6,14})$', to: '+$1' },
          { name: 'national', pattern: '^0([1-9]\\d{5,12})$', to: '+49$1' },
          { name: 'local', pattern: '^([1-9]\\d{2,9})$', to: '+4930$1' },
        ],
      },
      {
        name: 'seattle',
        accessPrefix: '9',
        rules: [
          { name: 'extension', pattern: '^(\\d{4})$', to: '+1425555$1' },
          { name: 'local', pattern: '^(\\d{7})$', to: '+1425$1' },
          { name: 'national', pattern: '^(\\d{10})$', to: '+1$1' },
          { name: 'abroad', pattern: '^011(\\d*)$', to: '+$1' },
          { name: 'prefix all', pattern: '^(\\d{11})$', to: '+$1' },
        ],
      },
      {
        name: 'london',
        accessPrefix: '9',
        rules: [
          { name: 'abroad', pattern: '^00(\\d{7,15})$', to: '+$1' },
          { name: 'national', pattern: '^0(\\d{9,10})$', to: '+44$1' },
          { name: 'local', pattern: '^(\\d{8})$', to: '+4420$1' },
          { name: 'operator', pattern: '^9$', to: '+442079460000' },
        ],
      },
    ],
  });

  test.each([
    // [who, dialled, what is called, by which rule, what came off]
    ['berlin', '0030123456', '+4930123456', 'national', '0'],
    ['berlin', '000442079460123', '+442079460123', 'abroad', '0'],
    ['berlin', '0123456', '+4930123456', 'local', '0'],
    ['berlin', '0+4989123456', '+4989123456', 'as it is', '0'],
    // Behind the prefix is a city code, whatever the whole looks like.
    ['berlin', '004421234567', '+494421234567', 'national', '0'],
    // A rule that is for numbers within comes before, and is not for what comes behind the prefix.
    ['berlin', '0123', '+49305550123', 'colleague', undefined],
    ['berlin', '4711', '+49305554711', 'colleague', undefined],
    ['berlin', '04711', '+49304711', 'local', '0'],
    ['seattle', '914255550100', '+14255550100', 'prefix all', '9'],
    ['seattle', '94255550100', '+14255550100', 'national', '9'],
    ['seattle', '95550100', '+14255550100', 'local', '9'],
    ['seattle', '9011442079460123', '+442079460123', 'abroad', '9'],
    ['seattle', '0100', '+14255550100', 'extension', undefined],
    // What no rule knows behind the prefix was dialled without one: an extension, a number from a list.
    ['seattle', '9123', '+14255559123', 'extension', undefined],
    ['seattle', '9725550100', '+19725550100', 'national', undefined],
    ['seattle', '9551234', '+14259551234', 'local', undefined],
    ['london', '902079460123', '+442079460123', 'national', '9'],
    ['london', '90014255550100', '+14255550100', 'abroad', '9'],
    ['london', '979460123', '+442079460123', 'local', '9'],
    ['london', '02079460123', '+442079460123', 'national', undefined],
    // The prefix alone has nothing behind it.
    ['london', '9', '+442079460000', 'operator', undefined],
  ])('%s: %s calls %s (%s)', (plan, dialled, number, rule, prefix) => {
    const off = prefix === undefined ? {} : { prefix };
    expect(plans.normalise(dialled, { user: { dialPlan: plan } })).toEqual({ number, rule, plan, ...off });
    expect(plans.normalise(dialled, { trunk: { dialPlan: plan, kind: 'ip-pbx' } })?.number).toBe(number);
  });

  test('is dialled by people: what comes by one has its number alone', () => {
    for (const kind of ['itsp', 'pstn-gateway'] as const)
      expect(plans.normalise('030123456', { trunk: { dialPlan: 'berlin', kind } })).toEqual({
        number: '+4930123456',
        rule: 'national',
        plan: 'berlin',
      });
  });

  test('nothing fits, with the prefix or without', () => {
    expect(plans.normalise('0', { user: { dialPlan: 'seattle' } })).toBeUndefined();
    expect(plans.normalise('912', { user: { dialPlan: 'seattle' } })).toBeUndefined();
  });
});

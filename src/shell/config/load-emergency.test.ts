import { describe, expect, test } from 'vitest';
import { read, told } from './organisation.testing.ts';

const help = (keys = '') => `emergency:\n  numbers: ["911"]\n  to: itsp-a\n${keys}`;

describe('calls for help', () => {
  test('numbers to try it with, services, groups and places of telephones', () => {
    const { emergency, users } = read(
      `emergency:
  numbers: [{ number: "112", services: [sos.fire, sos.ambulance] }, { number: "110", services: sos.police }]
  tests: "933"
  to: both
  locations: [{ name: lobby, civic: { country: DE } }]
users: [{ name: wall, numbers: "200", location: lobby }]
groups: [{ name: both, trunks: [itsp-a, pbx] }]
`,
    );
    expect(emergency).toMatchObject({
      numbers: [
        { number: '112', services: ['sos.fire', 'sos.ambulance'] },
        { number: '110', services: ['sos.police'] },
      ],
      tests: ['933'],
      to: ['both'],
    });
    expect(users).toMatchObject([{ name: 'wall', location: 'lobby' }]);
  });

  test.each([
    [
      "dial-plans: [{ name: x, access-prefix: '9', rules: [{ pattern: '(\\d{4})', to: '+4989$1' }] }]\n",
      'TDM-1239 dial plan "x": 9911 calls for help, and this rule makes +49899911 of it.',
    ],
    [
      "dial-plans: [{ name: x, rules: [{ pattern: '933', to: '+498933' }] }]\n",
      'TDM-1239 dial plan "x": 933 calls for help, and this rule makes +498933 of it.',
    ],
    ['users: [{ name: a, location: attic }]\n', 'TDM-1231 user "a": there is no location "attic".'],
  ])('%s: %s', (keys, message) => {
    expect(told(`${help('  tests: "933"\n')}${keys}`)).toEqual([message]);
  });

  test('a rule that makes the number of help of what is dialled for it takes nothing away', () => {
    const plan = "dial-plans: [{ name: x, access-prefix: '9', rules: [{ pattern: '9?(911)', to: '+$1' }] }]\n";
    expect(told(`${help()}${plan}`)).toEqual([]);
  });

  test('a sample call for help, and one that goes elsewhere than it should', () => {
    const sample = (trunk: string) =>
      `${help()}tests: [{ name: help, from: pbx, to: '911', expect: { number: '911', route: emergency, trunks: [${trunk}] } }]\n`;
    expect(told(sample('itsp-a'))).toEqual([]);
    expect(told(sample('pbx'))).toEqual(['TDM-1320 test "help": the order of trunks is itsp-a, not pbx.']);
  });

  test('what is no service', () => {
    expect(told('emergency:\n  numbers: [{ number: "911", services: police }]\n  to: itsp-a\n')[0]).toMatch(
      /"police" is no service for help/,
    );
  });
});

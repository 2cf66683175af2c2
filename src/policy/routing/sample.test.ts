import { expect, test } from 'vitest';
import type { SampleCall } from '#policy/configuration';
import { trunk } from '../../../test/support/trunk.ts';
import { Router } from './route.ts';
import { judge } from './sample.ts';

const router = new Router({
  trunks: [trunk('pbx'), trunk('itsp')],
  groups: [],
  routes: [
    { name: 'premium', from: [], called: { prefixes: ['+49900'] }, to: [], refuse: 603 },
    { name: 'out', from: ['pbx'], called: { prefixes: ['+'] }, to: ['itsp'] },
  ],
  users: [{ name: 'ann', line: '+493055', numbers: [], devices: 5, hidden: false }],
});
const call = (to: string, expect: SampleCall['expect']): readonly string[] =>
  judge(router, { name: 'sample', from: 'pbx', to, expect }).differences;

test('what is as expected', () => {
  expect(call('+4930123', { route: 'out', trunks: ['itsp'], number: '+4930123' })).toEqual([]);
  expect(call('+493055', { user: 'ann' })).toEqual([]);
  expect(call('+499001', { refused: 603 })).toEqual([]);
  expect(call('123', { refused: 404 })).toEqual([]);
});

test('what is not, in a sentence each', () => {
  expect(call('+4930123', { route: 'in', trunks: ['pbx'], number: '030', user: 'ann', refused: 404 })).toEqual([
    'the number is +4930123, not 030',
    'the route is out, not in',
    'who is called is none, not ann',
    'the order of trunks is itsp, not pbx',
    'it is not refused with 404',
  ]);
  expect(call('+499001', { refused: 486 })).toEqual(['it is refused with 603, not 486']);
});

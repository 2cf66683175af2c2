import { describe, expect, test } from 'vitest';
import { queryOf, rangeOf, statisticsOf, stepOf, stepsOf } from './filter.ts';

const now = Date.parse('2026-11-23T12:00:00Z');
const query = (text: string) => queryOf(new URLSearchParams(text), now);

describe('what the API is asked', () => {
  test('a day, unless another time is asked for', () => {
    expect(query('')).toEqual({ since: '2026-11-22T12:00:00.000Z' });
    expect(query('period=hour')).toEqual({ since: '2026-11-23T11:00:00.000Z' });
    expect(query('period=ever')).toEqual({});
    expect(query('period=own&since=2026-11-01T00:00Z&until=2026-11-02T00:00Z')).toEqual({
      since: '2026-11-01T00:00:00.000Z',
      until: '2026-11-02T00:00:00.000Z',
    });
    expect(rangeOf(new URLSearchParams('period=own&since=soon'), now)).toEqual({});
  });

  test('every filter, and none that says nothing', () => {
    expect(
      query(
        'period=ever&number=%2B4930*&trunk=itsp&reason=busy&site=berlin&user=anna&route=out&emergency=true&status=486&outcome=failed',
      ),
    ).toEqual({
      number: '+4930*',
      trunk: 'itsp',
      reason: 'busy',
      site: 'berlin',
      user: 'anna',
      route: 'out',
      emergency: 'true',
      status: 486,
      failed: 'true',
    });
    expect(query('period=ever&number=+&status=4&emergency=no&outcome=any')).toEqual({});
    expect(query('period=ever&outcome=unanswered')).toEqual({ answered: 'false' });
    expect(query('period=ever&outcome=answered')).toEqual({ answered: 'true' });
  });
});

test('steps that people count in, some sixty to three hundred of them', () => {
  const hour = 3_600_000;
  expect([hour, 24 * hour, 7 * 24 * hour, 30 * 24 * hour, 365 * 24 * hour].map(stepOf)).toEqual([
    60, 300, 3_600, 21_600, 604_800,
  ]);
  expect(stepOf(40 * 365 * 24 * hour)).toBe(2_592_000);
});

describe('sums that are asked for', () => {
  const of = (text: string, own?: string[]) => statisticsOf(new URLSearchParams(text), now, own);
  const day = { since: new Date(now - 86_400_000).toISOString(), until: new Date(now).toISOString() };

  test('follow the list, and have a way, a site and a step of their own', () => {
    expect(of('')).toEqual({ ...day, intervalSeconds: 300 });
    expect(of('way=in&over=berlin&step=3600&reason=busy&number=%2B49')).toEqual({
      ...{ ...day, intervalSeconds: 3600, reason: 'busy' },
      ...{ site: 'berlin', direction: 'inbound' },
    });
  });

  test('of a trunk have no site: the API refuses both', () => {
    expect(of('trunk=itsp&over=berlin&way=in')).toEqual({ ...day, intervalSeconds: 300, trunk: 'itsp', part: 'from' });
    expect(of('trunk=itsp&way=out')).toEqual({ ...day, intervalSeconds: 300, trunk: 'itsp' });
  });

  test('of who has some sites are of one of them', () => {
    expect(of('', ['bonn', 'berlin'])).toMatchObject({ site: 'bonn' });
    expect(of('over=berlin', ['bonn', 'berlin'])).toMatchObject({ site: 'berlin' });
    expect(of('trunk=itsp', ['bonn'])).not.toHaveProperty('site');
  });

  test('have no more steps than a line has points, and none without a time', () => {
    expect(of('period=ever&step=60')).toMatchObject({ intervalSeconds: 86_400 * 7 });
    expect(stepsOf(3_600_000)).toEqual([60, 300, 900]);
    expect(of('period=own&since=2026-01-02T00:00Z&until=2026-01-01T00:00Z')).toBeUndefined();
  });
});

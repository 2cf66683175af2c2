import { describe, expect, test } from 'vitest';
import { DigestClient } from '#codec/digest';
import { Sensitive } from '#kernel';
import { challenge, hour, ok, type Script, settingsOf, targetOf, targets, World } from './registration.testing.ts';
import { Registration } from './registration.ts';
import { startAfter } from './times.ts';

/* A thousand trunks at one registrar. */

const count = 1_000;
const perSecond = 20;

function herd(script: Script, flowJitter?: number): { readonly world: World; readonly all: readonly Registration[] } {
  const world = new World(script, 11);
  const all = Array.from({ length: count }, (_, place) => {
    const settings = settingsOf({ user: `trunk${place}`, ...(flowJitter !== undefined && { flowJitter }) });
    const { random } = world.services;
    const authorizer = new DigestClient([{ username: settings.user, password: new Sensitive('secret') }], random);
    const registration = new Registration(settings, { ...world.services, authorizer }, world.now);
    registration.start(world.now, startAfter(place, perSecond, random));
    return registration;
  });
  return { world, all };
}

/** The most REGISTERs of any second since `from`. */
function busiest(world: World, from = 0): number {
  const seconds = new Map<number, number>();
  for (const { at } of world.sent) {
    if (at < from) continue;
    const second = Math.floor(at / 1000);
    seconds.set(second, (seconds.get(second) ?? 0) + 1);
  }
  return Math.max(...seconds.values());
}

const challenging: Script = (sent) =>
  sent.request.get('authorization') ? ok(sent) : { status: 401, headers: challenge('n') };

describe('a thousand trunks', () => {
  test('start without a burst, and drift apart', () => {
    const { world, all } = herd(challenging);
    world.run((count / perSecond) * 1000 + 1_000);
    expect(all.every(({ stage }) => stage === 'registered')).toBe(true);
    expect(busiest(world)).toBeLessThanOrEqual(2 * perSecond + 2); // Two REGISTERs each, the second of a few a second later.
    const later = world.mono;
    world.run(2 * hour);
    expect(all.every(({ stage }) => stage === 'registered')).toBe(true);
    expect(busiest(world, later)).toBeLessThanOrEqual(10);
  });

  test('do not come all at once when their registrar is back', () => {
    let up = true;
    const { world, all } = herd((sent) => (up ? ok(sent, 300) : 'refused'));
    world.run((count / perSecond) * 1000 + 1_000);
    up = false;
    world.run(hour);
    expect(all.every(({ stage }) => stage === 'failed' || stage === 'registering')).toBe(true);
    const later = world.mono;
    up = true;
    world.run(hour);
    expect(all.every(({ stage }) => stage === 'registered' || stage === 'refreshing')).toBe(true);
    expect(busiest(world, later)).toBeLessThanOrEqual(perSecond);
  });

  test('that share a connection come back over as long as they are told', () => {
    const { world, all } = herd((sent) => ok(sent), 50_000);
    world.found = targets(targetOf('192.0.2.1', 'tls'));
    world.run((count / perSecond) * 1000 + 1_000);
    const later = world.mono;
    for (const registration of all) registration.flowClosed(registration.flow!.connection!, 'reset', world.now);
    world.run(50_100);
    expect(all.every(({ stage }) => stage === 'registered')).toBe(true);
    expect(busiest(world, later)).toBeLessThanOrEqual(2 * perSecond);
  });
});

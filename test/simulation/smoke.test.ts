import { describe, expect, test } from 'vitest';
import type { Effect } from '#engine/ports';
import { simulate } from '#sim';
import { describe as told } from './describe.ts';

/** Each showed something that was then put right; the first ones are the usual mixture. */
const fixed = [
  1, 2, 3, 4, 5, 6, 7, 8, 14, 15, 17, 20, 28, 75, 111, 168, 249, 258, 263, 482, 670, 741, 1061, 1532, 1541, 2377,
];
const fresh = Array.from({ length: 10 }, () => Math.floor(Math.random() * 1_000_000_000));

/** The first failure among these, as a ladder with the command that plays it again. */
function firstFailure(seeds: readonly number[]): string | undefined {
  for (const seed of seeds) {
    const outcome = simulate(seed);
    if (outcome.failure) return told(outcome);
  }
  return undefined;
}

test('seeds that once showed something', { timeout: 60_000 }, () => {
  expect(firstFailure(fixed)).toBeUndefined();
});

test(`fresh seeds: ${fresh.join(' ')}`, { timeout: 60_000 }, () => {
  expect(firstFailure(fresh)).toBeUndefined();
});

test('the same seed is the same world', () => {
  const ladder = () =>
    simulate(20, { tamper: (effect) => (effect.kind === 'record' ? undefined : effect), ladder: 500 });
  const first = ladder();
  expect(first.failure?.ladder.length).toBeGreaterThan(100);
  expect(ladder()).toEqual(first);
});

describe('what is broken is found', () => {
  const seeds = Array.from({ length: 12 }, (_, i) => i + 1);
  const found = (tamper: (effect: Effect) => Effect | undefined) =>
    seeds.map((seed) => simulate(seed, { tamper }).failure?.what ?? '').filter((what) => what !== '');
  const sent = (change: (octets: string) => string) => (effect: Effect) =>
    effect.kind === 'send' ? { ...effect, octets: change(effect.octets) } : effect;

  test('a record that is not written', () => {
    const failures = found((effect) => (effect.kind === 'record' ? undefined : effect));
    expect(failures.join('\n')).toMatch(/does not end|not at rest|no record/);
  });

  test('a media session that is not closed', () => {
    const failures = found((effect) =>
      effect.kind === 'media' && effect.request.kind === 'close' ? undefined : effect,
    );
    expect(failures.join('\n')).toContain('media sessions are left');
  });

  test('a checkpoint that is not kept', () => {
    const failures = found((effect) => (effect.kind === 'checkpoint' ? undefined : effect));
    expect(failures.join('\n')).toMatch(/did not outlive the process|no record/);
  });

  test('a checkpoint that is not forgotten', () => {
    const failures = found((effect) => (effect.kind === 'forget' ? undefined : effect));
    expect(failures.join('\n')).toContain('checkpoints are left');
  });

  test('a BYE that is not sent on', () => {
    const failures = found((effect) =>
      effect.kind === 'send' && effect.octets.startsWith('BYE ') ? undefined : effect,
    );
    expect(failures.join('\n')).toContain('was not told');
  });

  test('an ACK that is not sent', () => {
    const failures = found((effect) =>
      effect.kind === 'send' && effect.octets.startsWith('ACK ') ? undefined : effect,
    );
    expect(failures.join('\n')).toContain('no ACK');
  });

  test('an address of the other side', () => {
    const failures = found(sent((octets) => octets.replace('Contact: <', 'Contact: "10.0.0.20" <')));
    expect(failures.join('\n')).toContain('is shown 10.0.0.20');
  });

  test('SDP that passes as it came', () => {
    const failures = found(sent((octets) => octets.replace(/c=IN IP4 [\d.]+/, 'c=IN IP4 192.0.2.99')));
    expect(failures.join('\n')).toContain('SDP names 192.0.2.99');
  });

  test('a media plan that is not brought up to date', () => {
    const planned = new Set<string>();
    const failures = found((effect) => {
      if (effect.kind !== 'media' || effect.request.kind !== 'apply') return effect;
      const { session } = effect.request.plan;
      if (planned.has(session)) return undefined;
      planned.add(session);
      return effect;
    });
    expect(failures.join('\n')).toContain('is not heard');
  });

  test('another final response', () => {
    let n = 0;
    const failures = found(
      sent((octets) => (octets.startsWith('SIP/2.0 200') ? octets.replace(/(To: [^\r]*tag=)/, `$1${n++}`) : octets)),
    );
    expect(failures.join('\n')).toMatch(/two final responses/);
  });
});

import { describe, expect, test } from 'vitest';
import type { Effect } from '#engine/ports';
import { faults, type SimulationOptions, simulate } from '#sim';
import { describe as told } from './describe.ts';

/**
 * Always the same, so that a change of ours shows. What a seed once found is a ladder in test/scenario: whenever the simulator learns
 * something new, every seed becomes another world.
 */
const fixed = Array.from({ length: 50 }, (_, i) => i + 1);
const fresh = Array.from({ length: 25 }, () => Math.floor(Math.random() * 1_000_000_000));

/** The first failure among these, as a ladder with the command that plays it again. */
function firstFailure(seeds: readonly number[]): string | undefined {
  for (const seed of seeds) {
    const outcome = simulate(seed);
    if (outcome.failure) return told(outcome);
  }
  return undefined;
}

test('fixed seeds', { timeout: 60_000 }, () => {
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

test('a kept registration that cannot be read is made anew', () => {
  const unreadable = (effect: Effect): Effect =>
    effect.kind === 'checkpoint' && effect.call.startsWith('registration:') ? { ...effect, state: '{"v":1}' } : effect;
  for (let seed = 1; seed <= 15; seed++) expect(simulate(seed, { tamper: unreadable }).failure).toBeUndefined();
});

describe('what is broken is found', () => {
  const tries = 200;
  /** What the first runs say until one says this; each of them is short. */
  const found = (
    pattern: RegExp,
    tamper: (effect: Effect) => Effect | undefined,
    without: SimulationOptions['without'] = new Set(),
  ) => {
    const said: string[] = [];
    for (let seed = 1; seed <= tries; seed++) {
      const { failure } = simulate(seed, { tamper, without });
      if (failure && pattern.test(failure.what)) return;
      if (failure) said.push(failure.what.slice(0, 100));
    }
    expect.fail(`nothing like ${pattern} in ${tries} runs, but: ${said.join('\n')}`);
  };
  const isSent = (effect: Effect, method: string) => effect.kind === 'send' && effect.octets.startsWith(`${method} `);
  const sent = (change: (octets: string) => string) => (effect: Effect) =>
    effect.kind === 'send' ? { ...effect, octets: change(effect.octets) } : effect;

  test('a record that is not written', () => {
    found(/does not end|not at rest|no record/, (effect) => (effect.kind === 'record' ? undefined : effect));
  });

  test('a media session that is not closed', () => {
    found(/media sessions are left/, (effect) =>
      effect.kind === 'media' && effect.request.kind === 'close' ? undefined : effect,
    );
  });

  test('a checkpoint that is not kept', () => {
    found(/did not outlive the process|no record/, (effect) => (effect.kind === 'checkpoint' ? undefined : effect));
  });

  test('a checkpoint that is not forgotten', () => {
    found(/checkpoints are left/, (effect) => (effect.kind === 'forget' ? undefined : effect));
  });

  test('a BYE that is not sent on', () => {
    found(/was not told/, (effect) =>
      effect.kind === 'send' && effect.octets.startsWith('BYE ') ? undefined : effect,
    );
  });

  test('an ACK that is not sent', () => {
    found(/no ACK/, (effect) => (effect.kind === 'send' && effect.octets.startsWith('ACK ') ? undefined : effect));
  });

  test('an address of the other side', () => {
    found(
      /is shown 10\.0\.0\.20/,
      sent((octets) => octets.replace('Contact: <', 'Contact: "10.0.0.20" <')),
    );
  });

  test('SDP that passes as it came', () => {
    found(
      /SDP names 192\.0\.2\.99/,
      sent((octets) => octets.replace(/c=IN IP4 [\d.]+/, 'c=IN IP4 192.0.2.99')),
    );
  });

  test('a media plan that is not brought up to date', () => {
    const planned = new Set<string>();
    found(/is not heard/, (effect) => {
      if (effect.kind !== 'media' || effect.request.kind !== 'apply') return effect;
      const { session } = effect.request.plan;
      if (planned.has(session)) return undefined;
      planned.add(session);
      return effect;
    });
  });

  test('another final response', () => {
    let n = 0;
    found(
      /two final responses/,
      sent((octets) => (octets.startsWith('SIP/2.0 200') ? octets.replace(/(To: [^\r]*tag=)/, `$1${n++}`) : octets)),
    );
  });

  test('an answer to an UPDATE that is not sent', () => {
    const bare = (octets: string) =>
      octets.replace(/\r\nContent-Length: \d+\r\n\r\n.*/s, '\r\nContent-Length: 0\r\n\r\n');
    found(
      /no answer to (the|an) offer/,
      sent((octets) => (/^SIP\/2\.0 200 .*\r\nCSeq: \d+ UPDATE\r/s.test(octets) ? bare(octets) : octets)),
    );
  });

  test('a session that is not refreshed', () => {
    const isRefresh = (effect: Effect) =>
      isSent(effect, 'UPDATE') ||
      (isSent(effect, 'INVITE') && effect.kind === 'send' && /\r\nTo: .*;tag=/.test(effect.octets));
    // Where a message may have been on its way, nobody is to blame.
    found(/nobody has refreshed/, (effect) => (isRefresh(effect) ? undefined : effect), new Set(faults));
  });

  test('a trunk that does not register', () => {
    found(/is not registered though its peer lives/, (effect) => (isSent(effect, 'REGISTER') ? undefined : effect));
  });

  test('a registration that is not refreshed', () => {
    const registered = new Set<string>();
    found(/a registration ran out|is not registered/, (effect) => {
      if (effect.kind !== 'send' || !isSent(effect, 'REGISTER')) return effect;
      const callId = /Call-ID: (.*)\r/.exec(effect.octets)![1]!;
      const isLate = Number(/CSeq: (\d+)/.exec(effect.octets)![1]) > 3;
      registered.add(callId);
      return isLate ? undefined : effect;
    });
  });

  test('a trunk that is not asked whether it lives', () => {
    found(/is not up though its peer lives/, (effect) => (isSent(effect, 'OPTIONS') ? undefined : effect));
  });

  test('a name that is not asked for', () => {
    found(/is not (up|registered) though/, (effect) => (effect.kind === 'resolve' ? undefined : effect));
  });

  test('a call to a registered trunk by another connection', () => {
    let n = 0;
    found(/is called by elsewhere-\d+, and registered by/, (effect) => {
      if (effect.kind !== 'send' || effect.flow.connection === undefined || !isSent(effect, 'INVITE')) return effect;
      return { ...effect, flow: { ...effect.flow, connection: `elsewhere-${n++}` } };
    });
  });

  test('a place that is told to who does not help', () => {
    found(
      /is told a place/,
      sent((octets) => octets.replace(/^(INVITE .*\r\n)/, '$1Geolocation: <https://lis.example/x>\r\n')),
    );
  });

  test('a call for help that nobody is told of', () => {
    found(/nobody was told of/, (effect) => (effect.kind === 'notify' ? undefined : effect));
  });

  test('a telephone that rings on', () => {
    found(/rings on though/, (effect) => (isSent(effect, 'CANCEL') ? undefined : effect));
  });

  test('a telephone that rings after its time', () => {
    const longer = (octets: string) => octets.replace(/(Contact: <sip:\w+-\d@[^\r]*;expires=)\d+/g, '$11');
    found(
      /after its registration was over|it is not among those/,
      sent((octets) => (octets.startsWith('SIP/2.0 200') ? longer(octets) : octets)),
    );
  });

  test('credentials that are wrong', () => {
    found(
      /with credentials that are wrong/,
      sent((octets) => octets.replace(/(uthorization: .*username=")/, '$1not-')),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Bandwidth, Site } from '#policy/configuration';
import { audioBandwidth, plainFraming } from './codec-bandwidth.ts';
import { Room } from './room.ts';

const bandwidth = (audio: number, audioSession = audio, video = 0, videoSession = video): Bandwidth => ({
  audio,
  audioSession,
  video,
  videoSession,
});
const site = (name: string, region: string, of?: Bandwidth): Site => ({
  name,
  kind: 'central',
  region,
  subnets: [],
  resilient: false,
  survivability: 'none',
  ...(of ? { bandwidth: of } : {}),
});
const voice = { audio: 80, video: 0 };

describe('what a codec takes one way', () => {
  test.each([
    ['PCMA', {}, 80],
    ['PCMU', { link: 18 }, 87.2],
    ['PCMA', { link: 18, srtp: 12 }, 92],
    ['PCMA', { ipv6: true }, 88],
    ['PCMA', { ptime: 30 }, 64 + 32 / 3],
    ['G729', {}, 24],
    ['g722', {}, 80],
    ['PCMA', { rtcp: 0.05 }, 84],
    ['PCMA', { tunnel: 50 }, 100],
    ['nobody-knows', {}, 80],
  ])('%s with %o: %d kbit/s', (codec, framing, kbits) => {
    expect(audioBandwidth(codec, { ...plainFraming, ...framing })).toBeCloseTo(kbits, 6);
  });
});

describe('the way between two sites', () => {
  const room = new Room({
    sites: [
      site('tokyo', 'asia', bandwidth(1000)),
      site('osaka', 'asia', bandwidth(200)),
      site('paris', 'europe', bandwidth(500)),
      site('itsp', 'asia', bandwidth(0)),
      site('lima', 'america'),
    ],
    regionLinks: [{ between: ['asia', 'europe'], bandwidth: bandwidth(400) }, { between: ['europe', 'america'] }],
    siteLinks: [{ between: ['tokyo', 'itsp'], bandwidth: bandwidth(180) }],
  });
  const why = (from: string, to: string, audio: number) => room.refusal([from, to], { audio, video: 0 });

  test('is the access of each', () => {
    expect(why('tokyo', 'osaka', 180)).toBeUndefined();
    expect(why('tokyo', 'osaka', 181)).toBe(
      'the link of osaka has 180 of 200 kbit/s of audio left, and 181 are needed',
    );
  });

  test('and what joins their regions', () => {
    expect(why('tokyo', 'paris', 361)).toMatch('the link between asia and europe');
    expect(why('lima', 'tokyo', 361)).toMatch('the link between asia and europe');
  });

  test('or the link that they have for themselves, whatever else there is', () => {
    expect(why('tokyo', 'itsp', 160)).toBeUndefined();
    expect(why('itsp', 'tokyo', 170)).toMatch('the link between tokyo and itsp');
    expect(why('osaka', 'itsp', 1)).toBe('the link of itsp lets a call have 0 kbit/s of audio, not 1');
  });

  test('within a site, or to a place that nobody knows, is as wide as it likes', () => {
    expect(why('tokyo', 'tokyo', 10_000)).toBeUndefined();
    expect(room.refusal([undefined, 'osaka'], { audio: 10_000, video: 0 })).toBeUndefined();
  });

  test('by way of where its media passes', () => {
    expect(room.refusal(['osaka', 'tokyo', 'itsp'], { audio: 170, video: 0 })).toMatch('tokyo and itsp');
  });
});

describe('calls take their part', () => {
  const made = () => new Room({ sites: [site('a', 'r', bandwidth(400, 100, 1000, 600)), site('b', 'r')] });

  test('up to what is kept for emergencies', () => {
    const room = made();
    const calls = [{}, {}, {}, {}];
    for (const call of calls) room.take(call, ['a', 'b'], voice);
    expect(room.refusal(['a', 'b'], voice)).toBe('the link of a has 40 of 400 kbit/s of audio left, and 80 are needed');
    expect(room.refusal(['a', 'b'], voice, true)).toBeUndefined();
    room.release(calls[0]!);
    expect(room.refusal(['a', 'b'], voice)).toBeUndefined();
  });

  test('one alone no more than a session may', () => {
    const room = made();
    expect(room.refusal(['a', 'b'], { audio: 101, video: 0 })).toBe(
      'the link of a lets a call have 100 kbit/s of audio, not 101',
    );
    expect(room.refusal(['a', 'b'], { audio: 80, video: 700 })).toMatch('600 kbit/s of video, not 700');
    room.take({}, ['a', 'b'], { audio: 80, video: 600 });
    expect(room.refusal(['a', 'b'], { audio: 80, video: 500 })).toMatch('400 of 1000 kbit/s of video left');
  });

  test('who takes again gives back what it had', () => {
    const room = made();
    const call = {};
    for (let i = 0; i < 10; i++) room.take(call, ['a', 'b'], voice);
    expect(room.inspect()).toMatchObject([{ link: 'the link of a', calls: 1, audio: 80 }]);
    room.take(call, ['a', 'a'], voice);
    expect(room.inspect()).toMatchObject([{ calls: 0, audio: 0 }]);
  });

  test('what is used is what the live calls take, whatever came before', () => {
    const step = fc.record({ call: fc.nat(9), takes: fc.boolean(), audio: fc.integer({ min: 1, max: 100 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const room = made();
        const calls = Array.from({ length: 10 }, () => ({}));
        const live = new Map<number, number>();
        for (const { call, takes, audio } of steps) {
          if (takes) {
            room.take(calls[call]!, ['a', 'b'], { audio, video: 0 });
            live.set(call, audio);
          } else {
            room.release(calls[call]!);
            live.delete(call);
          }
        }
        const used = [...live.values()].reduce((sum, audio) => sum + audio, 0);
        expect(room.refusal(['a', 'b'], { audio: 1, video: 0 }, true) !== undefined).toBe(used + 1 > 400);
        expect(room.inspect()[0]?.audio ?? 0).toBe(used);
      }),
    );
  });
});

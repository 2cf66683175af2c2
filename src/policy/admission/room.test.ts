import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Bandwidth, Configuration, Emergency, Site } from '#policy/configuration';
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
/** A tenth of each link is kept for calls for help. */
const emergency: Emergency = { numbers: [], to: [], sites: {}, locations: [], notify: [], callback: 1 };
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
    emergency,
  });
  const why = (from: string, to: string, audio: number) => room.refusal([from, to], { audio, video: 0 });

  test('has limits or has none', () => {
    expect(room.limits(['tokyo', 'osaka'])).toBe(true);
    expect(room.limits(['osaka', 'osaka', 'paris'])).toBe(true);
    expect(room.limits(['tokyo', 'tokyo'])).toBe(false);
    expect(room.limits(['tokyo', undefined])).toBe(false);
  });

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
  const sites = [site('a', 'r', bandwidth(400, 100, 1000, 600)), site('b', 'r'), site('c', 'r')];
  const made = (more: Partial<Configuration> = {}) => new Room({ sites, ...more });

  test('up to what is kept for calls for help, where there are such', () => {
    const room = made({ emergency });
    const calls = [{}, {}, {}, {}];
    for (const call of calls) room.take(call, [['a', 'b']], voice);
    expect(room.refusal(['a', 'b'], voice)).toBe('the link of a has 40 of 400 kbit/s of audio left, and 80 are needed');
    room.release(calls[0]!);
    expect(room.refusal(['a', 'b'], voice)).toBeUndefined();
    const open = made();
    for (const call of calls) open.take(call, [['a', 'b']], voice);
    expect(open.refusal(['a', 'b'], voice)).toBeUndefined();
  });

  test('a link that they pass there and back is taken twice', () => {
    const room = made();
    expect(room.refusal(['a', 'b', 'a'], { audio: 100, video: 0 })).toBeUndefined();
    const call = {};
    room.take(call, [['a', 'b', 'a']], voice);
    expect(room.inspect()).toMatchObject([{ calls: 1, audio: 160 }]);
    room.take({}, [['a', 'b']], voice);
    expect(room.refusal(['a', 'b', 'a'], { audio: 100, video: 0 })).toBe(
      'the link of a has 160 of 400 kbit/s of audio left, and 200 are needed',
    );
    room.release(call);
    expect(room.inspect()).toMatchObject([{ calls: 1, audio: 80, refused: 1 }]);
  });

  test('one alone no more than a session may', () => {
    const room = made();
    expect(room.refusal(['a', 'b'], { audio: 101, video: 0 })).toBe(
      'the link of a lets a call have 100 kbit/s of audio, not 101',
    );
    expect(room.refusal(['a', 'b'], { audio: 80, video: 700 })).toMatch('600 kbit/s of video, not 700');
    room.take({}, [['a', 'b']], { audio: 80, video: 600 });
    expect(room.refusal(['a', 'b'], { audio: 80, video: 500 })).toMatch('400 of 1000 kbit/s of video left');
  });

  test('who comes in place of others needs no more than the difference', () => {
    const room = made();
    const [one, other] = [{}, {}];
    for (const call of [one, other, {}, {}, {}]) room.take(call, [['a', 'b']], voice);
    expect(room.refusal(['a', 'b'], voice)).toBeDefined();
    expect(room.refusal(['a', 'b'], voice, [one])).toBeUndefined();
    expect(room.refusal(['a', 'b'], { audio: 100, video: 0 }, [one])).toBeDefined();
    expect(room.refusal(['a', 'b'], { audio: 100, video: 0 }, [one, other])).toBeUndefined();
  });

  test('one that may go several ways takes each of their links, as often as the way that passes it most', () => {
    const room = made();
    const [rings, other] = [{}, {}];
    room.take(
      rings,
      [
        ['a', 'b'],
        ['a', 'b', 'a'],
        ['b', 'b'],
      ],
      voice,
    );
    expect(room.inspect()).toMatchObject([{ calls: 1, audio: 160 }]);
    room.take(other, [['a', 'b']], { audio: 200, video: 0 });
    // One of its ways has room for more, the other has not.
    expect(room.growth(rings, { audio: 100, video: 0 })).toBeUndefined();
    expect(room.growth(rings, { audio: 100, video: 600 })).toMatch('are needed');
    room.take(rings, [['a', 'b']], voice);
    expect(room.inspect()).toMatchObject([{ calls: 2, audio: 280 }]);
    room.release(rings);
    room.release(other);
    expect(room.inspect()).toMatchObject([{ calls: 0, audio: 0 }]);
  });

  test('grows where there is room for more', () => {
    const room = made();
    const call = {};
    room.take(call, [['a', 'b']], { audio: 24, video: 0 });
    for (let i = 0; i < 4; i++) room.take({}, [['a', 'b']], voice);
    expect(room.growth(call, { audio: 24, video: 0 })).toBeUndefined();
    expect(room.growth(call, voice)).toBeUndefined();
    expect(room.growth(call, { audio: 81, video: 0 })).toMatch('80 of 400 kbit/s of audio left, and 81');
    expect(room.growth(call, { audio: 24, video: 500 })).toBeUndefined();
    expect(room.growth(call, { audio: 24, video: 601 })).toMatch('not 601');
    expect(room.growth({}, { audio: 9999, video: 0 })).toBeUndefined();
    // Too much of it is taken already: what is no more than before is left alone.
    room.take({}, [['a', 'b']], voice);
    expect(room.growth(call, { audio: 24, video: 0 })).toBeUndefined();
  });

  test('what is claimed nobody else gets, until it is kept or given back', () => {
    const room = made();
    const [one, other] = [{}, {}];
    for (const call of [one, other]) room.take(call, [['a', 'b']], voice);
    const more = { audio: 80, video: 600 };
    expect(room.claim(one, more)).toBeUndefined();
    expect(room.held(one)).toEqual(voice);
    expect(room.inspect()).toMatchObject([{ audio: 160, video: 600 }]);
    expect(room.claim(other, more)).toMatch('400 of 1000 kbit/s of video left, and 600');
    // Where it goes may be known better meanwhile, and what links there are.
    room.take(one, [['a', 'c']], voice);
    room.configure({ sites });
    expect(room.claim(other, more)).toBeDefined();
    room.dropClaim(one);
    expect(room.inspect()).toMatchObject([{ audio: 160, video: 0 }]);
    expect(room.claim(other, more)).toBeUndefined();
    room.keepClaim(other);
    room.dropClaim(other);
    expect(room.held(other)).toEqual(more);
    expect(room.claim(one, more)).toBeDefined();
    expect(room.claim({}, more)).toBeUndefined();
    for (const call of [one, other]) room.release(call);
    expect(room.inspect()).toMatchObject([{ calls: 0, audio: 0, video: 0 }]);
  });

  test('who is to come in place of others takes what it needs beyond what those have, as long as they have it', () => {
    const room = made();
    const [one, other, heir] = [{}, {}, {}];
    room.take(one, [['a', 'b']], voice);
    room.take(other, [['a', 'b']], voice);
    room.take(heir, [['a', 'b', 'a']], { audio: 100, video: 300 }, [one, other]);
    expect(room.inspect()).toMatchObject([{ calls: 3, audio: 200, video: 600 }]);
    // It asks for more by what they have as well: 200 of others, twice 100 of its own.
    room.take({}, [['a', 'b']], { audio: 200, video: 0 });
    expect(room.claim(heir, { audio: 100, video: 400 })).toBeUndefined();
    expect(room.inspect()).toMatchObject([{ audio: 400, video: 800 }]);
    room.dropClaim(heir);
    room.take(one, [['a', 'b']], { audio: 100, video: 100 });
    expect(room.inspect()).toMatchObject([{ audio: 400, video: 600 }]);
    room.release(one);
    expect(room.inspect()).toMatchObject([{ calls: 3, audio: 400, video: 600 }]);
    room.take(heir, [['a', 'b']], voice);
    expect(room.inspect()).toMatchObject([{ audio: 360, video: 0 }]);
    room.release(other);
    expect(room.inspect()).toMatchObject([{ calls: 2, audio: 280 }]);
  });

  test('who takes again gives back what it had', () => {
    const room = made();
    const call = {};
    for (let i = 0; i < 10; i++) room.take(call, [['a', 'b']], voice);
    expect(room.inspect()).toMatchObject([{ link: 'the link of a', calls: 1, audio: 80 }]);
    expect(room.held(call)).toEqual(voice);
    room.take(call, [['a', 'a']], voice);
    expect(room.inspect()).toMatchObject([{ calls: 0, audio: 0 }]);
    expect(room.held(call)).toBeUndefined();
  });

  test('what is used is what the live calls take, whatever came before', () => {
    const step = fc.record({
      call: fc.nat(9),
      way: fc.constantFrom(undefined, ['a', 'b'], ['a', 'c'], ['a', 'b', 'a'], ['b', 'c'], ['a', undefined]),
      // As codecs have it: parts of a kbit.
      audio: fc.integer({ min: 1, max: 100_000 }).map((audio) => audio / 1000),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const room = made();
        const calls = Array.from({ length: 10 }, () => ({}));
        const live = new Map<number, number>();
        for (const { call, way, audio } of steps) {
          if (way) {
            room.take(calls[call]!, [way], { audio, video: 0 });
            const times = way.length === 3 ? 2 : way[0] === 'a' && way[1] !== undefined ? 1 : 0;
            live.set(call, times * Math.round(audio * 1000));
          } else {
            room.release(calls[call]!);
            live.delete(call);
          }
        }
        const used = [...live.values()].reduce((sum, audio) => sum + audio, 0) / 1000;
        expect(room.refusal(['a', 'b'], { audio: 1, video: 0 }) !== undefined).toBe(used + 1 > 400);
        expect(room.inspect()[0]?.audio ?? 0).toBe(used);
      }),
    );
  });
});

/** Profiles of the planning of a branch's link, kbit/s: audio, a session of it, video, a session of that. */
describe.each([
  ['5 Mbit/s', [2000, 200, 1400, 700], 25, 2],
  ['10 Mbit/s', [4000, 200, 2800, 700], 50, 4],
  ['25 Mbit/s', [10_000, 200, 7000, 700], 125, 10],
  ['50 Mbit/s', [20_000, 200, 14_000, 700], 250, 20],
] as const)('a link of %s', (_, [audio, audioSession, video, videoSession], voices, pictures) => {
  test(`has room for ${voices} calls of G.711, or ${pictures} with video`, () => {
    for (const [need, most] of [
      [voice, voices],
      [{ audio: 80, video: 700 }, pictures],
    ] as const) {
      const room = new Room({
        sites: [site('branch', 'r', bandwidth(audio, audioSession, video, videoSession)), site('centre', 'r')],
      });
      let calls = 0;
      for (; room.refusal(['branch', 'centre'], need) === undefined; calls++)
        room.take({}, [['branch', 'centre']], need);
      expect(calls).toBe(most);
    }
  });
});

describe('shapes of networks', () => {
  test('a provider is a site that has no bandwidth of its own: the link to it counts', () => {
    const room = new Room({
      sites: [site('office', 'r'), site('itsp', 'r', bandwidth(0))],
      siteLinks: [{ between: ['office', 'itsp'], bandwidth: bandwidth(160, 100) }],
    });
    for (let i = 0; i < 2; i++) {
      expect(room.refusal(['office', 'itsp'], voice)).toBeUndefined();
      room.take({}, [['office', 'itsp']], voice);
    }
    expect(room.refusal(['office', 'itsp'], voice)).toBe(
      'the link between office and itsp has 0 of 160 kbit/s of audio left, and 80 are needed',
    );
  });

  test('MPLS: the cloud is a region, and each office has its access', () => {
    const offices = ['a', 'b', 'c'].map((name) => site(name, 'mpls', bandwidth(160)));
    const room = new Room({ sites: offices });
    room.take({}, [['a', 'b']], voice);
    room.take({}, [['a', 'c']], voice);
    expect(room.refusal(['a', 'b'], voice)).toMatch('the link of a');
    expect(room.refusal(['b', 'c'], voice)).toBeUndefined();
    room.take({}, [['b', 'c']], voice);
    expect(room.refusal(['b', 'c'], voice)).toMatch('the link of b');
    expect(room.inspect()).toMatchObject([{ audio: 160 }, { audio: 160 }, { audio: 160 }]);
  });
});

test('links that are configured anew have the calls that they carry, and count on those that found no room', () => {
  const of = (audio: number) => ({ sites: [site('a', 'r', bandwidth(audio)), site('b', 'r')] });
  const room = new Room(of(80));
  const call = {};
  room.take(call, [['a', 'b']], voice);
  expect(room.refusal(['a', 'b'], voice)).toBeDefined();
  room.configure(of(160));
  expect(room.inspect()).toMatchObject([{ calls: 1, audio: 80, refused: 1 }]);
  expect(room.refusal(['a', 'b'], voice)).toBeUndefined();
  room.configure(of(80));
  expect(room.refusal(['a', 'b'], voice)).toBeDefined();
  const heir = {};
  room.take(heir, [['a', 'b']], voice, [call]);
  room.configure(of(40));
  expect(room.inspect()).toMatchObject([{ calls: 2, audio: 80 }]);
  room.release(call);
  expect(room.inspect()).toMatchObject([{ calls: 1, audio: 80 }]);
  room.release(heir);
  expect(room.inspect()).toMatchObject([{ calls: 0, audio: 0, video: 0, refused: 2 }]);
});

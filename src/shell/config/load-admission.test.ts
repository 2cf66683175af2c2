import { describe, expect, test } from 'vitest';
import { read, told } from './organisation.testing.ts';

const site = (bandwidth: string) => `sites:\n  - name: munich\n    bandwidth: ${bandwidth}\n`;

describe('what calls may take of a link', () => {
  test.each([
    ['a total alone', '800 kbit/s', { audio: 800, audioSession: 175, video: 0, videoSession: 700 }],
    ['a session alone', '{ audio-session: 80 kbit/s }', { audio: 0, audioSession: 80, video: 0, videoSession: 700 }],
    [
      'the least of each',
      '{ audio-session: 40 kbit/s, video: 1 Mbit/s, video-session: 100 kbit/s }',
      { audio: 0, audioSession: 40, video: 1000, videoSession: 100 },
    ],
    ['nothing', '0', { audio: 0, audioSession: 175, video: 0, videoSession: 700 }],
  ])('%s', (_, text, bandwidth) => {
    expect(read(site(text)).sites).toMatchObject([{ bandwidth }]);
  });

  test.each(['{ audio-session: 39 kbit/s }', '{ video-session: 99 kbit/s }', '39 kbit/s', '800'])(
    '%s is an error',
    (text) => expect(told(site(text)).join()).toMatch('TDM-1121'),
  );
});

test('media is anchored at a site', () => {
  const anchored = (name: string) => `sites:\n  - name: munich\nmedia:\n  site: ${name}\n`;
  expect(read(anchored('munich')).media.site).toBe('munich');
  expect(read('').media).not.toHaveProperty('site');
  expect(told(anchored('munch')).join()).toMatch('TDM-1231');
});

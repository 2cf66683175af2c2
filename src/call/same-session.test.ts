import { describe, expect, test } from 'vitest';
import type { SideSession } from './media-state.ts';
import { isSameSession, saidAgain } from './same-session.ts';

const sdp = (version: number | string, rest = 'm=audio 4000 RTP/AVP 8\r\n', name = 'phone 7') =>
  `v=0\r\no=${name} ${version} IN IP4 10.0.0.2\r\ns=o= x 1 y\r\nt=0 0\r\n${rest}`;

describe('a description that comes again', () => {
  test.each<[string, string, string, boolean]>([
    ['the same', sdp(1), sdp(1), true],
    ['its version counted up', sdp(9), sdp(10), true],
    ['another port', sdp(1), sdp(1, 'm=audio 4002 RTP/AVP 8\r\n'), false],
    ['another session', sdp(1), sdp(1, undefined, 'phone 8'), false],
    ['another user', sdp(1), sdp(1, undefined, 'tablet 7'), false],
    ['no o=', 'v=0\r\n', 'v=0\r\ns=-\r\n', false],
    ['half an o=', 'v=0\r\no=a 1', 'v=0\r\no=a 2', false],
    ['nothing and something', '', sdp(1), false],
  ])('%s', (_, one, other, same) => {
    expect(isSameSession(one, other)).toBe(same);
    expect(isSameSession(other, one)).toBe(same);
  });

  test('what holds is said again as it was, or in a new version where another was said since', () => {
    const session = { version: 4, last: sdp(4) } as SideSession;
    expect(saidAgain(session, sdp(4))).toBe(sdp(4));
    expect(session.version).toBe(4);
    const refused = { version: 5, last: sdp(5, 'm=audio 4000 RTP/AVP 9\r\n') } as SideSession;
    expect(saidAgain(refused, sdp(4))).toBe(sdp(6));
    expect(refused).toEqual({ version: 6, last: sdp(6) });
    expect(saidAgain(refused, sdp(6))).toBe(sdp(6));
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatRequest, formatResponse, parseMessage, type SipRequest, type SipResponse } from '#codec/sip-message';
import { SessionTimer, type SessionTimerSettings, usualSessionTimer } from './session-timer.ts';

const head = [
  ['Via', 'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1'],
  ['From', '<sip:a@192.0.2.1>;tag=a'],
  ['To', '<sip:b@192.0.2.2>;tag=b'],
  ['Call-ID', 'c'],
  ['CSeq', '2 INVITE'],
] as const;
type Fields = Readonly<Record<string, string>>;
const request = (fields: Fields) =>
  parseMessage(formatRequest('INVITE', 'sip:b@192.0.2.2', [...head, ...Object.entries(fields)], '')) as SipRequest;
const response = (fields: Fields, status = 200) =>
  parseMessage(formatResponse(status, 'X', [...head, ...Object.entries(fields)], '')) as SipResponse;
const at = (seconds: number) => ({ mono: seconds * 1000, wall: 1e12 + seconds * 1000 });
const timer = (settings: Partial<SessionTimerSettings> = {}) => new SessionTimer({ ...usualSessionTimer, ...settings });
const field = (headers: readonly (readonly [string, string])[], name: string) =>
  headers.find(([known]) => known === name)?.[1];

describe('a 2xx of ours (RFC 4028 9, table 2)', () => {
  const supported = { Supported: 'timer' };
  test.each<[string, Partial<SessionTimerSettings>, Fields, string | undefined, 'us' | 'peer' | undefined]>([
    ['nobody asks', {}, supported, undefined, undefined],
    ['we ask, the peer can', { mode: 'offer' }, supported, '1800;refresher=uac', 'peer'],
    ['we ask, the peer can not', { mode: 'offer' }, {}, '1800;refresher=uas', 'us'],
    ['we ask and want to refresh', { mode: 'offer', refresher: 'us' }, supported, '1800;refresher=uas', 'us'],
    [
      'we ask, and the peer wants no less than',
      { mode: 'offer' },
      { ...supported, 'Min-SE': '4000' },
      '4000;refresher=uac',
      'peer',
    ],
    ['the peer asks', {}, { ...supported, 'Session-Expires': '600' }, '600;refresher=uac', 'peer'],
    ['in the compact form', {}, { k: 'timer', x: '600;refresher=UAS' }, '600;refresher=uas', 'us'],
    ['the peer asks us', {}, { ...supported, 'Session-Expires': '600;refresher=uas' }, '600;refresher=uas', 'us'],
    [
      'its word counts before our wish',
      { refresher: 'us' },
      { ...supported, 'Session-Expires': '600;refresher=uac' },
      '600;refresher=uac',
      'peer',
    ],
    ['our wish', { refresher: 'us' }, { ...supported, 'Session-Expires': '600' }, '600;refresher=uas', 'us'],
    ['a proxy asks for a peer that can not', {}, { 'Session-Expires': '600' }, '600;refresher=uas', 'us'],
    ['too long', {}, { ...supported, 'Session-Expires': '86400' }, '1800;refresher=uac', 'peer'],
    [
      'not under its Min-SE',
      {},
      { ...supported, 'Session-Expires': '86400', 'Min-SE': '7200' },
      '7200;refresher=uac',
      'peer',
    ],
    ['what is no number', {}, { ...supported, 'Session-Expires': 'soon' }, undefined, undefined],
    ['switched off', { mode: 'off' }, { ...supported, 'Session-Expires': '600' }, undefined, undefined],
  ])('%s', (_, settings, fields, expires, refresher) => {
    const machine = timer(settings);
    const headers = machine.answer(request(fields), at(0));
    expect(field(headers, 'Session-Expires')).toBe(expires);
    expect(machine.running?.refresher).toBe(refresher);
    // 9: the UAC has to know what it must do.
    expect(field(headers, 'Require')).toBe(expires?.endsWith('uac') ? 'timer' : undefined);
    expect(field(headers, 'Supported')).toBe(settings.mode === 'off' ? undefined : 'timer');
  });

  test.each<[string, Partial<SessionTimerSettings>, Fields, number | undefined, Fields]>([
    ['too short', {}, { Supported: 'timer', 'Session-Expires': '89' }, 422, { 'Min-SE': '90' }],
    ['too short for us', { minimum: 600_000 }, { Require: 'timer', x: '599' }, 422, { 'Min-SE': '600' }],
    ['no smaller minimum than the standard has', { minimum: 1 }, { k: 'timer', x: '89' }, 422, { 'Min-SE': '90' }],
    ['just long enough', {}, { Supported: 'timer', 'Session-Expires': '90' }, undefined, {}],
    ['one that could make nothing of a 422', {}, { 'Session-Expires': '60' }, undefined, {}],
    ['switched off', { mode: 'off' }, { Supported: 'timer', 'Session-Expires': '10' }, undefined, {}],
    ['switched off, and required', { mode: 'off' }, { Require: 'timer' }, 420, { Unsupported: 'timer' }],
  ])('or a refusal: %s', (_, settings, fields, status, headers) => {
    const refusal = timer(settings).refusal(request(fields));
    expect(refusal?.status).toBe(status);
    expect(Object.fromEntries(refusal?.headers ?? [])).toEqual(headers);
  });

  test('a refresh keeps who refreshes, and one without Session-Expires ends the timer', () => {
    const machine = timer();
    machine.answer(request({ Supported: 'timer', 'Session-Expires': '600;refresher=uas' }), at(0));
    const again = machine.answer(request({ Supported: 'timer', 'Session-Expires': '600' }), at(100));
    expect(field(again, 'Session-Expires')).toBe('600;refresher=uas');
    expect(machine.next()).toEqual({ name: 'session refresh', at: 400_000 });
    machine.answer(request({ Supported: 'timer' }), at(200));
    expect(machine.next()).toBeUndefined();
    expect(machine.state()).toBeUndefined();
  });
});

describe('a request of ours (RFC 4028 7)', () => {
  test.each<[string, Partial<SessionTimerSettings>, Fields]>([
    ['off', { mode: 'off' }, {}],
    ['answer', {}, { Supported: 'timer' }],
    ['answer, with a minimum', { minimum: 300_000 }, { Supported: 'timer', 'Min-SE': '300' }],
    ['offer', { mode: 'offer' }, { Supported: 'timer', 'Session-Expires': '1800' }],
    [
      'offer to refresh',
      { mode: 'offer', refresher: 'us' },
      { Supported: 'timer', 'Session-Expires': '1800;refresher=uac' },
    ],
    [
      'ask the peer to',
      { mode: 'offer', refresher: 'peer' },
      { Supported: 'timer', 'Session-Expires': '1800;refresher=uas' },
    ],
    [
      'no less than the minimum',
      { mode: 'offer', expires: 60_000, minimum: 120_000 },
      { Supported: 'timer', 'Session-Expires': '120', 'Min-SE': '120' },
    ],
  ])('%s', (_, settings, headers) => {
    expect(Object.fromEntries(timer(settings).headers())).toEqual(headers);
  });

  test.each<[string, Partial<SessionTimerSettings>, Fields, object | undefined, string | undefined]>([
    ['the peer refreshes', {}, { x: '600;refresher=uas' }, { expires: 600, refresher: 'peer' }, '600;refresher=uas'],
    ['we refresh', {}, { x: '600;refresher=uac' }, { expires: 600, refresher: 'us' }, '600;refresher=uac'],
    ['it does not say who', {}, { x: '600' }, { expires: 600, refresher: 'us' }, '600;refresher=uac'],
    ['it has no timer', {}, {}, undefined, undefined],
    ['it has none, and we want one', { mode: 'offer' }, {}, { expires: 1800, refresher: 'us' }, '1800;refresher=uac'],
    [
      'it may say less than it should',
      {},
      { x: '5;refresher=uas' },
      { expires: 30, refresher: 'peer' },
      '90;refresher=uas',
    ],
    ['switched off', { mode: 'off' }, { x: '600;refresher=uac' }, undefined, undefined],
  ])('accepted: %s', (_, settings, fields, running, next) => {
    const machine = timer(settings);
    machine.accepted(response(fields), at(0));
    if (running) expect(machine.running).toMatchObject(running);
    else expect(machine.running).toBeUndefined();
    // RFC 4028 7.4: what holds is what the next one asks for.
    expect(field(machine.headers(), 'Session-Expires')).toBe(next);
  });

  test('refused with 422: raised to its Min-SE and said from then on, three times at most', () => {
    const machine = timer({ mode: 'offer', expires: 90_000 });
    for (const minimum of ['120', '600', '7200']) {
      expect(machine.refused(response({ 'Min-SE': minimum }, 422))).toBe(true);
      expect(Object.fromEntries(machine.headers())).toMatchObject({ 'Session-Expires': minimum, 'Min-SE': minimum });
    }
    expect(machine.refused(response({ 'Min-SE': '9000' }, 422))).toBe(false);
    machine.accepted(response({ 'Session-Expires': '7200;refresher=uac' }), at(0));
    expect(machine.refused(response({ 'Min-SE': '9000' }, 422))).toBe(true);
    expect(machine.state()?.minimum).toBe(9000);
  });

  test.each<[string, Fields]>([
    ['it says nothing', {}],
    ['no more than it got', { 'Min-SE': '1800' }],
    ['more than a day', { 'Min-SE': '100000' }],
    ['no number', { 'Min-SE': 'x' }],
  ])('refused with a 422 that can not be obeyed: %s', (_, fields) => {
    const machine = timer({ mode: 'offer' });
    expect(machine.refused(response(fields, 422))).toBe(false);
    expect(field(machine.headers(), 'Session-Expires')).toBe('1800');
  });
});

describe('time (RFC 4028 10)', () => {
  test.each<[string, number, 'uac' | 'uas', object]>([
    ['ours to refresh: halfway', 600, 'uac', { name: 'session refresh', at: 300_000 }],
    ['not ours: 32 s before its end', 600, 'uas', { name: 'session expiry', at: 568_000 }],
    ['not ours and short: a third before', 90, 'uas', { name: 'session expiry', at: 60_000 }],
  ])('%s', (_, expires, refresher, due) => {
    const machine = timer();
    machine.accepted(response({ 'Session-Expires': `${expires};refresher=${refresher}` }), at(0));
    expect(machine.next()).toEqual(due);
  });

  test('a refresh under way, refused, tried again while there is time', () => {
    const machine = timer();
    machine.accepted(response({ 'Session-Expires': '90;refresher=uac' }), at(0));
    machine.refreshing();
    expect(machine.next()).toEqual({ name: 'session expiry', at: 60_000 });
    machine.postponed(at(45));
    expect(machine.next()).toEqual({ name: 'session refresh', at: 52_500 });
    machine.refreshing();
    machine.postponed(at(59));
    expect(machine.next()).toEqual({ name: 'session expiry', at: 60_000 });
    machine.accepted(response({ 'Session-Expires': '90;refresher=uac' }), at(59.5));
    expect(machine.next()).toEqual({ name: 'session refresh', at: 104_500 });
  });

  test('nothing is due of a session without end, nor put off', () => {
    const machine = timer();
    machine.refreshing();
    machine.postponed(at(1));
    expect(machine.next()).toBeUndefined();
  });

  test('a state that is taken up again is due at the same moment, whatever the new clock says', () => {
    const machine = timer({ mode: 'offer', expires: 600_000 });
    expect(machine.refused(response({ 'Min-SE': '900' }, 422))).toBe(true);
    machine.accepted(response({ 'Session-Expires': '900;refresher=uac' }), at(1000));
    const state = JSON.parse(JSON.stringify(machine.state()));
    const restored = SessionTimer.restored(usualSessionTimer, state, { mono: 7, wall: at(1100).wall });
    expect(restored.next()).toEqual({ name: 'session refresh', at: 7 + 350_000 });
    expect(Object.fromEntries(restored.headers())).toMatchObject({
      'Session-Expires': '900;refresher=uac',
      'Min-SE': '900',
    });
    // The wall clock was turned back: not longer than the interval from now.
    const early = SessionTimer.restored(usualSessionTimer, state, { mono: 7, wall: at(10).wall });
    expect(early.next()).toEqual({ name: 'session refresh', at: 7 + 450_000 });
    expect(SessionTimer.restored({ ...usualSessionTimer, mode: 'off' }, state, at(0)).next()).toBeUndefined();
  });

  test('whatever a peer says, what is due lies ahead and within a day, and is never busier than every 15 s', () => {
    const value = fc.oneof(
      fc
        .tuple(fc.nat(), fc.constantFrom('', ';refresher=uac', ';refresher=uas', ';x'))
        .map(([n, more]) => `${n}${more}`),
      fc.string({ unit: 'grapheme-ascii', maxLength: 12 }).map((text) => text.replaceAll(/[\r\n,]/g, '')),
    );
    const fields = fc.record({
      'Session-Expires': value,
      'Min-SE': value,
      Supported: fc.constantFrom('timer', '100rel'),
    });
    const mode = fc.constantFrom<SessionTimerSettings['mode']>('answer', 'offer');
    fc.assert(
      fc.property(mode, fc.array(fc.tuple(fc.boolean(), fields), { minLength: 1, maxLength: 6 }), (how, messages) => {
        const machine = timer({ mode: how });
        for (const [ours, said] of messages) {
          if (ours) machine.accepted(response(said), at(100));
          else machine.answer(request(said), at(100));
          const due = machine.next();
          if (!due) continue;
          expect(due.at - 100_000).toBeGreaterThanOrEqual(15_000);
          expect(due.at - 100_000).toBeLessThanOrEqual(24 * 3600 * 1000);
        }
      }),
    );
  });
});

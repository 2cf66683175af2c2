import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { itspWith } from './codes-entry.ts';
import { soundFile } from './errors.ts';
import { filesOfExamples } from './files.testing.ts';
import { jsonSchema } from './json-schema.ts';
import { loadConfiguration } from './load.ts';
import { formatProblems } from './problems.ts';

const files = await filesOfExamples();
const usual = ['PCMA', 'PCMU', 'telephone-event', 'CN'];

function load(keys: string, more = '') {
  const text = soundFile.replace(/^trunks:[\s\S]*?(?=^routes:)/m, () => itspWith(keys)) + more;
  return loadConfiguration(text, { file: 'tandem.yaml', env: {}, files });
}

function trunks(keys: string, more?: string) {
  const loaded = load(keys, more);
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  return loaded.configuration.trunks;
}

const itsp = (keys: string, more?: string) => trunks(keys, more)[1]!;

function found(keys: string, more?: string) {
  const loaded = load(keys, more);
  return loaded.ok ? loaded.warnings : loaded.problems;
}

test('what nothing is said of is left to calls, but for the codecs of a provider', () => {
  const settings = [
    'codecs',
    'media',
    'dtmf',
    'fax',
    'hold',
    'offer',
    'reliability',
    'maxEarlyDialogs',
    'ringback',
    'sessionTimer',
  ];
  const [pbx, provider] = trunks('');
  for (const key of [...settings, 'transfer', 'callerIdentity']) {
    expect(pbx).not.toHaveProperty(key);
    if (key !== 'codecs') expect(provider).not.toHaveProperty(key);
  }
  expect(provider!.codecs).toEqual({ allow: usual });
  expect(itsp('', 'media:\n  mode: bypass\n')).not.toHaveProperty('codecs');
});

test('everything that can be said', () => {
  const keys = [
    'codecs: { allow: [g722, PCMA, Telephone-Event], ptime: 30ms }',
    'media: [audio, video]',
    'dtmf: info-dtmf',
    'fax: t38',
    'hold: zero-address',
    'offer: early',
    'reliability: off',
    'max-early-dialogs: 5',
    'ringback: phone',
    'session-timer: { mode: offer, expires: 10m, minimum: 2m, refresher: peer, method: update }',
    'transfer: { redirect: local }',
    'caller-identity: { trusted: true, header: p-preferred-identity, history: diversion, privacy: header }',
  ];
  expect(itsp(`${keys.join('\n')}\n`)).toMatchObject({
    codecs: { allow: ['G722', 'PCMA', 'telephone-event'], ptime: 30 },
    media: ['audio', 'video'],
    dtmf: 'info-dtmf',
    fax: 't38',
    hold: 'zero-address',
    offer: 'early',
    reliability: 'off',
    maxEarlyDialogs: 5,
    ringback: 'phone',
    sessionTimer: { mode: 'offer', expires: 600_000, minimum: 120_000, refresher: 'peer', method: 'update' },
    transfer: { redirect: 'local' },
    callerIdentity: { trusted: true, header: 'p-preferred-identity', history: 'diversion', privacy: 'header' },
  });
});

test('what passes beside calls, and how much of it', () => {
  const passes = 'passes: [MESSAGE, SUBSCRIBE/presence, X-PING]\n';
  const capacity = 'capacity: { messages-per-second: 5, subscriptions: 20 }\n';
  expect(itsp(passes + capacity)).toMatchObject({
    passes: ['MESSAGE', 'SUBSCRIBE/presence', 'X-PING'],
    capacity: { messagesPerSecond: 5, subscriptions: 20 },
  });
  expect(itsp('passes: MESSAGE\n').passes).toEqual(['MESSAGE']);
});

describe('short forms and defaults', () => {
  test.each([
    ['codecs: opus', { allow: ['opus'] }],
    ['codecs: [pcmu, CN]', { allow: ['PCMU', 'CN'] }],
    ['codecs:\n  - PCMU\n  - opus', { allow: ['PCMU', 'opus'] }],
    ['codecs: { allow: G729 }', { allow: ['G729'] }],
    ['codecs: { ptime: 20ms }', { allow: usual, ptime: 20 }],
    ['codecs: { allow: all, ptime: 20ms }', { ptime: 20 }],
    ['codecs: all', undefined],
  ])('%s', (keys, expected) => {
    expect(itsp(`${keys}\n`).codecs).toEqual(expected);
  });

  test('of a session timer', () => {
    const usualTimer = { expires: 1_800_000, minimum: 90_000, refresher: 'either', method: 'either' };
    expect(itsp('session-timer: offer\n').sessionTimer).toEqual({ mode: 'offer', ...usualTimer });
    expect(itsp('session-timer: {}\n').sessionTimer).toEqual({ mode: 'answer', ...usualTimer });
  });

  test('of ringing tones: the trunk’s country, the media’s, what E.180 recommends', () => {
    const hears = (keys: string, more?: string) => itsp(keys, more).ringbackTone?.map(({ hz, ms }) => [...hz, ms]);
    expect(hears('ringback: far\n')).toBeUndefined();
    expect(hears('ringback: tone\n')).toEqual([[425, 1000], [4000]]);
    expect(hears('ringback: tone\n', 'media:\n  ringback-tone: us\n')).toEqual([[440, 480, 2000], [4000]]);
    expect(hears('ringback: tone\nringback-tone: gb\n', 'media:\n  ringback-tone: us\n')).toEqual([
      [400, 450, 400],
      [200],
      [400, 450, 400],
      [2000],
    ]);
  });

  test('of identity: a provider is not believed', () => {
    const told = { header: 'p-asserted-identity', history: 'history-info', privacy: 'header' };
    expect(itsp('caller-identity: {}\n').callerIdentity).toEqual({ trusted: false, ...told });
    const text = soundFile.replace('kind: itsp', 'kind: pstn-gateway\n    side: external\n    caller-identity: {}');
    const other = loadConfiguration(text, { file: 'tandem.yaml', env: {}, files });
    expect(other.ok && other.configuration.trunks[1]).toMatchObject({
      callerIdentity: { trusted: true, ...told },
    });
  });
});

describe('what cannot be meant', () => {
  test.each([
    ['codecs: PMCA', 'TDM-1119', 'trunks[1].codecs.allow[0]', 'Did you mean `PCMA`?'],
    ['codecs: [PCMA, telephone-events]', 'TDM-1119', 'trunks[1].codecs[1]', 'Did you mean `telephone-event`?'],
    ['codecs: { allow: [PCMA, G.729] }', 'TDM-1119', 'trunks[1].codecs.allow[1]', 'Did you mean `G729`?'],
    ['codecs: { allow: [PCMA, xyzzy] }', 'TDM-1119', 'trunks[1].codecs.allow[1]', undefined],
    ['codecs: []', 'TDM-1110', 'trunks[1].codecs', undefined],
    ['codecs: { alow: PCMA }', 'TDM-1101', 'trunks[1].codecs.alow', 'Did you mean `allow`?'],
    ['codecs: { ptime: 20 }', 'TDM-1106', 'trunks[1].codecs.ptime', 'Write 20s, or 20ms.'],
    ['codecs: { ptime: 1s }', 'TDM-1106', 'trunks[1].codecs.ptime', 'Give a duration from 5ms to 200ms.'],
    ['codecs: [PCMA, CN, pcma]', 'TDM-1213', 'trunks[1].codecs[2]', undefined],
    ['codecs: [all, PCMA]', 'TDM-1216', 'trunks[1].codecs', 'Say `all` alone, or name the codecs.'],
    ['codecs: [telephone-event]', 'TDM-1228', 'trunks[1].codecs', undefined],
    ['codecs: PCMA\nmedia: [image]', 'TDM-1216', 'trunks[1].codecs', undefined],
    ['dtmf: rfc2833', 'TDM-1108', 'trunks[1].dtmf', expect.any(String)],
    ['dtmf: rtp-events', 'TDM-1108', 'trunks[1].dtmf', expect.stringContaining('Did you mean `rtp-event`?')],
    ['codecs: G729\ndtmf: inband', 'TDM-1216', 'trunks[1].dtmf', expect.stringContaining('PCMA')],
    ['media: image\ndtmf: info', 'TDM-1216', 'trunks[1].dtmf', undefined],
    ['fax: t.38', 'TDM-1108', 'trunks[1].fax', expect.stringContaining('Did you mean `t38`?')],
    ['media: [image, video]\nfax: audio', 'TDM-1216', 'trunks[1].fax', undefined],
    ['srtp: { mode: required, keys-in-clear: true }\nfax: t38', 'TDM-1216', 'trunks[1].fax', expect.any(String)],
    ['media: [audio, audio]', 'TDM-1213', 'trunks[1].media[1]', undefined],
    ['media: vidio', 'TDM-1108', 'trunks[1].media[0]', expect.stringContaining('Did you mean `video`?')],
    ['max-early-dialogs: 0', 'TDM-1107', 'trunks[1].max-early-dialogs', undefined],
    ['max-early-dialog: 2', 'TDM-1101', 'trunks[1].max-early-dialog', 'Did you mean `max-early-dialogs`?'],
    ['session-timer: { minimum: 60s }', 'TDM-1106', 'trunks[1].session-timer.minimum', undefined],
    ['session-timer: { minimum: 1h }', 'TDM-1229', 'trunks[1].session-timer.minimum', undefined],
    ['ringback-tone: de', 'TDM-1216', 'trunks[1].ringback-tone', expect.stringContaining('`ringback: tone`')],
    ['ringback: tone\nringback-tone: uk', 'TDM-1108', 'trunks[1].ringback-tone', undefined],
    ['ringback: tone\ncodecs: [G729, opus]', 'TDM-1216', 'trunks[1].ringback', undefined],
    ['passes: REGISTER', 'TDM-1120', 'trunks[1].passes[0]', 'Registrations end here.'],
    ['passes: [invite]', 'TDM-1120', 'trunks[1].passes[0]', expect.stringContaining('by the routes')],
    ['passes: message', 'TDM-1120', 'trunks[1].passes[0]', 'Write MESSAGE.'],
    ['passes: MESAGE', 'TDM-1120', 'trunks[1].passes[0]', 'Did you mean `MESSAGE`?'],
    ['passes: MESSAGE/text', 'TDM-1120', 'trunks[1].passes[0]', 'Write MESSAGE alone.'],
    ['passes: SUBSCRIBE/', 'TDM-1120', 'trunks[1].passes[0]', undefined],
    ['passes: MESSAGE', 'TDM-1312', 'trunks[1].passes[0]', undefined],
    ['sessionTimer: offer', 'TDM-1101', 'trunks[1].sessionTimer', 'Did you mean `session-timer`?'],
    [
      'caller-identity: { privacy: header }',
      'TDM-1216',
      'trunks[1].caller-identity.privacy',
      expect.stringContaining('`trusted: true`'),
    ],
  ])('%s', (keys, code, path, cure) => {
    expect(found(`${keys}\n`)).toMatchObject([{ code, path, ...(cure !== undefined && { cure }) }]);
  });

  test('what SDP that passes as it came is to be', () => {
    const codes = found(
      'codecs: PCMA\ndtmf: inband\nmedia: audio\nfax: t38\nhold: inactive\noffer: early\nringback: tone\n',
      'media:\n  mode: bypass\n',
    );
    expect(codes.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'TDM-1227 trunks[1].codecs',
      'TDM-1227 trunks[1].dtmf',
      'TDM-1227 trunks[1].media',
      'TDM-1227 trunks[1].fax',
      'TDM-1227 trunks[1].hold',
      'TDM-1227 trunks[1].offer',
      'TDM-1227 trunks[1].ringback',
    ]);
  });
});

test('an editor takes codecs as a word, a list and a map', () => {
  const schema = z.fromJSONSchema(jsonSchema() as Parameters<typeof z.fromJSONSchema>[0]);
  const trunk = (codecs: unknown) => ({
    listeners: [{ name: 'all', bind: '192.0.2.5' }],
    trunks: [{ name: 'itsp', kind: 'itsp', addresses: '203.0.113.10', codecs }],
    routes: [{ name: 'all', to: 'itsp' }],
  });
  for (const codecs of ['all', ['PCMA', 'pcmu'], { allow: 'PCMA', ptime: '20ms' }])
    expect(schema.safeParse(trunk(codecs)).success).toBe(true);
  expect(schema.safeParse(trunk({ alow: 'PCMA' })).success).toBe(false);
});

describe('rules on messages', () => {
  const rule = (keys: string) => `manipulation:\n  - name: r\n    direction: out\n${keys}`;

  test('everything that can be said', () => {
    const keys = [
      '    methods: [invite, BYE]',
      '    statuses: [18x, 486, 500-599, 4xx]',
      '    dialog: inside',
      '    call: to-trunk',
      '    when:',
      "      - { part: From.user, matches: '^0(.*)$' }",
      '      - { part: Privacy, is: absent }',
      '      - { part: codec, not: g722 }',
      '    do:',
      '      - { add: X-A, value: "{caller} $1" }',
      '      - { set: X-B, value: b }',
      '      - { remove: Supported, matching: 100rel }',
      '      - { replace: Reason, matching: "a(b)", with: "$1" }',
      '      - { copy: From.user, to: X-C }',
      '      - { sdp-add: "a=ptime:20", media: audio }',
      '      - { sdp-remove: "^b=" }',
      '      - { sdp-replace: "^a=x", with: "a=y", media: session }',
      '      - { status: 503, phrase: Later }',
    ];
    expect(itsp(rule(`${keys.join('\n')}\n`)).manipulation).toEqual([
      {
        name: 'r',
        direction: 'out',
        methods: ['INVITE', 'BYE'],
        statuses: [
          { from: 180, to: 189 },
          { from: 486, to: 486 },
          { from: 500, to: 599 },
          { from: 400, to: 499 },
        ],
        dialog: 'inside',
        call: 'to-trunk',
        when: [
          { kind: 'matches', part: 'From.user', pattern: '^0(.*)$' },
          { kind: 'absent', part: 'Privacy' },
          { kind: 'not', part: 'codec', pattern: 'g722' },
        ],
        do: [
          { kind: 'add', part: 'X-A', value: '{caller} $1' },
          { kind: 'set', part: 'X-B', value: 'b' },
          { kind: 'remove', part: 'Supported', matching: '100rel' },
          { kind: 'replace', part: 'Reason', matching: 'a(b)', value: '$1' },
          { kind: 'copy', from: 'From.user', part: 'X-C' },
          { kind: 'sdp-add', value: 'a=ptime:20', media: 'audio' },
          { kind: 'sdp-remove', matching: '^b=' },
          { kind: 'sdp-replace', matching: '^a=x', value: 'a=y', media: 'session' },
          { kind: 'status', status: 503, phrase: 'Later' },
        ],
      },
    ]);
  });

  test.each([
    ['do: { remove: Via }', 'do.remove', 'rule "r": Via is not to be changed'],
    ['do: { set: From, value: x }', 'do.set', 'bears the tag'],
    ['do: { set: X }', 'do', '`set` comes with `value`'],
    ['do: { value: x }', 'do', 'not said what to do'],
    ['do: { add: X, set: X, value: x }', 'do.set', 'stand in one step'],
    ['do: { remove: X, value: x }', 'do.value', 'means nothing with `remove`'],
    ["do: { replace: X, matching: '(', with: x }", 'do.matching', 'the pattern is not sound'],
    ["do: { replace: X, matching: a, with: '$1' }", 'do.with', 'no group 1'],
    ["do: { sdp-replace: '(', with: x }", 'do.sdp-replace', 'the pattern is not sound'],
    ["do: { sdp-add: 'm=audio' }", 'do.sdp-add', 'no line that could be added'],
    ['do: { copy: X-*, to: Y }', 'do.copy', 'stands for many'],
    ['do: { copy: X, to: CSeq }', 'do.to', 'CSeq is not to be changed'],
    ['do: { status: 200 }', 'do.status', 'no status that another can become'],
    ['do: { remove: X }\n    when: { part: Y }', 'when', 'not said what has to hold'],
    ["do: { remove: X }\n    when: { part: Y, matches: '[' }", 'when.matches', 'the pattern is not sound'],
    ['do: { remove: X }\n    when: { part: Y, is: present, not: z }', 'when', 'is and not at once'],
    ['do: { remove: X }\n    of: requests\n    statuses: 180', 'statuses', 'requests have no status'],
  ])('%s', (keys, path, message) => {
    expect(found(rule(`    ${keys}\n`))).toMatchObject([
      { code: 'TDM-1230', path: `trunks[1].manipulation[0].${path}`, message: expect.stringContaining(message) },
    ]);
  });

  test('the examples of the document are sound', () => {
    const text = readFileSync(new URL('../../../docs/manipulation.md', import.meta.url), 'utf8');
    const blocks = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block]) => block!);
    const lists = blocks.map((block) =>
      block.startsWith('- ') ? block : block.slice(block.indexOf('- name: national')).replaceAll('\n      ', '\n'),
    );
    expect(lists.length).toBe(4);
    for (const list of lists) expect(found(`manipulation:\n${list}`)).toEqual([]);
  });

  test('every fault of a rule is told, and no name is given twice', () => {
    const keys = `    do:\n      - remove: Via\n      - { set: X }\n      - remove: CSeq\n  - { name: r, direction: in, do: { remove: X } }\n`;
    expect(found(rule(keys)).map(({ path }) => path.replace('trunks[1].manipulation', ''))).toEqual([
      '[0].do[0].remove',
      '[0].do[1]',
      '[0].do[2].remove',
      '[1].name',
    ]);
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { en } from '../../console/src/i18n/said/en.ts';
import { say } from '../../console/src/i18n/said/say.ts';
import { zhTW } from '../../console/src/i18n/said/zh-TW.ts';
import { outcomes, phrases } from '../../src/api/said/phrases.ts';
import { said } from '../../src/api/said/said.ts';
import { endReasons } from '../../src/cdr/record.ts';

const places = (text: string) => [...text.matchAll(/\{+(\w+)\}+/g)].map(([, name]) => name!).toSorted();

describe.each([
  ['en', en],
  ['zh-TW', zhTW],
])('%s', (name, language) => {
  test('has a word for each end of a call', () => {
    expect(Object.keys(language.causes).toSorted()).toEqual(Object.keys(endReasons).toSorted());
  });

  test('says with a sentence what the server said with it', () => {
    for (const [code, text] of [...phrases, ...outcomes]) {
      const sentence = language.sentences[code];
      if (name === 'en' && sentence === undefined) continue;
      expect(sentence, code).toBeDefined();
      expect(places(sentence!), code).toEqual(places(text));
    }
  });
});

test('all that may be wrong is said, and what to do about it', () => {
  const source = readFileSync(new URL('../../src/api/problems/problems.ts', import.meta.url), 'utf8');
  const written = [...source.matchAll(/said: (?:parts|because|about)\(\s*'([\w-]+)'/g)].map(([, code]) => code!);
  // What is put together there.
  const made = ['certificate', 'trust'].flatMap((kind) =>
    ['problem', 'expires', 'expired'].map((how) => `${kind}-${how}`),
  );
  const others = ['one-way-caller', 'one-way-callee', 'silent-call', 'full', 'nearly-full', 'link-audio', 'link-video'];
  const webhooks = ['ended-gone', 'ended-failing', 'failing', 'dropped'].map((how) => `webhook-${how}`);
  const restarts = ['signalling', 'media', 'management'].map((name) => `restart-${name}`);
  expect(written.length).toBeGreaterThan(10);
  for (const code of [...written, ...made, ...others, ...restarts, ...webhooks]) {
    expect(zhTW.sentences[code], code).toBeDefined();
    expect(zhTW.todo[code], code).toBeDefined();
  }
});

test('what uses a certificate is said in words', () => {
  const parameters = { whose: 'listener wan-tls/tls, trunk itsp', days: 3, until: '2026-12-01' };
  expect(say(zhTW, { code: 'certificate-expires', parameters })).toBe(
    '監聽位址 wan-tls (TLS)、中繼線 itsp 的憑證將於 3 天後（2026-12-01）到期。',
  );
});

test('a sentence within a sentence is said as well; what is not known stays as it is', () => {
  const of = (text: string) => say(zhTW, said(text));
  expect(of('skipped: down since 12:04:31: unreachable: ECONNREFUSED')).toBe(
    '略過：自 12:04:31 UTC 起中斷：無法連線，該處沒有程式在監聽（ECONNREFUSED）',
  );
  expect(of('no: +493012 does not begin with 030')).toBe('不符：+493012 不是以 030 開頭');
  expect(of('skipped: the moon is full')).toBe('略過：the moon is full');
  expect(of('the moon, full')).toBeUndefined();
});

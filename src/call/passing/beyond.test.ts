import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMessage, parseNameAddress, SipRequest } from '#codec/sip-message';
import type { Trunk } from '#policy/configuration';
import { beyondOf, isSameBeyond, nothingBeyond } from './beyond.ts';

const trunk = (name: string, ...passes: string[]) => ({ name, side: 'internal', passes }) as unknown as Trunk;
const [plain, other] = [trunk('plain'), trunk('other')];

function invite(fields: readonly string[]): SipRequest {
  const head = [
    'INVITE sip:1@192.0.2.1 SIP/2.0',
    'Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK1',
    'From: <sip:2@192.0.2.9>;tag=a',
    'To: <sip:1@192.0.2.1>',
    'Call-ID: c',
    'CSeq: 1 INVITE',
    ...fields,
  ];
  const message = parseMessage(`${head.join('\r\n')}\r\n\r\n`);
  if (!(message instanceof SipRequest)) throw new Error('no request');
  return message;
}

const contact = (parameters: string) => beyondOf(invite([`Contact: <sip:room@192.0.2.9>${parameters}`]), plain, other);

describe('features of a Contact', () => {
  test.each([
    [';isfocus', ';isfocus'],
    [';audio;video;automata', ';audio;video;automata'],
    [';language="en,de";duplex="full"', ';language="en,de";duplex="full"'],
    [';+sip.rendering="no";+sip.byeless', ';+sip.rendering="no";+sip.byeless'],
    [';description="<a \\"b\\">"', ';description="<a \\"b\\">"'],
    [';expires=60;q=0.5;methods="INVITE";events="presence";extensions="100rel";schemes="sip"', ''],
    [';+sip.instance="<urn:uuid:1>";reg-id=1;+g.oma.sip-im', ''],
    ['', ''],
  ])('%s', (parameters, features) => {
    expect(contact(parameters).features).toBe(features);
  });

  test('a conference is called by its name; nobody else is', () => {
    expect(contact(';isfocus').conference).toBe('room');
    expect(contact(';audio').conference).toBeUndefined();
    expect(beyondOf(invite(['Contact: <sip:192.0.2.9>;isfocus']), plain, other).conference).toBeUndefined();
  });

  test('who says nothing is as before; who says that he is nothing is', () => {
    const before = contact(';isfocus');
    expect(beyondOf(invite([]), plain, other, before)).toEqual(before);
    expect(beyondOf(invite(['Contact: <sip:1@192.0.2.9>']), plain, other, before)).toBe(nothingBeyond);
    expect(isSameBeyond(before, contact(';isfocus'))).toBe(true);
    expect(isSameBeyond(before, contact(';isfocus;audio'))).toBe(false);
  });

  test('what crosses of any Contact is read again as it was, has a limit, and ends no line', () => {
    const name = fc.constantFrom('audio', 'isfocus', 'text', '+sip.x', 'methods', '+sip.instance', 'class');
    const value = fc.string({ maxLength: 400 }).map((text) => text.replaceAll(/[\r\n\0]/g, ' '));
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.option(value)), { maxLength: 60 }), (parameters) => {
        const text = parameters
          .map(([key, of]) => (of === null ? `;${key}` : `;${key}="${of.replaceAll(/[\\"]/g, '\\$&')}"`))
          .join('');
        const written = parseNameAddress(`<sip:room@192.0.2.9>${text}`);
        fc.pre(written !== undefined);
        const { features } = contact(text);
        expect(features).not.toMatch(/[\r\n]/);
        expect(features.length).toBeLessThan(16 * 800);
        const read = parseNameAddress(`<sip:us>${features}`)!;
        for (const [key, of] of read.params) expect(written.params.get(key)).toBe(of);
        expect(read.params.has('methods') || read.params.has('+sip.instance')).toBe(false);
      }),
    );
  });
});

describe('packages of INFO', () => {
  const [some, all] = [trunk('some', 'INFO/a', 'INFO/b'), trunk('all', 'INFO')];
  const packages = (from: Trunk, to: Trunk, fields: readonly string[]) => beyondOf(invite(fields), from, to).packages;

  test('are told as far as both trunks let them', () => {
    expect(packages(some, all, ['Recv-Info: a, c', 'Recv-Info: b'])).toEqual(['a', 'b']);
    expect(packages(all, some, ['Recv-Info: c, a'])).toEqual(['a']);
    expect(packages(all, plain, ['Recv-Info: a'])).toEqual([]);
    expect(packages(all, all, ['Recv-Info:'])).toEqual([]);
  });

  test('who says nothing of them takes what he took; who says none takes none', () => {
    const before = beyondOf(invite(['Recv-Info: a']), all, all);
    expect(beyondOf(invite([]), all, all, before).packages).toEqual(['a']);
    expect(beyondOf(invite(['Recv-Info:']), all, all, before)).toBe(nothingBeyond);
  });
});

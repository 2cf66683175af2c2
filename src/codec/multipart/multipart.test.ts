import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joinMultipart, splitMultipart } from './index.ts';

const split = (body: string, contentType = 'multipart/mixed;boundary=b') => splitMultipart(contentType, body);

describe('a body of parts', () => {
  test('comes apart as it was put together, whatever octets stand in it', () => {
    const octets = fc.uint8Array({ maxLength: 60 }).map((bytes) => String.fromCharCode(...bytes));
    fc.assert(
      fc.property(fc.array(octets, { minLength: 1, maxLength: 5 }), (bodies) => {
        const joined = joinMultipart(
          bodies.map((body, at) => ({ headers: [['Content-Type', `text/x-${at}`]], body })),
          'q7f3aZ0c11',
        );
        const parts = splitMultipart(joined.contentType, joined.body);
        expect(parts).toMatchObject(bodies.map((body, at) => ({ type: `text/x-${at}`, body })));
      }),
      { numRuns: 200 },
    );
  });

  test('may have words before and after it, LF alone, blanks behind a boundary and folded fields (RFC 2046 5.1.1)', () => {
    const body =
      'preamble\n--b \t\nContent-Type: text/a;\n  x=1\nContent-ID: <me@here>\n\none\n--b\n\ntwo\n--b--\nepilogue\n--b\n';
    expect(split(body)).toEqual([
      { type: 'text/a', contentType: 'text/a; x=1', id: 'me@here', disposition: '', optional: false, body: 'one' },
      { type: 'text/plain', contentType: 'text/plain', id: '', disposition: '', optional: false, body: 'two' },
    ]);
  });

  test('tells which part may be left out (RFC 5621 8)', () => {
    const body =
      '--b\r\nContent-Type: application/isup\r\nContent-Disposition: signal;handling=optional\r\n\r\nx\r\n--b\r\ncontent-disposition: Session\r\n\r\ny\r\n--b--';
    expect(split(body)).toMatchObject([
      { optional: true, disposition: 'signal' },
      { optional: false, disposition: 'session' },
    ]);
  });

  test('a boundary is one at the beginning of a line, and alone on it', () => {
    expect(split('--b\r\n\r\nnot --b\r\n--bc\r\n--b--')).toMatchObject([{ body: 'not --b\r\n--bc' }]);
    expect(split('--a b\r\n\r\nx\r\n--a b--', 'multipart/mixed; boundary="a b"')).toMatchObject([{ body: 'x' }]);
  });

  test.each([
    ['no boundary named', 'multipart/mixed', '--b\r\n\r\n--b--', /no boundary/],
    ['an endless boundary', `multipart/mixed;boundary=${'b'.repeat(71)}`, '', /no boundary/],
    ['none of it', 'multipart/mixed;boundary=b', 'text', /does not stand/],
    ['not closed', 'multipart/mixed;boundary=b', '--b\r\n\r\nx', /closing/],
    ['no parts', 'multipart/mixed;boundary=b', '--b--', /no parts/],
    ['a head that is none', 'multipart/mixed;boundary=b', '--b\r\nnonsense\r\n\r\nx\r\n--b--', /malformed/],
    ['a long head', 'multipart/mixed;boundary=b', `--b\r\nA: ${'a'.repeat(5000)}\r\n\r\nx\r\n--b--`, /too long/],
    ['many parts', 'multipart/mixed;boundary=b', `${'--b\r\n\r\nx\r\n'.repeat(17)}--b--`, /more than 16/],
  ])('is refused: %s', (_what, contentType, body, why) => {
    const parts = splitMultipart(contentType, body);
    expect('fault' in parts && parts.fault).toMatch(why);
  });

  test('never makes us throw', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (type, body) => void splitMultipart(type, body)),
      { numRuns: 300 },
    );
  });
});

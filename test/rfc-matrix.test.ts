import { describe, expect, test } from 'vitest';
import { citationsOf, ladderCitations, sourceCitations, testCitations } from '../scripts/rfc-citations.ts';
import { readSources, rfcMatrix } from '../scripts/rfc-matrix.ts';

const written = (all: readonly { readonly rfc: number; readonly section: string }[]): readonly string[] =>
  all.map(({ rfc, section }) => `${rfc} ${section}`.trim());
const named = (all: readonly { readonly rfc: number; readonly section: string; readonly name: string }[]) =>
  all.map(({ rfc, section, name }) => `${rfc} ${section}: ${name}`);

describe('what a comment cites', () => {
  test.each([
    ['RFC 3261 17.1.1.1 base values in ms.', ['3261 17.1.1.1']],
    ['the answer (RFC 3264 8).', ['3264 8']],
    ['RFC 3325 9.1 and 9.2, and the draft', ['3325 9.1', '3325 9.2']],
    ['AES (RFC 7714 8, 9). On the wire', ['7714 8', '7714 9']],
    ['(RFC 3261 22.2, 22.3; RFC 7616; RFC 8760)', ['3261 22.2', '3261 22.3', '7616', '8760']],
    ['RFC 3550 A.3, RFC 3711 B.2', ['3550 A.3', '3711 B.2']],
    ['RFC 3261 figure 8, and RFC 6026 8.8 for errors', ['3261 figure 8', '6026 8.8']],
    ['(RFC 4028 9, table 2)', ['4028 9', '4028 table 2']],
    ['the module (RFC 10006 7.2)', ['10006 7.2']],
    ['(RFC 3608), and RFC 3608 again', ['3608']],
  ])('%s', (text, cites) => expect(written(citationsOf(text, 3261))).toEqual(cites));

  test.each([
    ["later than most (RFC 3261's 32 s timers)", ['3261']],
    ['after RFC 3261 32 s are over', ['3261']],
    ['an item of a list (RFC 3261 16.7, 5)', ['3261 16.7']],
    ['(RFC 3261 22.4 (6))', ['3261 22.4']],
    ['TANDEM_RFC4475 names a folder', []],
    ['RFC 3263 192.0.2.1', ['3263']],
    ['a year, RFC 3264, 3 streams', ['3264']],
  ])('not what looks like a section: %s', (text, cites) => expect(written(citationsOf(text, 3261))).toEqual(cites));

  test.each([
    ['No transaction (13.2.2.4). Returns', ['3261 13.2.2.4']],
    ['the same (9.1, 17.1.1.3).', ['3261 9.1', '3261 17.1.1.3']],
    ['(8.2.2, 16.3 for Max-Forwards)', ['3261 8.2.2', '3261 16.3']],
    ['18.2.2: when the connection is gone', ['3261 18.2.2']],
    ['RFC 5939 capabilities: the keys too (4.1)', ['5939', '5939 4.1']],
    ['(8.1.2), and RFC 3263 4: where it goes', ['3263 4', '3261 8.1.2']],
    ['from (10.0.0.2) or (0.9), times 1.5 and (12)', []],
  ])('a section by itself: %s', (text, cites) => expect(written(citationsOf(text, 3261))).toEqual(cites));

  test('without any RFC a section by itself is none', () => expect(citationsOf('(9.1)', undefined)).toEqual([]));
});

describe('what a source cites', () => {
  test('in comments that go over lines, and in strings when the RFC is named', () => {
    const text = [
      '/**',
      ' * Same octets for the same call (RFC',
      ' * 3264 8).',
      ' */',
      "export const help = 'The estimate (RFC 3261 17.1.1.1).'; // RFC 3581",
      '// Goes on (RFC 6026',
      '// 7.1).',
      "export const other = ratio(1.5) + '(4.1)';",
    ].join('\n');
    expect(written(sourceCitations(text))).toEqual(['3264 8', '3261 17.1.1.1', '3581', '6026 7.1']);
  });

  test('a section by itself belongs to the RFC that the file named last, or to the one that it is given', () => {
    const text = '/** RFC 3711 3.3. */\nconst a = 1;\n/** Its keys (4.3.2). */\n';
    expect(written(sourceCitations(text))).toEqual(['3711 3.3', '3711 4.3.2']);
    expect(written(sourceCitations(text, 3261))).toEqual(['3711 3.3', '3261 4.3.2']);
  });

  test('a glob or an address of the web begins no comment', () => {
    const text = "const all = ['**/*.ts', 'https://a.example/(9.1)', 'x']; /* (14.1) */";
    expect(written(sourceCitations(text, 3261))).toEqual(['3261 14.1']);
  });
});

describe('what a test cites', () => {
  test('in its name, before it, in it, and in a table of its cases', () => {
    const text = [
      "describe('digest (RFC 7616 3.4)', () => {",
      '  // RFC 2069 2.4.',
      "  test('old clients', () => {",
      '    const nonce = 1; // RFC 8760',
      '  });',
      '  test.each([',
      "    ['folded (RFC 3261 7.3.1)'],",
      "    ['RFC 3261 20.7'],",
      "  ])('%s', () => {});",
      '});',
    ].join('\n');
    expect(named(testCitations(text))).toEqual([
      '7616 3.4: digest (RFC 7616 3.4)',
      '2069 2.4: old clients',
      '8760 : old clients',
      '3261 7.3.1: folded (RFC 3261 7.3.1)',
      '3261 20.7: ', // "%s" names no test, and the one before is another
    ]);
  });

  test('cases that stand elsewhere', () => {
    const text = "test('a', () => {});\n// RFC 3263 4.\ntest.each<Case>(cases.map(of))(\n  'b of $c', () => {});";
    expect(named(testCitations(text))).toEqual(['3263 4: b of $c']);
  });

  test('a ladder in its comments, under its first line', () => {
    const text = '# Hangs up early (RFC 3261 15)\nconfig: one-itsp\n# RFC 3264 8, too.\npbx -> INVITE "RFC 3262 3"\n';
    expect(named(ladderCitations(text))).toEqual([
      '3261 15: Hangs up early (RFC 3261 15)',
      '3264 8: Hangs up early (RFC 3261 15)',
    ]);
  });
});

describe('the matrix', () => {
  const cite = (rfc: number, section: string, name = '') => ({ rfc, section, name });
  const { text, figures } = rfcMatrix([
    { path: 'src/sip/b.ts', kind: 'source', citations: [cite(3261, '9.1'), cite(3261, '10.2'), cite(3261, '')] },
    { path: 'src/sip/a.ts', kind: 'source', citations: [cite(3261, '9.1'), cite(99999, '1')] },
    { path: 'src/sip/a.test.ts', kind: 'test', citations: [cite(3261, '9.1', 'one | *two*'), cite(3262, '3')] },
    { path: 'test/scenario/ladders/x.ladder', kind: 'test', citations: [cite(3261, '9.1', 'A ladder')] },
  ]);

  test('sections in order of their numbers, their files, and their tests by name', () => {
    expect(text).toContain(
      [
        '## RFC 3261: SIP: Session Initiation Protocol',
        '',
        '| Section | Files | Tests |',
        '|---|---|---|',
        '| as a whole | sip/b.ts | – |',
        '| 9.1 | sip/a.ts<br>sip/b.ts | sip/a.test.ts: *one \\| \\*two\\**<br>x.ladder: *A ladder* |',
        '| 10.2 | sip/b.ts | – |',
        '',
        'No test names it: 10.2.',
      ].join('\n'),
    );
    expect(text).toContain('| 3 | – | sip/a.test.ts |');
    expect(text).toContain('| 1 | sip/a.ts | – |\n\nNo test names any of it.');
  });

  test('counts what it shows', () => {
    expect(figures).toEqual({ rfcs: 3, sections: 3, withTest: 1, withoutTest: 2, testsOnly: 1, untitled: [99999] });
  });

  test('is the same in whatever order files were found, and reads this tree', () => {
    const sources = readSources();
    const matrix = rfcMatrix(sources);
    expect(rfcMatrix([...sources].reverse()).text).toBe(matrix.text);
    expect(matrix.figures.rfcs).toBeGreaterThan(100);
    expect(matrix.figures.withTest).toBeGreaterThan(80);
  });
});

import { leaf } from './leaves.ts';
import { type Pattern, readPattern } from './pattern.ts';
import { fault } from './problems.ts';
import type { NumberLength } from './rule-builder.ts';

/** Kinds of single values that numbers bring along. */

/** `text`: as the file says it. */
export const pattern = () =>
  leaf(
    (text): { value: Pattern & { text: string } } | ReturnType<typeof fault> => {
      const read = readPattern(text);
      return 'value' in read ? { value: { ...read.value, text } } : read;
    },
    { title: 'pattern', examples: ['(\\d{4})', '\\+49(\\d+)'] },
  );

/** What becomes of a number that fits: characters, and `$1` for what the first group held. */
export const rewriting = () =>
  leaf(
    (text) =>
      /^(?:[A-Za-z0-9+*#;=._-]|\$[1-9]){1,128}$/.test(text)
        ? { value: text }
        : fault(
            'TDM-1122',
            `${JSON.stringify(text.slice(0, 80))} cannot be written in place of a number.`,
            'Use digits, +, *, #, and $1 to $9 for what the groups of the pattern held.',
          ),
    { title: 'rewriting', examples: ['+1425555$1', '$1'] },
  );

/** `any`, `11`, `at least 11`. */
export const numberLength = () =>
  leaf(
    (text): { value: NumberLength } | ReturnType<typeof fault> => {
      if (text === 'any') return { value: { kind: 'any', count: 0 } };
      const match = /^(?:(exactly|at least) )?(\d{1,2})$/.exec(text);
      const count = Number(match?.[2]);
      if (match && count >= 1 && count <= 40)
        return { value: { kind: match[1] === 'at least' ? 'at least' : 'exactly', count } };
      return fault(
        'TDM-1122',
        `"${text.slice(0, 80)}" is not the length of a number.`,
        'Write 11, at least 11, or any.',
      );
    },
    { title: 'length', examples: ['11', 'at least 11', 'any'] },
  );

/** Characters that stand in numbers; `least`: how many at least. */
export const dialled = (least = 1) =>
  leaf(
    (text) =>
      /^\+?[0-9*#]{0,32}$/.test(text) && text.length >= least
        ? { value: text }
        : fault(
            'TDM-1122',
            `${JSON.stringify(text.slice(0, 80))} is not what somebody dials.`,
            tidied(text) ?? 'Use digits, *, #, and + at the beginning.',
          ),
    { title: 'digits', examples: ['112', '0', '+4930'] },
  );

export const accessPrefix = () =>
  leaf(
    (text) =>
      /^[0-9*#]{1,4}$/.test(text)
        ? { value: text }
        : fault(
            'TDM-1122',
            `${JSON.stringify(text.slice(0, 80))} is not what somebody dials for a line outside.`,
            'Use one to four digits, * and #.',
          ),
    { title: 'digits', examples: ['0', '9'] },
  );

/** The number as it would be written without what stands between its digits for people. */
function tidied(text: string): string | undefined {
  const bare = text.replace(/^tel:/i, '').replace(/\(0\)|[\s()./-]/g, '');
  return bare !== text && /^\+?[0-9*#]{1,32}$/.test(bare) ? `Write ${bare}.` : undefined;
}

const e164 = /^\+[1-9]\d{3,14}$/;

/** E.164, as routing knows numbers. */
export const globalNumber = () =>
  leaf(
    (text) =>
      e164.test(text)
        ? { value: text }
        : fault('TDM-1123', `${JSON.stringify(text.slice(0, 80))} is not normalised.`, normalCure(text)),
    { title: 'phone number', examples: ['+14255550100'] },
  );

/** E.164, and an extension where many share the number. */
export const lineNumber = () =>
  leaf(
    (text) => {
      const [number, extension, ...more] = text.split(';ext=');
      if (e164.test(number!) && more.length === 0 && (extension === undefined || /^\d{1,8}$/.test(extension)))
        return { value: text };
      return fault('TDM-1123', `${JSON.stringify(text.slice(0, 80))} is not normalised.`, normalCure(text));
    },
    { title: 'line', examples: ['+14255550100', '+14255550123;ext=100'] },
  );

function normalCure(text: string): string | undefined {
  const [number = '', extension] = text.split(/;ext=| ?(?:x|ext\.?) ?/i);
  const bare = number.replace(/^tel:/i, '').replace(/\(0\)|[\s()./-]/g, '');
  const whole = `${bare}${extension === undefined ? '' : `;ext=${extension}`}`;
  if (whole !== text && e164.test(bare)) return `Write ${whole}.`;
  // What begins with 0 is a number within its country, which the file need not name.
  return /^[1-9]\d{0,7}$/.test(text) ? `Give the main number with its extension: +4930123450;ext=${text}.` : undefined;
}

/** What can be called: E.164, a short number, or the name of a user. */
export const callable = () =>
  leaf(
    (text) =>
      /^\+?[A-Za-z0-9][A-Za-z0-9._;=*#-]{0,63}$|^[*#][0-9*#]{1,31}$/.test(text)
        ? { value: text }
        : fault('TDM-1122', `${JSON.stringify(text.slice(0, 80))} is nothing that can be called.`, tidied(text)),
    { title: 'number or user', examples: ['+14255550100', 'alice'] },
  );

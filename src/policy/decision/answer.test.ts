import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAnswer } from './answer.ts';

const read = (value: unknown) => readAnswer(JSON.stringify(value));

describe('an answer', () => {
  test('that says nothing leaves it to the routes', () => {
    for (const text of ['', ' \n', '{}', '{"trunks":[]}']) expect(readAnswer(text)).toEqual({});
  });

  test('is read whole', () => {
    const answer = { trunks: ['acme', 'both'], called: '+4930;ext=1', caller: '+49301', reason: 'gold ☂ customer' };
    expect(read(answer)).toEqual({ ...answer, reason: 'gold ? customer' });
    expect(read({ refuse: 603 })).toEqual({ refuse: 603 });
  });

  test.each([
    ['[1]', 'its answer is not a JSON object'],
    ['null', 'its answer is not a JSON object'],
    ['<html>', 'its answer is not JSON'],
    ['{"refused":603}', 'its answer has a key "refused"'],
    ['{"trunks":"acme"}', '"trunks" is not a list of up to 32 names'],
    ['{"trunks":[1]}', '"trunks" is not a list of up to 32 names'],
    ['{"called":"+49 30"}', '"called" is not a number'],
    ['{"called":"1@evil>"}', '"called" is not a number'],
    ['{"called":""}', '"called" is not a number'],
    ['{"caller":49}', '"caller" is not a number'],
    ['{"refuse":200}', '"refuse" is not a status from 400 to 699'],
    ['{"refuse":"603"}', '"refuse" is not a status from 400 to 699'],
    ['{"refuse":603,"trunks":["acme"]}', 'it names trunks, and refuses'],
    [JSON.stringify({ trunks: Array.from({ length: 33 }, () => 'a') }), '"trunks" is not a list of up to 32 names'],
    [' '.repeat(70_000).concat('{}'), 'its answer is too long'],
  ])('%s is none', (text, wrong) => {
    expect(readAnswer(text)).toEqual({ wrong });
  });

  test('whatever it is, it is read or told to be wrong', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const answer = readAnswer(text);
        if ('wrong' in answer) expect(answer.wrong).not.toBe('');
        else expect(answer.called ?? '').not.toMatch(/[\s@<>"]/);
      }),
    );
  });
});

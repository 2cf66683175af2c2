import { type Code, codes, errorText } from '#shell/config';
import { Failure } from './failure.ts';
import { type Output, type OutputOptions, printObject } from './output/output.ts';

/** `tandem explain TDM-1104`; also takes `1104`. */
export function explain(asked: string, { output }: OutputOptions, stdout: Output): void {
  const code = `TDM-${asked.toUpperCase().replace(/^TDM-?/, '')}`;
  if (!Object.hasOwn(codes, code))
    throw new Failure(
      `there is no problem ${code}; they run from ${Object.keys(codes)[0]} to ${Object.keys(codes).at(-1)}.`,
    );
  printObject(stdout, output, { code, ...codes[code as Code] }, () => errorText(code as Code));
}

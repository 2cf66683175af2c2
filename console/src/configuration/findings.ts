import type { Schemas } from '../api/client.ts';

/** How many errors a text has, those that are not listed as well. */
export function errorsOf(examination: Schemas['Examination'] | undefined): number {
  if (examination === undefined || examination.sound) return 0;
  return examination.findings.filter(({ severity }) => severity === 'error').length + (examination.more ?? 0);
}

/** `trunks[0].capacity.calls` as what is below the object at `section[index]`, ` ` between; undefined: it is of another. */
export function pathBelow(path: string, section: string, index: number | undefined): string | undefined {
  const parts = path.split(/[.[\]]+/).filter((part) => part !== '');
  const above = index === undefined ? [section] : [section, String(index)];
  if (!above.every((part, at) => parts[at] === part)) return undefined;
  return parts.slice(above.length).join(' ');
}

/** When somebody who disables something for a time wants it back; as the file has it. */
export function untilText(at: Date): string {
  return `until ${at.toISOString().replace(/\.\d+Z$/, 'Z')}`;
}

import { Sensitive } from '#kernel';
import type { Files } from './files.ts';

/** A file may end in a line end, as editors make them. */
export function passwordIn(text: string): string {
  return text.replace(/\r?\n$/, '');
}

/** One that cannot be read counts as empty: the checks tell. */
export function passwordOf(
  entry: { password?: Sensitive<string> | undefined; 'password-file'?: string | undefined },
  files: Files,
): Sensitive<string> {
  const { password, 'password-file': path } = entry;
  return password ?? new Sensitive(passwordIn((path === undefined ? undefined : files.read(path).text) ?? ''));
}

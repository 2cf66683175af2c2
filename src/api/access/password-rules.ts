const shortest = 12;
const longest = 256;
/** Fewer different characters are a pattern. */
const fewest = 5;

/** What is wrong with a new password, for him who chose it; undefined when nothing is. Length counts, kinds of characters do not (NIST SP 800-63B). */
export function passwordFault(password: string, name: string): string | undefined {
  const length = [...password].length;
  if (length < shortest) return `The password has ${length} characters; it takes ${shortest}. Several words are good.`;
  if (length > longest) return `The password is longer than ${longest} characters.`;
  if (new Set(password.toLowerCase()).size < fewest) return 'The password is the same few characters again and again.';
  if (password.toLowerCase().includes(name.toLowerCase()) && length - name.length < shortest)
    return 'The password is hardly more than the name.';
  return undefined;
}

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

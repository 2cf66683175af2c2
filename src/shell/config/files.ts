import { readFileSync, statSync } from 'node:fs';

/** Files that a configuration names, read once for one loading of it. */
export interface Files {
  /** `mostBytes`: what is larger is something else; a MiB unless given. */
  read(path: string, mostBytes?: number): FileRead;
}

export type FileRead =
  /** `open`: everybody on this machine may read it. */
  | { readonly text: string; readonly open: boolean; readonly reason?: never }
  | { readonly text?: never; readonly open?: never; readonly reason: string };

/** Passwords and certificates. */
const usualBytes = 1 << 20;

/** Those of this machine; paths are relative to the directory that the program was started in. */
export function machineFiles(): Files {
  const known = new Map<string, FileRead>();
  return {
    read(path, mostBytes = usualBytes) {
      const found = known.get(path) ?? readNow(path, mostBytes);
      known.set(path, found);
      return found;
    },
  };
}

function readNow(path: string, mostBytes: number): FileRead {
  try {
    const { mode, size } = statSync(path);
    if (size > mostBytes) return { reason: `it is larger than ${mostBytes} bytes` };
    return { text: readFileSync(path, 'utf8'), open: (mode & 0o004) !== 0 };
  } catch (error) {
    return { reason: whyUnreadable(error) };
  }
}

export function whyUnreadable(error: unknown): string {
  return reasons[(error as NodeJS.ErrnoException).code ?? ''] ?? (error as Error).message;
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is none',
  EACCES: 'no permission',
  EISDIR: 'it is a directory',
  ENOTDIR: 'part of the path is not a directory',
};

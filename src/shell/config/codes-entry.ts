/** What the page of a problem says. docs/errors is generated from these tables; a test loads every example. */
export interface CodeEntry {
  readonly severity: 'error' | 'warning';
  /** A heading: no full stop. */
  readonly title: string;
  /** Why it is wrong: what would happen otherwise. */
  readonly cause: string;
  /** The general cure, one sentence; a fault may give a better one. */
  readonly cure: string;
  /**
   * Top-level keys that, put into a sound file (`soundFile`), provoke exactly this problem, and the same put right. A text that
   * is not made of top-level keys is a whole file. Absent where no text can show it.
   */
  readonly example?: { readonly wrong: string; readonly right: string };
}

export const error = (entry: Omit<CodeEntry, 'severity'>): CodeEntry => ({ severity: 'error', ...entry });
export const warning = (entry: Omit<CodeEntry, 'severity'>): CodeEntry => ({ severity: 'warning', ...entry });

/** The trunks of `soundFile`, the provider's with these keys besides. */
export function itspWith(keys: string): string {
  return trunksWith(`    addresses: 203.0.113.10\n${indent(keys)}`);
}

/** The same, with nothing said of where the provider is. */
export function trunksWith(keys: string): string {
  return `trunks:\n  - name: pbx\n    kind: ip-pbx\n    addresses: 10.0.0.20\n  - name: itsp-a\n    kind: itsp\n${keys}`;
}

function indent(keys: string): string {
  return keys.replace(/^(?=.)/gm, '    ');
}

/** The same, with what passes of the PBX and of the provider. */
export function passesWith(pbx: string, itsp: string): string {
  return itspWith(`passes: ${itsp}\n`).replace('20\n', `20\n    passes: ${pbx}\n`);
}

/** The listeners of `soundFile`, with these in place of that of the providers' side. */
export function listenersWith(external: string): string {
  return `listeners:\n  - name: lan\n    side: internal\n    bind: 10.0.0.5\n${external}`;
}

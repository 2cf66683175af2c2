/** What is said in a language beside the texts of the pages: sentences of the server, by their codes. Absent: as the server says it. */
export interface Sayings {
  /** By code; `{{name}}` is a parameter. */
  readonly sentences: Readonly<Record<string, string>>;
  /** What to do about what is wrong, by the code of the sentence. */
  readonly todo: Readonly<Record<string, string>>;
  /** What would have a rule take the call, by why it did not; with the parameters of that. */
  readonly cures: Readonly<Record<string, string>>;
  /** By reason: in a word or two, and in a sentence; '': as the server says it. */
  readonly causes: Readonly<Record<string, readonly [short: string, long: string]>>;
  /** Who hung up. */
  readonly hungUp: Readonly<Record<'caller' | 'callee' | 'tandem', string>>;
}

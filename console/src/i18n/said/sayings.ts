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
  /** What uses a certificate; `{{name}}` is its name; `and` stands between several. */
  readonly users?: Readonly<Record<'listener' | 'trunk' | 'management' | 'and', string>>;
  /** What its end is said with, as the far side wrote it. */
  readonly heard: string;
  /** Between two things heard. */
  readonly and: string;
  /** Why a source is kept out. */
  readonly bans: Readonly<Record<string, string>>;
  /** Who hung up. */
  readonly hungUp: Readonly<Record<'caller' | 'callee' | 'tandem', string>>;
}

import type { DataOf, EventName } from './catalogue.ts';

/** Something that has happened, for whoever wants to be told. */
export interface Happening<Name extends EventName = EventName> {
  readonly type: Name;
  /** Unix ms. */
  readonly at: number;
  /** In a sentence. */
  readonly text: string;
  readonly data: DataOf<Name>;
  /** What it is about: of one subject, what happened first is taken first. */
  readonly subject: string;
  /** Names it among those of its type: what is noticed twice is told once. Absent: it cannot be. */
  readonly key?: string;
  readonly trunks?: readonly string[];
  readonly sites?: readonly string[];
}

/** Happenings of any type; a type and its data belong together. */
export type AnyHappening = { [Name in EventName]: Happening<Name> }[EventName];

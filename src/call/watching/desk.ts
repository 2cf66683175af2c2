import type { CallServices } from '../services.ts';
import type { People } from './people.ts';

/** What those who watch have in common. */
export interface WatchingDesk<Watch> {
  readonly services: CallServices;
  readonly people: People;
  began(watch: Watch): void;
  ended(watch: Watch): void;
}

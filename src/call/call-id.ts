import type { Instant } from '#kernel';
import type { CallServices } from './services.ts';

/** Ids sort by time, so that the records' index only grows at its end. */
export function newId(services: Pick<CallServices, 'random'>, now: Instant): string {
  return now.wall.toString(16).padStart(12, '0') + services.random.token(80);
}

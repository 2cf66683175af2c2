import type { Route } from '#engine/ports';
import type { Files } from './files.ts';
import { prefixesIn } from './number-lists.ts';
import type { GroupEntry } from './schema.ts';
import type { RouteEntry } from './schema-routes.ts';

/** From routes of the file to the engine's. */

/** The trunks that names stand for: a group's are its members. */
export function trunksOf(names: readonly string[], groups: readonly GroupEntry[]): string[] {
  const all = names.flatMap(
    (name) => groups.find((one) => one.name === name)?.trunks.map(({ trunk }) => trunk) ?? name,
  );
  return [...new Set(all)];
}

export function compileRoute(entry: RouteEntry, groups: readonly GroupEntry[], files: Files): Route {
  const { called, usages, priority, sites, times, 'caller-id': callerId, choice, refuse } = entry;
  const listed = called?.file === undefined ? [] : prefixesIn(called.file, files).prefixes;
  const prefixes = called?.prefix ?? (called?.file === undefined ? undefined : listed);
  return {
    name: entry.name,
    ...(entry.disabled && { disabled: entry.disabled }),
    from: trunksOf(entry.from ?? [], groups),
    ...(called && {
      called: {
        ...(prefixes && { prefixes }),
        ...(called.pattern !== undefined && { pattern: called.pattern.source }),
        ...(called.except && { except: called.except }),
      },
    }),
    ...(usages && { usages }),
    ...(priority > 0 && { priority }),
    ...(sites && { sites }),
    ...(times && {
      times: times.map(({ days, from, to, zone }) => ({ days: [...new Set(days.flat())].sort(), from, to, zone })),
    }),
    ...(callerId !== undefined && { callerId }),
    ...(choice !== 'ordered' && { choice }),
    to: entry.to ?? [],
    ...(refuse !== undefined && { refuse }),
  };
}

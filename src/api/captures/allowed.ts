import type { CallRecord, Configuration, MediaCaptureConfiguration, Sides } from '#engine/ports';
import { mayAs, type Principal } from '../access/principal.ts';
import { Problem } from '../problem.ts';

/** What the configuration says of copies of media, for who may have some. Throws a Problem for whoever may not. */
export function rulesFor(
  principal: Principal | undefined,
  { tracing }: Pick<Configuration, 'tracing'>,
): MediaCaptureConfiguration {
  const media = tracing?.media;
  if (!media)
    throw new Problem(403, 'No media may be copied here: `tracing.media` of the configuration would allow it.');
  if (!principal || !mayCapture(principal, media))
    throw new Problem(
      403,
      media.by
        ? `Media may be copied for whom \`tracing.media.by\` names; ${principal?.name ?? 'nobody'} is not there.`
        : `Media may be copied for administrators; ${principal?.name ?? 'nobody'} is ${principal?.role ?? 'nobody'}.`,
    );
  return media;
}

/** Who runs the program may; else who is named, or where nobody is, administrators. */
function mayCapture(
  { via, name, role }: Pick<Principal, 'via' | 'name' | 'role'>,
  { by }: Pick<MediaCaptureConfiguration, 'by'>,
): boolean {
  if (via === 'socket') return true;
  return by ? mayAs(role, 'operator') && by.includes(name) : mayAs(role, 'administrator');
}

export function sidesOf({ leg, attempts, basis }: Pick<CallRecord, 'leg' | 'attempts' | 'basis'>): Sides {
  const to = attempts.at(-1)?.leg.trunk;
  return {
    a: { trunk: leg.trunk },
    ...(to !== undefined && { b: { trunk: to } }),
    ...(basis?.site !== undefined && { site: basis.site }),
  };
}

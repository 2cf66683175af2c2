import type { Configuration } from '#engine/ports';
import type { DecisionsEntry } from './schema-decisions.ts';

/** From `decisions` to the engine's. */
export function compileDecisions({ enum: numbers, service }: DecisionsEntry): NonNullable<Configuration['decisions']> {
  const trust = service?.trust;
  return {
    ...(numbers && { enum: numbers }),
    ...(service && {
      service: {
        url: service.url,
        when: service.when,
        otherwise: service.otherwise,
        timeout: service.timeout,
        ...(service.secret && { secret: service.secret }),
        ...(trust && { trust: { system: trust.includes('system'), files: trust.filter((one) => one !== 'system') } }),
        ...(service.from && { from: service.from }),
      },
    }),
  };
}

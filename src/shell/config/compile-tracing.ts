import type { TracingConfiguration } from '#engine/ports';
import { Sensitive } from '#kernel';
import type { Files } from './files.ts';
import { passwordOf } from './passwords.ts';
import type { TracingEntry } from './schema-tracing.ts';

const homerPort = 9060;
const day = 86_400_000;

/** From `tracing` to what the processes use. */
export function compileTracing(
  { keep = [], days, size, keys, media, homer, otlp }: TracingEntry,
  files: Files,
): TracingConfiguration {
  return {
    keep: keep.map(({ calls, trunk, number }) => ({
      ...(calls === 'failed' && { failed: true as const }),
      ...(trunk !== undefined && { trunk }),
      ...(number !== undefined && { number }),
    })),
    lifetime: days * day,
    size,
    ...(keys === 'shown' && { keys: true as const }),
    ...(media && {
      media: {
        ...(media.by && { by: media.by }),
        ...(media.trunks && { trunks: media.trunks }),
        ...(media.sites && { sites: media.sites }),
        longest: media.longest,
        size: media.size,
        lifetime: media.days * day,
      },
    }),
    ...(homer && {
      homer: {
        to: { host: homer.to.host, port: homer.to.port ?? homerPort },
        transport: homer.transport,
        id: homer.id,
        ...((homer.password !== undefined || homer['password-file'] !== undefined) && {
          password: passwordOf(homer, files),
        }),
      },
    }),
    ...(otlp && {
      otlp: {
        url: otlp.url,
        ...(otlp.authorization !== undefined && { authorization: new Sensitive(otlp.authorization) }),
      },
    }),
  };
}

import type { Api } from '../api.ts';
import type { Services } from '../services.ts';

/** Where Prometheus looks for it, beside the API and not below it. */
export function metricsRoute(api: Api, { metrics }: Services): void {
  api.get(
    '/metrics',
    { config: { right: 'viewer', network: 'metrics' }, schema: { hide: true } },
    async (_request, reply) =>
      reply
        .type('text/plain; version=0.0.4; charset=utf-8')
        .serializer(String)
        .send(await metrics.text()),
  );
}

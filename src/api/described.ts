import type { Api } from './api.ts';

interface Content {
  readonly schema?: { readonly $ref?: string };
}

interface Description {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, unknown>> };
}

interface Operation {
  readonly responses?: Readonly<Record<string, { content?: Record<string, Content> }>>;
}

/**
 * The OpenAPI description of the routes, with the components that they name: the schemas of the configuration file have names as well, and
 * are of no concern here.
 */
export function described(app: Api): object {
  const { components, ...rest } = app.swagger() as Description;
  const all = components?.schemas ?? {};
  const kept = new Map<string, unknown>();
  const follow = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      const name = key === '$ref' && typeof inner === 'string' ? inner.split('/').at(-1)! : undefined;
      if (name === undefined) follow(inner);
      else if (!kept.has(name) && name in all) {
        kept.set(name, all[name]);
        follow(all[name]);
      }
    }
  };
  for (const operations of Object.values(rest.paths ?? {}))
    for (const { responses = {} } of Object.values(operations)) Object.values(responses).forEach(asProblem);
  follow(rest);
  const schemas = Object.fromEntries([...kept].sort(([a], [b]) => (a < b ? -1 : 1)));
  return { ...rest, components: { ...components, schemas } };
}

/** Troubles come as `application/problem+json` (RFC 9457), which a schema by itself does not say. */
function asProblem(response: { content?: Record<string, Content> }): void {
  const json = response.content?.['application/json'];
  if (json?.schema?.$ref?.endsWith('/Problem')) response.content = { 'application/problem+json': json };
}

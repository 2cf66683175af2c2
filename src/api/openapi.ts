import { localUser } from './access/identify.ts';
import { described } from './described.ts';
import { apiServer } from './server.ts';
import type { Services } from './services.ts';

/** The description of the API (OpenAPI 3.1) as a document of its own: no route is asked. */
export async function openApi(version: string): Promise<object> {
  const services = { version } as Services;
  const app = await apiServer({ services, identify: localUser, onFault: () => {} });
  const document = described(app);
  await app.close();
  return document;
}

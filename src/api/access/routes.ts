import type { Api } from '../api.ts';
import type { Services } from '../services.ts';
import { accountRoutes } from './account-routes.ts';
import { auditRoutes } from './audit-routes.ts';
import { invitationRoutes } from './invitation-routes.ts';
import { meRoutes } from './me-routes.ts';
import { oidcRoutes } from './oidc-routes.ts';
import { sessionRoutes } from './session-routes.ts';
import { tokenRoutes } from './token-routes.ts';

/** Who may come in, and who did what: docs/management.md. */
export function accessRoutes(api: Api, services: Services): void {
  const { access } = services;
  sessionRoutes(api, access);
  meRoutes(api, access);
  invitationRoutes(api, access);
  oidcRoutes(api, access);
  accountRoutes(api, access, services);
  tokenRoutes(api, access);
  auditRoutes(api, access);
}

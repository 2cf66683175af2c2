export { Access } from './access/access.ts';
export { type Identify, localUser, remoteUser } from './access/identify.ts';
export type { Principal, Role } from './access/principal.ts';
export type { Api } from './api.ts';
export { Mirror } from './live/mirror.ts';
export { openApi } from './openapi.ts';
export { apiServer, type ServerOptions } from './server.ts';
export type { Services } from './services.ts';

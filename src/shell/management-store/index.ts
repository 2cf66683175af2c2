export type { Account, Role } from './accounts.ts';
export type { AuditEntry, AuditRow } from './audit.ts';
export { hashOfRow } from './audit.ts';
export { ManagementStore } from './management-store.ts';
export { Passwords, TooManyPasswords } from './passwords.ts';
export { managementFormat } from './schema.ts';
export type { Session } from './sessions.ts';
export type { Token } from './tokens.ts';
export type { Webhook } from './webhooks.ts';

export type { RegistrationCheckpoint } from './checkpoint.ts';
export { maxRequestsPerMinute } from './pace.ts';
export { Registration } from './registration.ts';
export { describeTarget } from './request.ts';
export type {
  Authorizer,
  Found,
  RegisterOwner,
  Registrar,
  RegistrarTargets,
  RegistrationServices,
  RegistrationSettings,
} from './settings.ts';
export type { RegistrationStage, RegistrationStatus } from './status.ts';
export { startAfter } from './times.ts';

export type { RegistrationCheckpoint } from './checkpoint.ts';
export { Registration } from './registration.ts';
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

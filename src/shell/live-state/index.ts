export * from './live-state.ts';
export { DirectoryLock } from './lock.ts';

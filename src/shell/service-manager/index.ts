export { ServiceManager } from './service-manager.ts';

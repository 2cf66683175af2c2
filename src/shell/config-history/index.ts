export { replaceFile } from './file.ts';
export { ConfigurationHistory, type Draft, hashOf, type Version } from './history.ts';

export { replaceFile } from './file.ts';
export { ConfigurationHistory, type Draft, hashOf, historyFormat, type Version } from './history.ts';

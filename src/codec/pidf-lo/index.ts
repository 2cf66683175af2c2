export { type CivicAddress, civicElements, civicLine } from './civic.ts';
export { locationObjectIn } from './held.ts';
export { pidfLoType } from './namespaces.ts';
export { type ReadLocation, readPidfLo } from './read.ts';
export { type LocationObject, writePidfLo } from './write.ts';

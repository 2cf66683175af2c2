export { type ArmedCapture, fitsArmed, isLike, mayBeCaptured, type Sides, siteOf } from './captures.ts';

export { type ArmedCapture, fitsArmed, isLike, mayBeCaptured, type Sides } from './captures.ts';

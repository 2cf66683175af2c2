export { type DialogInfo, dialogInfoType, type LiveDialog, writeDialogInfo } from './dialog-info.ts';
export { type Presence, pidfType, writePidf } from './pidf.ts';
export { readDialogInfo, readPidf } from './read.ts';

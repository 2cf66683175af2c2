import { calls } from './calls.ts';
import { frame } from './frame.ts';
import { governs } from './governs.ts';
import { home } from './home.ts';
import { map } from './map.ts';
import { records } from './records.ts';
import { trunks } from './trunks.ts';

/** What the console says: a file for each group of pages. Every other language has each of these (the compiler looks). */
export const en = { ...calls, ...frame, ...governs, ...home, ...map, ...records, ...trunks };

export type Texts = typeof en;

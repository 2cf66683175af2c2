import type { Texts } from '../en/index.ts';
import { calls } from './calls.ts';
import { frame } from './frame.ts';
import { governs } from './governs.ts';
import { home } from './home.ts';
import { map } from './map.ts';
import { records } from './records.ts';
import { trunks } from './trunks.ts';

export const zhTW: Texts = { ...calls, ...frame, ...governs, ...home, ...map, ...records, ...trunks };

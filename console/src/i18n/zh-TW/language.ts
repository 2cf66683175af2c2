import { reading } from '../said/book.ts';
import { zhTW as sayings } from '../said/zh-TW.ts';
import { book } from './book/index.ts';
import { zhTW } from './index.ts';

/** All that reads Chinese: a chunk of its own. */
export const texts = zhTW;
export const speech = { sayings, read: reading(book) };

import type { Book } from '../../said/book.ts';

/** Single words: steps of a trunk test, figures of the planning report, roles. */
export const words: Book = {
  Configuration: '設定',
  Connection: '連線',
  Call: '通話',
  Audio: '聲音',
  Hold: '保留',
  'Hang-up': '掛斷',
  Record: '通話紀錄',
  Users: '人數',
  Calls: '通話數',
  Minutes: '通話分鐘數',
  administrator: '管理員',
  operator: '操作員',
  viewer: '檢視者',
};

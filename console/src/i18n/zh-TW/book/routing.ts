import type { Book } from '../../said/book.ts';

/** What is other about a number that was nearly right, and what configured profiles are for. */
export const routing: Book = {
  'without "+"': '去掉「+」',
  'with 00 for "+"': '以 00 代替「+」',
  'with 011 for "+"': '以 011 代替「+」',
  'as within its country': '國內的寫法',
  '"+" for 00': '以「+」代替 00',
  '"+" for 011': '以「+」代替 011',
  'with "+"': '加上「+」',
  'with 0 before it': '前面加 0',
  'without {} before it': '去掉前面的 {1}',
  'without {} before it, "+" for 00': '去掉前面的 {1}，並以「+」代替 00',
  'Bulk registration over TLS, with rewritten addresses': '以 TLS 整批註冊，並改寫位址',
  'An IP-PBX': 'IP-PBX',
  'SIPconnect, registration mode, with TLS and SRTP': 'SIPconnect 註冊模式，使用 TLS 與 SRTP',
  'SIPconnect, static mode': 'SIPconnect 靜態模式',
  'A provider that wants a registration, over TLS': '須註冊的業者，使用 TLS',
  'A provider that wants a registration, over UDP': '須註冊的業者，使用 UDP',
  'A provider that knows us by our address, over UDP': '以位址辨認本系統的業者，使用 UDP',
  'Skype for Business, Mediation Server': 'Skype for Business 中介伺服器',
  'Microsoft Teams Direct Routing': 'Microsoft Teams 直接路由',
};

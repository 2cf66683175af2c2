import type { Texts } from './en.ts';

export const zhTW: Texts = {
  pages: {
    home: '目前狀況',
    trunks: '中繼線',
    calls: '通話',
    records: '通話紀錄',
    routing: '路由',
    configuration: '設定',
    access: '存取權限',
  },
  layout: {
    skip: '跳至內容',
    menu: '選單',
    language: '語言',
    light: '淺色',
    dark: '深色',
    scheme: '淺色或深色',
  },
  common: {
    loading: '載入中…',
    retry: '再試一次',
    wrong: '未能完成',
    none: '–',
  },
  trunks: {
    title: '中繼線',
    name: '名稱',
    state: '狀態',
    because: '原因',
    calls: '通話數',
    empty: '尚無中繼線。中繼線將本系統連接至電信業者、閘道器或 PBX。',
  },
};

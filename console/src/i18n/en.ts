/** What the console says. Every other language has each of these (`zh-TW.ts` is checked by the compiler). */
export const en = {
  pages: {
    home: 'Now',
    trunks: 'Trunks',
    calls: 'Calls',
    records: 'Records',
    routing: 'Routing',
    configuration: 'Configuration',
    access: 'Access',
  },
  layout: {
    skip: 'Skip to content',
    menu: 'Menu',
    language: 'Language',
    light: 'Light',
    dark: 'Dark',
    scheme: 'Light or dark',
  },
  common: {
    loading: 'Loading…',
    retry: 'Try again',
    wrong: 'That did not work',
    none: '–',
  },
  trunks: {
    title: 'Trunks',
    name: 'Name',
    state: 'State',
    because: 'Because',
    calls: 'Calls',
    empty: 'No trunk yet. A trunk joins this system to a provider, a gateway or a PBX.',
  },
};

export type Texts = typeof en;

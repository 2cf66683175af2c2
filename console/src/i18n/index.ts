import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en, type Texts } from './en/index.ts';
import { learn } from './said/index.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: Texts };
  }
}

export const languages = { en: 'English', 'zh-TW': '繁體中文' } as const;
export type Language = keyof typeof languages;

/** What a language other than English brings: fetched when somebody reads it. */
const others = { 'zh-TW': () => import('./zh-TW/language.ts') };

const kept = localStorage.getItem('language');
const wanted = kept ?? (navigator.language.startsWith('zh') ? 'zh-TW' : 'en');

void i18next.use(initReactI18next).init({
  lng: 'en',
  fallbackLng: 'en',
  resources: { en: { translation: en } },
  interpolation: { escapeValue: false },
});

/** Rejects where the language cannot be had: then it is as it was. */
async function change(language: Language): Promise<void> {
  if (language !== 'en' && !i18next.hasResourceBundle(language, 'translation')) {
    const { texts, speech } = await others[language]();
    learn(language, speech);
    i18next.addResourceBundle(language, 'translation', texts);
  }
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

/** Settled when pages can be shown: in English where the language that is wanted cannot be had. */
export const ready: Promise<void> = change(wanted in languages ? (wanted as Language) : 'en').catch(() => {
  document.documentElement.lang = 'en';
});

export function speak(language: Language): Promise<void> {
  localStorage.setItem('language', language);
  return change(language);
}

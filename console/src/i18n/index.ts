import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en, type Texts } from './en/index.ts';
import { zhTW } from './zh-TW/index.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: Texts };
  }
}

export const languages = { en: 'English', 'zh-TW': '繁體中文' } as const;
export type Language = keyof typeof languages;

const kept = localStorage.getItem('language');
const wanted = kept ?? (navigator.language.startsWith('zh') ? 'zh-TW' : 'en');

void i18next.use(initReactI18next).init({
  lng: wanted in languages ? wanted : 'en',
  fallbackLng: 'en',
  resources: { en: { translation: en }, 'zh-TW': { translation: zhTW } },
  interpolation: { escapeValue: false },
});
document.documentElement.lang = i18next.language;

export function speak(language: Language): void {
  localStorage.setItem('language', language);
  document.documentElement.lang = language;
  void i18next.changeLanguage(language);
}

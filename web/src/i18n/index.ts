import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en.ts';
import { vi } from './vi.ts';

const KEY = 'songxanh.language';

const preferred = (): string => {
  const stored = localStorage.getItem(KEY);
  if (stored) return stored;
  return navigator.language.startsWith('vi') ? 'vi' : 'en';
};

void i18next.use(initReactI18next).init({
  resources: { en: { translation: en }, vi: { translation: vi } },
  lng: preferred(),
  fallbackLng: 'en',
  interpolation: { escapeValue: false },
});
document.documentElement.lang = i18next.language;

export const switchLanguage = (): void => {
  const next = i18next.language === 'vi' ? 'en' : 'vi';
  localStorage.setItem(KEY, next);
  document.documentElement.lang = next;
  void i18next.changeLanguage(next);
};

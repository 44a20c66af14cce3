import { useEffect, useState } from 'preact/hooks';
import type { Theme } from './store.ts';

const darkScheme = window.matchMedia('(prefers-color-scheme: dark)');

/** Light or dark, as chosen or as the system has it; also told to the document. */
export function useLight(theme: Theme): 'light' | 'dark' {
  const [dark, setDark] = useState(darkScheme.matches);
  useEffect(() => {
    const changed = (): void => setDark(darkScheme.matches);
    darkScheme.addEventListener('change', changed);
    return () => darkScheme.removeEventListener('change', changed);
  }, []);
  const light = theme === 'system' ? (dark ? 'dark' : 'light') : theme;
  useEffect(() => {
    document.documentElement.dataset['theme'] = light;
  }, [light]);
  return light;
}

import { useSyncExternalStore } from 'react';

let changes = 0;

function subscribe(listener: () => void): () => void {
  const tell = (): void => {
    changes += 1;
    listener();
  };
  const system = window.matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', tell);
  const chosen = new MutationObserver(tell);
  chosen.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return () => {
    system.removeEventListener('change', tell);
    chosen.disconnect();
  };
}

/** Differs after each change of the theme, for what does not change by itself. */
export function useThemeChanges(): number {
  return useSyncExternalStore(subscribe, () => changes);
}

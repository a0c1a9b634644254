import { useState } from 'react';
import { keepTheme, keptTheme, themes, type Theme } from './theme';
import styles from './theme-switch.module.css';

const names: Readonly<Record<Theme, string>> = { system: 'System', light: 'Light', dark: 'Dark' };

export function ThemeSwitch() {
  const [theme, setTheme] = useState(keptTheme);
  return (
    <label className={styles['switch']}>
      <span>Theme</span>
      <select
        value={theme}
        onChange={({ target }) => {
          const chosen = themes.find((each) => each === target.value) ?? 'system';
          setTheme(chosen);
          keepTheme(chosen);
        }}
      >
        {themes.map((each) => (
          <option key={each} value={each}>
            {names[each]}
          </option>
        ))}
      </select>
    </label>
  );
}

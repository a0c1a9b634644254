import { type Ref, useEffect, useId, useRef, useState } from 'react';
import styles from './filter-bar.module.css';

interface TextFilterProps {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly maxLength: number;
  readonly onChange: (text: string) => void;
}

/** After the last letter: each request would be one too many. */
const typingMs = 200;

/** Takes effect while someone types. */
export function TypedText({
  ref,
  onChange,
  ...field
}: TextFilterProps & { readonly ref: Ref<HTMLInputElement> }) {
  const [text, setText] = useTextOf(field.value);
  const timer = useRef<number>(undefined);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  return (
    <label className={`${styles['field'] ?? ''} ${styles['wide'] ?? ''}`}>
      <span>{field.label}</span>
      <input
        ref={ref}
        type="search"
        value={text}
        placeholder={field.hint}
        maxLength={field.maxLength}
        spellCheck={false}
        autoComplete="off"
        onChange={({ target }) => {
          setText(target.value);
          window.clearTimeout(timer.current);
          timer.current = window.setTimeout(() => onChange(target.value), typingMs);
        }}
      />
    </label>
  );
}

/** Takes effect when it is complete: with Enter, by leaving it, or as a suggestion. */
export function ChosenText({
  suggested,
  onChange,
  ...field
}: TextFilterProps & { readonly suggested: readonly string[] }) {
  const [text, setText] = useTextOf(field.value);
  const list = useId();
  const choose = (chosen: string): void => {
    if (chosen.trim() !== field.value) onChange(chosen.trim());
  };
  return (
    <label className={styles['field']}>
      <span>{field.label}</span>
      <input
        type="search"
        value={text}
        placeholder={field.hint}
        maxLength={field.maxLength}
        list={list}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        onChange={({ target }) => {
          setText(target.value);
          if (target.value === '' || suggested.includes(target.value)) choose(target.value);
        }}
        onKeyDown={({ key }) => {
          if (key === 'Enter') choose(text);
        }}
        onBlur={() => choose(text)}
      />
      <datalist id={list}>
        {suggested.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
    </label>
  );
}

/** What is typed, until the value itself becomes another one. */
function useTextOf(value: string): [string, (text: string) => void] {
  const [typed, setTyped] = useState({ text: value, of: value });
  if (typed.of !== value) setTyped({ text: value, of: value });
  return [typed.text, (text) => setTyped({ text, of: value })];
}

/** Fields that narrow a page; what they hold is in its address. */
import { type ReactNode, type Ref, useEffect, useId, useRef, useState } from 'react';
import styles from './filters.module.css';

export function Filters({ children }: { readonly children: ReactNode }) {
  return (
    <search className={styles['filters']} aria-label="Filters">
      {children}
    </search>
  );
}

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
  readonly maxLength?: number;
}

/** After the last letter: each request would be one too many. */
const typingMs = 200;

/** Takes effect while someone types. */
export function SearchFilter({
  ref,
  label,
  value,
  onChange,
  ...field
}: FieldProps & { readonly ref: Ref<HTMLInputElement> }) {
  const [text, setText] = useTextOf(value);
  const timer = useRef<number>(undefined);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  return (
    <label className={`${styles['field'] ?? ''} ${styles['wide'] ?? ''}`}>
      <span>{label}</span>
      <input
        {...field}
        ref={ref}
        type="search"
        value={text}
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

interface TextFilterProps extends FieldProps {
  /** A regular expression of valid values, and what it asks for. */
  readonly pattern?: { readonly source: string; readonly says: string };
  readonly suggestions?: readonly string[];
  /** While someone types. */
  readonly onType?: (value: string) => void;
}

/** A browser draws all suggestions at once. */
const mostSuggested = 100;

/** Takes effect when it is complete: with Enter, by leaving it, or as a suggestion. */
export function TextFilter({
  label,
  value,
  onChange,
  pattern,
  suggestions = [],
  onType,
  ...field
}: TextFilterProps) {
  const list = useId();
  const [text, setText] = useTextOf(value);
  const apply = (input: HTMLInputElement): void => {
    const typed = input.value.trim();
    if (typed !== value && input.reportValidity()) onChange(typed);
  };
  return (
    <label className={styles['field']}>
      <span>{label}</span>
      <input
        {...field}
        type="search"
        value={text}
        pattern={pattern?.source}
        title={pattern?.says}
        list={list}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        onChange={({ currentTarget }) => {
          setText(currentTarget.value);
          onType?.(currentTarget.value);
          // A suggestion that was chosen, or the button that empties the field.
          if (currentTarget.value === '' || suggestions.includes(currentTarget.value)) apply(currentTarget);
        }}
        onKeyDown={({ key, currentTarget }) => {
          if (key === 'Enter') apply(currentTarget);
        }}
        onBlur={({ currentTarget }) => apply(currentTarget)}
      />
      <datalist id={list}>
        {suggestions.slice(0, mostSuggested).map((each) => (
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

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Values and their texts. */
  readonly options: readonly (readonly [value: string, text: string])[];
}

export function Choice({ label, value, onChange, options }: ChoiceProps) {
  return (
    <label className={styles['field']}>
      <span>{label}</span>
      <select value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        {options.map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

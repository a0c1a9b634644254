/** Fields that narrow a page; what they hold is in its address. */
import { type ReactNode, useId } from 'react';
import styles from './filters.module.css';

export function Filters({ children }: { readonly children: ReactNode }) {
  return (
    <search className={styles['filters']} aria-label="Filters">
      {children}
    </search>
  );
}

interface TextFilterProps {
  readonly label: string;
  readonly value: string;
  /** Called with the text when the person has finished it: Enter, or another field. */
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
  /** A regular expression of valid values, and what it asks for. */
  readonly pattern?: { readonly source: string; readonly says: string };
  readonly suggestions?: readonly string[];
  /** While the person writes. */
  readonly onType?: (value: string) => void;
}

export function TextFilter({
  label,
  value,
  onChange,
  placeholder,
  pattern,
  suggestions,
  onType,
}: TextFilterProps) {
  const id = useId();
  const apply = (input: HTMLInputElement): void => {
    const text = input.value.trim();
    if (text === value) return;
    if (input.reportValidity()) onChange(text);
  };
  return (
    <div className={styles['field']}>
      <label htmlFor={id}>{label}</label>
      <input
        // Its own until it is finished; another value of the address begins it again.
        key={value}
        id={id}
        type="search"
        autoComplete="off"
        spellCheck={false}
        defaultValue={value}
        placeholder={placeholder}
        pattern={pattern?.source}
        title={pattern?.says}
        list={suggestions === undefined ? undefined : `${id}-list`}
        onBlur={({ currentTarget }) => apply(currentTarget)}
        onKeyDown={({ key, currentTarget }) => {
          if (key === 'Enter') apply(currentTarget);
        }}
        onChange={({ currentTarget }) => {
          onType?.(currentTarget.value);
          // A suggestion that was chosen, or the button that empties the field.
          const text = currentTarget.value;
          if (text === '' || suggestions?.includes(text)) apply(currentTarget);
        }}
      />
      {suggestions && (
        <datalist id={`${id}-list`}>
          {suggestions.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
      )}
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Values and their texts. */
  readonly options: readonly (readonly [value: string, text: string])[];
}

export function Choice({ label, value, onChange, options }: ChoiceProps) {
  const id = useId();
  return (
    <div className={styles['field']}>
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        {options.map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

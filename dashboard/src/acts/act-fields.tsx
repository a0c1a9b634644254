/** What a person fills in for an act, besides the reason. */
import { type ReactNode, useId } from 'react';
import { Age } from '../components/time';
import { type Act, type Choice, type Input, type Situation } from './act';
import { nameOfGate } from '../gates/closed-gates';
import styles from './acts.module.css';

interface FieldsProps {
  readonly input: Input;
  readonly onChange: (input: Input) => void;
}

interface ActFieldsProps extends FieldsProps {
  readonly act: Act;
  readonly situation: Situation;
}

export function ActFields({ act, situation, ...fields }: ActFieldsProps) {
  switch (act.kind) {
    case 'promote':
      return <VersionField choices={act.choices} isOpen {...fields} />;
    case 'rollback':
      return <VersionField choices={act.choices} {...fields} />;
    case 'override':
      return <GatesField gates={act.gates} {...fields} />;
    case 'freeze':
      return <FreezeFields situation={situation} {...fields} />;
    default:
      return null;
  }
}

interface VersionFieldProps extends FieldsProps {
  readonly choices: readonly Choice[];
  /** Another version can be typed. */
  readonly isOpen?: boolean;
}

function VersionField({ choices, isOpen = false, input, onChange }: VersionFieldProps) {
  const choose = (version: string): void => onChange({ ...input, version });
  const isOther = !choices.some(({ version }) => version === input.version);
  return (
    <Group title="Version">
      <div className={styles['choices']}>
        {choices.map(({ version, note, at }) => (
          <Option
            key={version}
            type="radio"
            name="version"
            checked={version === input.version}
            onChange={() => choose(version)}
          >
            <code>{version}</code>{' '}
            <span className={styles['note']}>
              {note}
              {at !== undefined && <Age at={at} />}
            </span>
          </Option>
        ))}
        {isOpen && choices.length > 0 && (
          <Option type="radio" name="version" checked={isOther} onChange={() => choose('')}>
            Another version
          </Option>
        )}
      </div>
      {isOpen && isOther && (
        <input
          type="text"
          aria-label="Version to promote"
          value={input.version}
          onChange={({ target }) => choose(target.value.trim())}
          required
          maxLength={256}
          placeholder="1.4.0"
          autoComplete="off"
          spellCheck={false}
        />
      )}
    </Group>
  );
}

function GatesField({
  gates,
  input,
  onChange,
}: FieldsProps & { readonly gates: Extract<Act, { kind: 'override' }>['gates'] }) {
  return (
    <Group title="Gates to open">
      <div className={styles['choices']}>
        {gates.map((gate) => (
          <Option
            key={gate}
            type="checkbox"
            checked={input.gates.includes(gate)}
            required={input.gates.length === 0}
            onChange={(isChosen) =>
              onChange({
                ...input,
                gates: gates.filter((each) => (each === gate ? isChosen : input.gates.includes(each))),
              })
            }
          >
            {nameOfGate(gate)}
          </Option>
        ))}
      </div>
    </Group>
  );
}

function FreezeFields({ situation, input, onChange }: FieldsProps & { readonly situation: Situation }) {
  const { namespace, name, environments } = situation.pipeline;
  // Nothing is promoted into the first one.
  const names = environments.filter(({ strategy }) => strategy !== 'none').map((each) => each.name);
  return (
    <>
      <Group title="What">
        <div className={styles['choices']}>
          <Option
            type="radio"
            name="scope"
            checked={input.scope === 'pipeline'}
            onChange={() => onChange({ ...input, scope: 'pipeline' })}
          >
            Only {namespace}/{name}
          </Option>
          <Option
            type="radio"
            name="scope"
            checked={input.scope === 'namespace'}
            onChange={() => onChange({ ...input, scope: 'namespace' })}
          >
            All Pipelines of {namespace}
          </Option>
        </div>
      </Group>
      <Group title="Environments" note="none chosen: all of them">
        <div className={styles['choices']}>
          {names.map((each) => (
            <Option
              key={each}
              type="checkbox"
              checked={input.environments.includes(each)}
              onChange={(isChosen) =>
                onChange({
                  ...input,
                  environments: names.filter((one) =>
                    one === each ? isChosen : input.environments.includes(one),
                  ),
                })
              }
            >
              {each}
            </Option>
          ))}
        </div>
      </Group>
      <label className={styles['field']}>
        <span>
          Until<span className={styles['optional']}> (optional, in your time zone)</span>
        </span>
        <input
          type="datetime-local"
          value={input.until}
          onChange={({ target }) => onChange({ ...input, until: target.value })}
        />
      </label>
    </>
  );
}

function Group({
  title,
  note,
  children,
}: {
  readonly title: string;
  readonly note?: string;
  readonly children: ReactNode;
}) {
  return (
    <fieldset className={styles['group']}>
      <legend>
        {title}
        {note !== undefined && <span className={styles['optional']}> ({note})</span>}
      </legend>
      {children}
    </fieldset>
  );
}

interface OptionProps {
  readonly type: 'radio' | 'checkbox';
  readonly name?: string;
  readonly checked: boolean;
  /** One of them must be chosen. */
  readonly required?: boolean;
  readonly onChange: (isChosen: boolean) => void;
  readonly children: ReactNode;
}

function Option({ type, name, checked, required = false, onChange, children }: OptionProps) {
  const id = useId();
  return (
    <div className={styles['option']}>
      <input
        id={id}
        type={type}
        {...(name === undefined ? {} : { name })}
        checked={checked}
        required={required}
        onChange={({ target }) => onChange(target.checked)}
      />
      <label htmlFor={id}>{children}</label>
    </div>
  );
}

import { useQuery } from '@tanstack/react-query';
import { pipelineCountQuery } from '../api/pipeline-list';
import { attentions, type BoardFilter, queryOf } from './filter';
import styles from './filter-bar.module.css';

type Choice = Pick<BoardFilter, 'state' | 'mine'>;

interface ChipsProps {
  readonly filter: BoardFilter;
  readonly change: (part: Choice) => void;
}

const choices: readonly (Choice & { readonly name: string; readonly tone?: 'wait' | 'bad' })[] = [
  { name: 'All', state: undefined, mine: false },
  { name: 'Waits for me', state: undefined, mine: true, tone: 'wait' },
  ...attentions.map(({ state, name }) => ({
    name,
    state,
    mine: false,
    ...(state === 'approval'
      ? { tone: 'wait' as const }
      : state === 'failed'
        ? { tone: 'bad' as const }
        : {}),
  })),
];

/** How many Pipelines need something, and a way to see only these. */
export function AttentionChips({ filter, change }: ChipsProps) {
  return (
    <div role="group" aria-label="Show" className={styles['choices']}>
      {choices.map(({ name, tone, ...choice }) => (
        <Chip
          key={name}
          name={name}
          tone={tone}
          query={{ ...filter, ...choice }}
          isChosen={filter.state === choice.state && filter.mine === choice.mine}
          onChoose={() => change(choice)}
        />
      ))}
    </div>
  );
}

interface ChipProps {
  readonly name: string;
  readonly tone: 'wait' | 'bad' | undefined;
  readonly query: BoardFilter;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function Chip({ name, tone, query, isChosen, onChoose }: ChipProps) {
  const { data: count } = useQuery(pipelineCountQuery(queryOf({ ...query, sort: 'name' })));
  const isUrgent = tone !== undefined && count !== undefined && count > 0;
  return (
    <button
      type="button"
      className={`${styles['chip'] ?? ''} ${isUrgent ? (styles[tone] ?? '') : ''}`}
      aria-pressed={isChosen}
      onClick={onChoose}
    >
      {name} <span className={styles['count']}>{count?.toLocaleString() ?? ' '}</span>
    </button>
  );
}

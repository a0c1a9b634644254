import { TextFilter } from './filters';
import { usePipelineSuggestions } from './use-pipeline-suggestions';

interface PipelineFilterProps {
  /** `namespace/name`; empty: all. */
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A field for one Pipeline, which suggests those that the person sees. */
export function PipelineFilter({ value, onChange }: PipelineFilterProps) {
  const { names, search } = usePipelineSuggestions();
  return (
    <TextFilter
      label="Pipeline"
      value={value}
      onChange={onChange}
      placeholder="namespace/name"
      pattern={{ source: '[^\\/]+\\/[^\\/]+', says: 'namespace/name' }}
      suggestions={names}
      onType={search}
    />
  );
}

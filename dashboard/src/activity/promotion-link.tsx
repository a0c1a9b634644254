import { useMutation } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { api, bodyOf } from '../api/client';
import * as paths from '../paths';
import styles from './activity.module.css';

interface PromotionLinkProps {
  /** `namespace/name`. */
  readonly pipeline: string;
  readonly environment: string;
  readonly version: string;
}

/** A record does not name its promotion: the newest one of the version is looked for when someone wants to see it. */
export function PromotionLink({ pipeline, environment, version }: PromotionLinkProps) {
  const [, navigate] = useLocation();
  const { mutate, isPending, error, data } = useMutation({
    mutationFn: async () => {
      const { items } = await bodyOf(
        api.GET('/api/v1/promotions', { params: { query: { pipeline, environment, version, limit: 1 } } }),
      );
      return items[0]?.id ?? 'forgotten';
    },
    onSuccess: (id) => {
      if (id !== 'forgotten') navigate(paths.promotion(id));
    },
  });
  return (
    <>
      <button
        type="button"
        className={styles['link']}
        title="Show the promotion"
        disabled={isPending}
        onClick={() => mutate()}
      >
        {version}
      </button>
      {(error !== null || data === 'forgotten') && (
        <span role="status" className={styles['muted']}>
          {' '}
          {error?.message ?? '(Temporal no longer remembers the promotion)'}
        </span>
      )}
    </>
  );
}

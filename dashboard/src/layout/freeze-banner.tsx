import { useQuery } from '@tanstack/react-query';
import { freezesQuery } from '../api/freezes';

/** On every page while something is frozen: who, why, until when. */
export function FreezeBanner() {
  const { data } = useQuery(freezesQuery);
  const inForce = data?.items.filter((freeze) => freeze.inForce) ?? [];
  if (inForce.length === 0) return null;
  return (
    <aside aria-label="Freezes">
      {inForce.map(({ namespace, name, reason }) => (
        <p key={`${namespace}/${name}`}>{reason}</p>
      ))}
    </aside>
  );
}

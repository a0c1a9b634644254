import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { api, bodyOf } from '../api/client';
import { Empty, Failure, Loading } from '../components/page-states';
import * as paths from '../paths';

/** What runs where, what is proposed, what waits. */
export function BoardPage() {
  const { data, error, refetch } = useQuery({
    queryKey: ['pipelines'],
    queryFn: () => bodyOf(api.GET('/api/v1/pipelines')),
  });
  if (error !== null) return <Failure error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Loading what="the board" />;
  if (data.items.length === 0) return <Empty title="There are no Pipelines here" />;
  return (
    <>
      <h1>Board</h1>
      <ul>
        {data.items.map((each) => (
          <li key={`${each.namespace}/${each.name}`}>
            <Link href={paths.pipeline(each)}>
              {each.namespace}/{each.name}
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}

import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { Acts } from '../acts/acts';
import { type Person } from '../acts/offered-acts';
import { pipelineQuery } from '../api/pipelines';
import { ApiProblem } from '../api/problem';
import { Empty, Failure, Loading } from '../components/page-states';
import * as paths from '../paths';
import { useMay } from '../session/me';
import { useSession } from '../session/session';
import { EnvironmentCard } from './environment-card';
import { PipelineHead } from './pipeline-head';
import { RecentPromotions } from './recent-promotions';
import styles from './pipeline-page.module.css';

interface PipelinePageProps {
  readonly namespace: string;
  readonly name: string;
}

/** One Pipeline: its environments as a flow. */
export default function PipelinePage({ namespace, name }: PipelinePageProps) {
  const { data, error, refetch } = useQuery(pipelineQuery({ namespace, name }));
  const person: Person = { name: useSession().name, may: useMay({ namespace, name }) };
  // What was read before is shown on: the banner says that it is old.
  const isUnknown = error instanceof ApiProblem && error.code === 'not-found';
  if (data === undefined || isUnknown) {
    return (
      <>
        <h1>
          {namespace}/{name}
        </h1>
        {error === null ? (
          <Loading what="the Pipeline" />
        ) : isUnknown ? (
          <Unknown message={error.message} />
        ) : (
          <Failure error={error} onRetry={() => void refetch()} />
        )}
      </>
    );
  }
  return (
    <Acts>
      <div className={styles['page']}>
        <PipelineHead pipeline={data} person={person} />
        <section aria-label="Environments" className={styles['container']}>
          <ol className={styles['flow']}>
            {data.environments.map((environment, index) => (
              <li key={environment.name} className={styles['stop']}>
                <EnvironmentCard
                  pipeline={data}
                  environment={environment}
                  before={data.environments[index - 1]?.name}
                  person={person}
                />
              </li>
            ))}
          </ol>
        </section>
        <RecentPromotions namespace={namespace} name={name} />
      </div>
    </Acts>
  );
}

function Unknown({ message }: { readonly message: string }) {
  return (
    <Empty title="There is no such Pipeline">
      <p>{message}</p>
      <Link href={paths.board}>Go to the board</Link>
    </Empty>
  );
}

import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { type Person } from '../acts/offered-acts';
import { PromotionActs } from '../acts/promotion-acts';
import { type PromotionDetails } from '../api/answers';
import { pipelineQuery } from '../api/pipelines';
import { OutsideLink } from '../components/outside-link';
import { describeState } from '../components/promotion-state';
import { StatusPill } from '../components/status-pill';
import { Age } from '../components/time';
import { describeDuration } from '../components/time-text';
import { GateList } from '../gates/gate-list';
import * as paths from '../paths';
import { useMay } from '../session/me';
import { useSession } from '../session/session';
import styles from './promotion-page.module.css';

/** What it is, how it is, where else it can be seen, and what a person can decide. */
export function PromotionHead({ promotion }: { readonly promotion: PromotionDetails }) {
  const { namespace, pipeline, environment, version, action, from, state, sentence, gates } = promotion;
  const { startedAt, endedAt, requestedBy, ended } = promotion;
  const { tone, words } = describeState(state);
  return (
    <header className={styles['head']}>
      <nav aria-label="Where this is">
        <Link href={paths.board}>Board</Link> /{' '}
        <Link href={paths.pipeline({ namespace, name: pipeline })}>
          {namespace}/{pipeline}
        </Link>
      </nav>
      <div className={styles['title']}>
        <h1>
          {action === 'withdraw' && 'Withdrawal of '}
          <code>{version}</code> {action === 'withdraw' ? 'from' : 'into'} {environment}
        </h1>
        <StatusPill tone={tone}>{words}</StatusPill>
      </div>
      <p className={styles['facts']}>
        {from !== undefined && <span>From {from}</span>}
        <Age at={startedAt} prefix="Started " />
        {endedAt !== undefined && (
          <span>Took {describeDuration(Date.parse(endedAt) - Date.parse(startedAt))}</span>
        )}
        {requestedBy.length > 0 && <span>Asked for by {requestedBy.join(', ')}</span>}
      </p>
      {gates.length > 0 ? (
        <GateList gates={gates} />
      ) : (
        sentence !== undefined && <p className={styles['sentence']}>{asSentence(sentence)}</p>
      )}
      <Links promotion={promotion} />
      {!ended && <Decisions promotion={promotion} gates={gates} />}
    </header>
  );
}

function asSentence(text: string): string {
  return /[.!?:]$/.test(text) ? text : `${text}.`;
}

const linkNames: Readonly<Record<string, string>> = { temporal: 'Temporal', trace: 'Trace' };

function Links({ promotion: { links, pullRequest } }: { readonly promotion: PromotionDetails }) {
  const others = Object.entries(links).filter(([name]) => name !== 'pullRequest');
  if (pullRequest === undefined && others.length === 0) return null;
  return (
    <p className={styles['links']}>
      {pullRequest !== undefined && (
        <OutsideLink href={pullRequest.url}>Pull request #{pullRequest.number}</OutsideLink>
      )}
      {others.map(([name, href]) => (
        <OutsideLink key={name} href={href}>
          {Object.hasOwn(linkNames, name) ? linkNames[name] : name}
        </OutsideLink>
      ))}
    </p>
  );
}

/** What the dialogs say needs its Pipeline. */
function Decisions({
  promotion,
  gates,
}: { readonly promotion: PromotionDetails } & Pick<PromotionDetails, 'gates'>) {
  const { id, namespace, pipeline: name, version, action, pullRequest } = promotion;
  const person: Person = { name: useSession().name, may: useMay({ namespace, name }) };
  const { data } = useQuery(pipelineQuery({ namespace, name }));
  const environment = data?.environments.find((each) => each.name === promotion.environment);
  // Merged, or given up for another one: nothing is left to decide.
  if (data === undefined || environment?.acting?.promotion !== id) return null;
  const shown = { version, action, head: pullRequest?.head };
  return (
    <PromotionActs
      shown={shown}
      person={person}
      situation={{ pipeline: data, environment, gates, person: person.name }}
    />
  );
}

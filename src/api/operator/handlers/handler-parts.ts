import { type Access } from '../../../access/access';
import { type CapabilitySigner } from '../../../capability/capabilities';
import { type PromotionPolicy } from '../../../domain/policy/promotion-policy';
import { type ReadModel } from '../../../read-model/read-model';
import { type FreezeDesk } from '../../../store/freeze-desk';
import { type IndexedPipelineStore } from '../../../store/pipeline-store';
import { type OperatorActs } from '../../../temporal/operator-acts';
import { type PromotionReader } from '../../../temporal/promotion-reader';
import { type AuditLog } from '../../audit-log';
import { type EventStreams } from '../event-streams';
import { type AnswerMemory } from '../idempotency';

/** What the handlers work with. */
export interface HandlerParts {
  readonly access: Access;
  readonly model: ReadModel;
  readonly store: Pick<IndexedPipelineStore, 'pipeline' | 'freezes'>;
  readonly acts: OperatorActs;
  readonly promotions: PromotionReader;
  readonly freezes: FreezeDesk;
  /** Undefined: workers do not ask for capabilities. */
  readonly signer: CapabilitySigner | undefined;
  /** The operator's, whose groups decide as those of the Pipeline do. */
  readonly policy: () => PromotionPolicy;
  readonly streams: EventStreams;
  readonly answers: AnswerMemory;
  readonly audit: AuditLog;
  /** The page of a workflow in the Temporal Web UI; undefined: there is none. */
  readonly temporalPage: (workflowId: string) => string | undefined;
  /** The page of a trace, of a `traceparent`; undefined: there is none. */
  readonly tracePage: (traceparent: string | undefined) => string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

import { type Handlers } from '../operator-request';
import { auditHandlers } from './audit';
import { decisionHandlers } from './decisions';
import { eventHandlers } from './events';
import { figuresHandlers } from './figures';
import { freezeHandlers } from './freezes';
import { type HandlerParts } from './handler-parts';
import { laneActHandlers } from './lane-acts';
import { peopleHandlers } from './people';
import { pipelineHandlers } from './pipelines';
import { promotionHandlers } from './promotions';

/** What answers each route. */
export function operatorHandlers(parts: HandlerParts): Handlers {
  return {
    ...peopleHandlers(parts),
    ...pipelineHandlers(parts),
    ...promotionHandlers(parts),
    ...freezeHandlers(parts),
    ...auditHandlers(parts),
    ...figuresHandlers(parts),
    ...eventHandlers(parts),
    ...decisionHandlers(parts),
    ...laneActHandlers(parts),
  };
}

import { type Request } from 'express';
import { acknowledgement, type Answer, refusal } from '../webhook/answer';
import { giteaHooks } from './gitea';
import { githubHooks } from './github';
import { gitlabHooks } from './gitlab';
import { type HookService } from './hook-service';
import { type DeliveryReceiving, type DeliveryReceipt, receiveDelivery } from './receive-delivery';

/** By path. */
export const hookServices = new Map<string, HookService>(
  [githubHooks, gitlabHooks, giteaHooks].map((service) => [`/providers/${service.provider}`, service]),
);

/** A pull request's longest texts fit; GitHub's largest payloads, of 25 MiB, are not about pull requests. */
export const maxDeliveryBytes = 1024 * 1024;

/** Answers a delivery. @param onVerified as of `receiveDelivery` */
export async function answerDelivery(
  receiving: DeliveryReceiving,
  service: HookService,
  request: Request,
  body: Uint8Array,
  onVerified: () => void,
): Promise<Answer> {
  const delivery = service.read((name) => request.get(name), body);
  return answerTo(await receiveDelivery(receiving, service.provider, delivery, onVerified));
}

function answerTo(receipt: DeliveryReceipt): Answer {
  switch (receipt.outcome) {
    case 'hint':
      return acknowledgement('hint', { status: 'accepted' }, {});
    case 'other-delivery': {
      const reason = `only events of pull requests matter, not ${receipt.event}`;
      return acknowledgement('other-delivery', { status: 'ignored', reason }, { detail: reason });
    }
    case 'unauthorized-delivery':
    case 'temporal-unavailable':
    case 'store-unavailable': {
      const { why } = receipt;
      return { ...refusal(receipt.outcome), log: () => ({ detail: why() }) };
    }
  }
}

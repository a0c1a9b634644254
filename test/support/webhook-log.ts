import { type Program } from './program';

/** What the webhook answered. */
export interface WebhookAnswer {
  readonly status: number;
  readonly outcome: string;
}

/** Every answer that a program's webhook gave so far, from its log, oldest first. */
export function webhookAnswers(program: Program): WebhookAnswer[] {
  return program
    .output()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as WebhookAnswer & { readonly msg: string })
    .filter(({ msg }) => msg === 'webhook request')
    .map(({ status, outcome }) => ({ status, outcome }));
}

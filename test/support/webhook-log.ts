import { type Program } from './program';

/** What the webhook answered. */
export interface WebhookAnswer {
  readonly status: number;
  readonly outcome: string;
}

/** Whose reports an answer is about, as the log has it. */
interface Reports {
  /** `namespace/name` */
  readonly pipeline: string;
  readonly environment: string;
}

/** Every answer that a program's webhook gave so far, from its log, oldest first. @param about these reports only */
export function webhookAnswers(program: Program, about?: Reports): WebhookAnswer[] {
  return program
    .output()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as WebhookAnswer & Reports & { readonly msg: string })
    .filter(({ msg }) => msg === 'webhook request')
    .filter(
      ({ pipeline, environment }) =>
        about === undefined || (pipeline === about.pipeline && environment === about.environment),
    )
    .map(({ status, outcome }) => ({ status, outcome }));
}

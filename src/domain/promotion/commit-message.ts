/** What an operator may say of a promotion commit's message. */
import { fillTemplate, templateFault } from './text-template';

/** The variables, each with what stands for it. */
export interface MessageFacts {
  /** `Promote <pipeline> in <environment> to <version>`. */
  readonly title: string;
  readonly application: string;
  /** `namespace/name`. */
  readonly pipeline: string;
  /** The one that the version comes from. */
  readonly from: string;
  readonly environment: string;
  readonly version: string;
}

/** Only for their names: the type holds the two together. */
export const messageVariables: readonly string[] = Object.keys({
  title: '',
  application: '',
  pipeline: '',
  from: '',
  environment: '',
  version: '',
} satisfies MessageFacts);

export const longestMessageTemplate = 2_000;

/** @returns why the text is no template, as the end of a sentence; undefined for one that is */
export function messageTemplateFault(template: string): string | undefined {
  const rules = { variables: messageVariables, maxLength: longestMessageTemplate };
  const fault = templateFault(template, rules);
  if (fault !== undefined) return fault;
  return /^\s*Windlass-[A-Za-z]+:/im.test(template)
    ? 'has a line that begins with Windlass-: such trailers are added to every commit'
    : undefined;
}

/** @param template one without a fault */
export function fillMessageTemplate(template: string, facts: MessageFacts): string {
  return fillTemplate(template, { ...facts });
}

/** Whether the last paragraph consists of trailers (`Signed-off-by: …`), among which further ones belong. */
export function endsInTrailers(message: string): boolean {
  const paragraphs = message.split(/\n[ \t]*\n/);
  const lines = paragraphs.at(-1)?.split('\n') ?? [];
  return paragraphs.length > 1 && lines.every((line) => /^[A-Za-z0-9-]+: \S/.test(line));
}

/**
 * What an operator may say of a promotion commit's message: a text with variables in braces. Neither Helm nor Flux's
 * substitution takes them for its own.
 */

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
const variables: readonly string[] = Object.keys({
  title: '',
  application: '',
  pipeline: '',
  from: '',
  environment: '',
  version: '',
} satisfies MessageFacts);

const variable = /\{([A-Za-z][A-Za-z0-9_.-]*)\}/g;

export const longestMessageTemplate = 2_000;

/** @returns why the text is no template, as the end of a sentence; undefined for one that is */
export function messageTemplateFault(template: string): string | undefined {
  if (template.trim() === '') return 'must not be blank';
  if (template.length > longestMessageTemplate) return `is longer than ${longestMessageTemplate} characters`;
  if (/[^\P{Cc}\n\t]/u.test(template)) return 'has a control character in it';
  if (/^\s*Windlass-[A-Za-z]+:/im.test(template))
    return 'has a line that begins with Windlass-: such trailers are added to every commit';
  const unknown = [...template.matchAll(variable)].find(([, name = '']) => !variables.includes(name));
  if (unknown === undefined) return undefined;
  const known = variables.map((name) => `{${name}}`).join(', ');
  return `has the unknown variable ${unknown[0]}: there are ${known}`;
}

/** @param template one without a fault */
export function fillMessageTemplate(template: string, facts: MessageFacts): string {
  const byName: Readonly<Record<string, string>> = { ...facts };
  return template.replace(variable, (whole, name: string) => byName[name] ?? whole).trim();
}

/** Whether the last paragraph consists of trailers (`Signed-off-by: …`), among which further ones belong. */
export function endsInTrailers(message: string): boolean {
  const paragraphs = message.split(/\n[ \t]*\n/);
  const lines = paragraphs.at(-1)?.split('\n') ?? [];
  return paragraphs.length > 1 && lines.every((line) => /^[A-Za-z0-9-]+: \S/.test(line));
}

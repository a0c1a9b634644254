/** Texts with variables in braces. Neither Helm nor Flux's substitution takes them for its own. */

export interface TemplateRules {
  /** Names without braces. */
  readonly variables: readonly string[];
  /** In UTF-16 code units. */
  readonly maxLength: number;
  /** Whether it is one line. */
  readonly oneLine?: boolean;
}

const variable = /\{([A-Za-z][A-Za-z0-9_.-]*)\}/g;

/** @returns why the text is no template, as the end of a sentence; undefined for one that is */
export function templateFault(
  template: string,
  { variables, maxLength, oneLine = false }: TemplateRules,
): string | undefined {
  if (template.trim() === '') return 'must not be blank';
  if (template.length > maxLength) return `is longer than ${maxLength} characters`;
  if (oneLine && /[\r\n]/.test(template)) return 'must be one line';
  if (/[^\P{Cc}\n\t]/u.test(template)) return 'has a control character in it';
  const unknown = [...template.matchAll(variable)].find(([, name = '']) => !variables.includes(name));
  if (unknown === undefined) return undefined;
  const known = variables.map((name) => `{${name}}`).join(', ');
  return `has the unknown variable ${unknown[0]}: there are ${known}`;
}

export function hasVariable(template: string, name: string): boolean {
  return template.includes(`{${name}}`);
}

/** What stands for a variable is not searched for variables. @param template one without a fault */
export function fillTemplate(template: string, facts: Readonly<Record<string, string>>): string {
  return template.replace(variable, (whole, name: string) => facts[name] ?? whole).trim();
}

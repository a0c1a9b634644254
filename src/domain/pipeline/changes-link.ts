/** A page that shows what lies between two versions of a Pipeline's application, by a template in an annotation. */
import { fillTemplate, hasVariable, templateFault } from '../promotion/text-template';
import { pipelineGroup } from '../kubernetes-names';

export const changesUrlAnnotation = `${pipelineGroup}/changes-url`;

const variables = ['from', 'to'];
const longestTemplate = 500;
/** What stands for a version while the template is checked. */
const sample = '1.2.3';

/** @returns why the text is no template of an address, as the end of a sentence; undefined for one that is */
export function changesTemplateFault(template: string): string | undefined {
  const fault = templateFault(template, { variables, maxLength: longestTemplate, oneLine: true });
  if (fault !== undefined) return fault;
  if (!hasVariable(template, 'to')) return 'must have {to} in it: the version that the page is about';
  if (!/^https:\/\/[^{}/?#@\s\\]+\/\S*$/.test(template)) {
    return 'must be an address such as https://git.example.com/shop/compare/{from}...{to}: https, without credentials, and with variables only after the host';
  }
  return URL.canParse(fillTemplate(template, { from: sample, to: sample }))
    ? undefined
    : 'is not an address that a browser can open';
}

/**
 * @param template one without a fault
 * @param from the version before; undefined: there was none
 * @returns undefined: the template needs a version that is not known
 */
export function changesLink(template: string, from: string | undefined, to: string): string | undefined {
  if (from === undefined && hasVariable(template, 'from')) return undefined;
  return fillTemplate(template, { from: encodeURIComponent(from ?? ''), to: encodeURIComponent(to) });
}

/** Whether the page is about the way from one version to another, not about one of them alone. */
export function comparesVersions(template: string): boolean {
  return hasVariable(template, 'from');
}

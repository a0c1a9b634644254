import { parse } from 'yaml';
import { codeBlocks, page } from '../unit/docs/pages';
import { type Values } from './helm';

/** The values in the first block of docs/kubernetes/ingress.md below a heading. */
export function documentedValues(heading: string): Values {
  const { text, path } = page('docs/kubernetes/ingress.md');
  const section = text.split(/^#+ /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const [block] = codeBlocks({ path, text: section }).filter(({ language }) => language === 'yaml');
  return parse(block!.text) as Values;
}

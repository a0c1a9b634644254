/** Bitbucket's filters and partial answers: https://developer.atlassian.com/cloud/bitbucket/rest/intro/#filtering */
import { Refusal } from './refusal';

type Item = Readonly<Record<string, unknown>>;

const condition = /^\s*([a-z_.]+)\s*(>=|<=|!=|=|>|<)\s*"((?:[^"\\]|\\.)*)"\s*/;

/** Conditions joined by AND and OR, without brackets; AND binds. @param fields that can be asked for */
export function filterOf(q: string, fields: ReadonlySet<string>): (item: Item) => boolean {
  const alternatives: ((item: Item) => boolean)[][] = [[]];
  let rest = q;
  for (;;) {
    const [whole, field, operator, text] = condition.exec(rest) ?? [];
    if (whole === undefined || field === undefined || operator === undefined || text === undefined)
      throw new Refusal(400, `Invalid query: ${q}`);
    if (!fields.has(field)) throw new Refusal(400, `${field} does not support filtering`);
    const wanted = text.replace(/\\(.)/g, '$1');
    alternatives.at(-1)?.push((item) => holds(at(item, field), operator, wanted));
    rest = rest.slice(whole.length);
    if (rest === '') break;
    const [joint = ''] = /^(AND|OR)\b/.exec(rest) ?? [];
    if (joint === '') throw new Refusal(400, `Invalid query: ${q}`);
    if (joint === 'OR') alternatives.push([]);
    rest = rest.slice(joint.length);
  }
  return (item) => alternatives.some((all) => all.every((each) => each(item)));
}

function holds(value: unknown, operator: string, wanted: string): boolean {
  const isTime = /^\d{4}-\d\d-\d\dT/.test(wanted);
  const [left, right] = isTime ? [Date.parse(String(value)), Date.parse(wanted)] : [value, wanted];
  if (operator === '=') return left === right;
  if (operator === '!=') return left !== right;
  const [low, high] = [Number(left), Number(right)];
  if (Number.isNaN(high)) throw new Refusal(400, `Invalid value: ${wanted}`);
  if (operator === '>=') return low >= high;
  if (operator === '<=') return low <= high;
  return operator === '>' ? low > high : low < high;
}

function at(item: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, step) => (value as Item | null | undefined)?.[step], item);
}

/** Only these fields: https://developer.atlassian.com/cloud/bitbucket/rest/intro/#partial-response */
export function partial(answer: unknown, fields: string | undefined): unknown {
  if (fields === undefined) return answer;
  return cut(
    answer,
    fields.split(',').map((path) => path.split('.')),
  );
}

function cut(value: unknown, paths: readonly (readonly string[])[]): unknown {
  if (paths.some(([step]) => step === undefined)) return value;
  if (Array.isArray(value)) return value.map((each) => cut(each, paths));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => {
      const below = paths.filter(([step]) => step === name).map(([, ...rest]) => rest);
      return below.length === 0 ? [] : [[name, cut(inner, below)]];
    }),
  );
}

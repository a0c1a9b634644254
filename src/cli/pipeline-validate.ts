import { readFile } from 'node:fs/promises';
import { type Fault, type Manifests, formatFault, parseManifests } from '../store/manifest';

/**
 * `windlass pipeline validate FILE...`: reads manifests as the store does and prints what is wrong with them; `-` is
 * standard input.
 * @returns the exit code: 1 where a file has a fault or can't be read
 */
export async function validatePipelines(
  files: readonly string[],
  print: (text: string) => void,
): Promise<number> {
  let faulty = false;
  for (const file of files) {
    const source = file === '-' ? 'standard input' : file;
    try {
      const manifests = parseManifests(await readFile(file === '-' ? '/dev/stdin' : file, 'utf8'), source);
      faulty ||= manifests.faults.length > 0;
      for (const line of describe(manifests)) print(line);
    } catch (error) {
      faulty = true;
      print(`${source}: can't be read: ${(error as Error).message}`);
    }
  }
  return faulty ? 1 : 0;
}

function describe({ source, pipelines, faults, warnings }: Manifests): string[] {
  const summary =
    pipelines.length === 0
      ? [`${source}: no valid Pipeline in it`]
      : pipelines.map(
          ({ namespace, name, environments }) =>
            `${source}: Pipeline ${namespace}/${name} is valid: ${environments.map((one) => one.name).join(' → ')}`,
        );
  const warn = (warning: Fault) => `warning: ${formatFault(warning)}`;
  return [...summary, ...faults.map(formatFault), ...warnings.map(warn)];
}

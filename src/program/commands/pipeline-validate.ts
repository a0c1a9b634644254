import { readFile } from 'node:fs/promises';
import { type Manifests, formatFault, parseManifests } from '../../resources/parse-manifests';
import { combineManifests } from '../../resources/manifest-set';

/**
 * `windlass pipeline validate FILE...`: reads manifests as the store does and prints their errors; `-` is
 * standard input.
 * @returns the exit code: 1 if a file has an error or cannot be read
 */
export async function validatePipelines(
  files: readonly string[],
  print: (text: string) => void,
): Promise<number> {
  let unreadable = 0;
  const read: Manifests[] = [];
  for (const file of files) {
    const source = file === '-' ? 'standard input' : file;
    try {
      read.push(parseManifests(await readFile(file === '-' ? '/dev/stdin' : file, 'utf8'), source));
    } catch (error) {
      unreadable += 1;
      print(`${source}: cannot be read: ${(error as Error).message}`);
    }
  }
  const { faults } = combineManifests(read);
  for (const line of [
    ...read.flatMap(contents),
    ...faults.map(formatFault),
    ...read.flatMap(({ warnings }) => warnings.map((warning) => `warning: ${formatFault(warning)}`)),
  ]) {
    print(line);
  }
  return unreadable + faults.length > 0 ? 1 : 0;
}

function contents({ source, pipelines, secrets, faults }: Manifests): string[] {
  const found = [
    ...pipelines.map(
      ({ namespace, name, environments }) =>
        `${source}: Pipeline ${namespace}/${name} is valid: ${environments.map((one) => one.name).join(' → ')}`,
    ),
    ...secrets.map(({ namespace, name }) => `${source}: Secret ${namespace}/${name} is valid`),
  ];
  return found.length > 0 || faults.length > 0
    ? found
    : [`${source}: contains neither a Pipeline nor a Secret`];
}

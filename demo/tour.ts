import { approved } from './approval-step';
import { fleet } from './demo-fleet';
import { type TourOptions } from './tour-options';
import {
  completed,
  deployed,
  merged,
  notProposed,
  proposed,
  recorded,
  release,
  run,
  superseded,
  tested,
} from './tour-steps';

const [dev, staging, prod] = fleet.environments;
const { pipeline, version, brokenVersion, fixedVersion } = fleet;
const { name } = pipeline;

/**
 * Releases a version that fails its tests in staging, then one that passes them and is approved for prod. Checks each step.
 * @throws DemoFailure that says which step failed
 */
export async function tour(options: TourOptions): Promise<void> {
  const { terminal } = options;

  await release(options, brokenVersion);
  const broken = await deployed(options, dev, brokenVersion);
  terminal.title(`1  ${dev} runs ${name} ${brokenVersion}`);
  const brokenToStaging = run(options, broken, staging);
  await merged(options, brokenToStaging, await proposed(options, brokenToStaging, version));

  const brokenInStaging = await deployed(options, staging, brokenVersion);
  terminal.title(`2  ${staging} runs ${name} ${brokenVersion}, and its Helm tests fail`);
  await completed(options, brokenToStaging);
  const stopped = run(options, brokenInStaging, prod);
  await tested(options, staging, brokenVersion);
  await notProposed(options, stopped, version);

  await release(options, fixedVersion);
  const fixed = await deployed(options, dev, fixedVersion);
  terminal.title(`3  ${dev} runs ${name} ${fixedVersion}, which fixes them`);
  const fixedToStaging = run(options, fixed, staging);
  await merged(options, fixedToStaging, await proposed(options, fixedToStaging, brokenVersion));

  const fixedInStaging = await deployed(options, staging, fixedVersion);
  terminal.title(`4  ${staging} runs ${name} ${fixedVersion}, and its Helm tests pass`);
  await completed(options, fixedToStaging);
  const fixedToProd = run(options, fixedInStaging, prod);
  await superseded(options, stopped, fixedVersion);
  await tested(options, staging, fixedVersion);

  terminal.title(`5  ${prod} waits for an approval of ${name} ${fixedVersion}`);
  const pullRequest = await proposed(options, fixedToProd, version);
  await approved(options, fixedToProd, pullRequest);
  await merged(options, fixedToProd, pullRequest);

  const inProd = await deployed(options, prod, fixedVersion);
  terminal.title(`6  ${prod} runs ${name} ${fixedVersion}`);
  recorded(options, inProd);
  await completed(options, fixedToProd);
}

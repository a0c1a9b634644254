/** What the program makes of the flags and variables that the chart gives it. */
import { type Config, type Flags, readConfig } from '../../src/config/config';
import { settings } from '../../src/config/settings';
import { environmentOf, flagsOf, type Workload } from './manifests';

/** @throws Error for a flag that there is not; ConfigurationError */
export function configOf(workload: Workload): Config {
  const named = Object.entries(settings).map(([name, { flag }]) => [flag, name] as const);
  const names = new Map<string, string>(named);
  const flags = Object.entries(flagsOf(workload)).map(([flag, value]) => {
    const name = names.get(flag);
    if (name === undefined) throw new Error(`There is no flag --${flag}.`);
    return [name, value];
  });
  // As the kubelet tells every Pod.
  const inPod = { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' };
  return readConfig(Object.fromEntries(flags) as Flags, { ...inPod, ...environmentOf(workload) });
}

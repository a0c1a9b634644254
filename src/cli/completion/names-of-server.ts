import { setTimeout as after } from 'node:timers/promises';
import { openSession, type Session } from '../access/open-session';
import { type Surroundings } from '../surroundings';
import { parseNamespacedName } from '../commands/pipeline-argument';
import { type Names } from './candidates';

/** Someone waits for the next letter. */
const patienceMs = 1_500;
const most = 1_000;

/** Asks the server that the environment or the profile names; any failure is no name. */
export function namesOfServer(surroundings: Surroundings): Names {
  const silent = { ...surroundings, terminal: { ...surroundings.terminal, note: () => undefined } };
  const ask = async (question: (session: Session) => Promise<string[]>): Promise<string[]> => {
    try {
      return await Promise.race([openSession({}, silent).then(question), after(patienceMs, [])]);
    } catch {
      return [];
    }
  };
  return {
    pipelines: () =>
      ask(async ({ client }) => {
        const { items } = await client.call('listPipelines', { query: { limit: most } });
        return items.map(({ namespace, name }) => `${namespace}/${name}`);
      }),
    environments: (pipeline) =>
      ask(async ({ client }) => {
        const params = parseNamespacedName('Pipeline', pipeline);
        return (await client.call('getPipeline', { params })).environments.map(({ name }) => name);
      }),
  };
}

import { createColors } from 'picocolors';
import { type Session } from '../../../src/cli/access/open-session';
import { type Awaited, waitForPromotion } from '../../../src/cli/waiting/wait-for-promotion';
import { type PipelineDetails } from '../../../src/operator/schemas/pipelines';
import { pipeline } from '../../support/operator-examples';

type Environment = PipelineDetails['environments'][number];

const since = '2026-11-28T12:00:00Z';
const { acting: _acting, ...prod }: Environment = pipeline.environments[1]!;
const settling = {
  version: '1.4.0',
  promotion: 'promotion/of/another',
  stage: 'merged',
  since,
} as const;
const retried = (version: string | undefined): Awaited => ({
  ...{ namespace: 'apps', name: 'shop', environment: 'prod', version },
  ...{ promotion: undefined, since },
});

/** @param states of the environment, one for each look; the last one stays */
function session(...states: readonly Partial<Environment>[]): Session {
  let looks = 0;
  let now = Date.parse(since);
  const call = (name: string): Promise<unknown> => {
    if (name !== 'getPipeline') throw new Error(`It called ${name}.`);
    const state = states[Math.min(looks, states.length - 1)];
    looks += 1;
    return Promise.resolve({ ...pipeline, environments: [{ ...prod, ...state }] });
  };
  const unused = (): never => {
    throw new Error('Nothing is asked or printed.');
  };
  return {
    client: { call: call as Session['client']['call'], openEvents: unused, dashboardLink: unused },
    server: new URL('https://windlass.example.com'),
    terminal: {
      ...{ columns: undefined, color: false, interactive: false, note: () => undefined },
      ...{ print: unused, ask: unused, askHidden: unused, readInput: unused },
    },
    style: createColors(false),
    now: () => now,
    pause: (ms) => {
      now += ms;
      return Promise.resolve();
    },
  };
}

describe('a retry', () => {
  it('waits for its own version, not for another one that settles or is deployed meanwhile', async () => {
    const deployed = { version: '1.4.0', state: 'deployed', at: '2026-11-28T12:00:02Z' };
    const others = session({ settling }, { last: deployed });
    await expect(waitForPromotion(others, retried('1.4.1'), 'merged', 20_000)).resolves.toBe('timeout');
    const own = session({ settling }, { settling: { ...settling, version: '1.4.1' } });
    await expect(waitForPromotion(own, retried('1.4.1'), 'merged', 20_000)).resolves.toBe('done');
  });

  it('of which the version is not known is not what settles or has ended', async () => {
    const other = session({ settling }, { last: { version: '1.4.0', state: 'deployed', at: since } });
    await expect(waitForPromotion(other, retried(undefined), 'merged', 20_000)).resolves.toBe('timeout');
  });
});

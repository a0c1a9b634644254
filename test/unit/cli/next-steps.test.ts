import { nextSteps } from '../../../src/cli/views/next-steps';
import { pipeline as example } from '../../support/operator-examples';

const base = { namespace: 'apps', name: 'shop', suspended: false, valid: true };
type Given = Parameters<typeof nextSteps>[0];
const prod: Given['environment'] = example.environments[1]!;
const withProd = (environment: Partial<Given['environment']>): Given['environment'] => {
  const { acting: _acting, held: _held, ...rest } = prod;
  return { ...rest, held: [], ...environment };
};
const acting = prod.acting!;
const commandsOf = (given: Given): (string | undefined)[] => nextSteps(given).map(({ command }) => command);

describe('what comes next', () => {
  it('for a version that waits for people: approve, reject, open the gate, cancel', () => {
    expect(
      commandsOf({
        pipeline: base,
        environment: withProd({ acting }),
        closed: [{ gate: 'approvals', says: 'waits' }],
      }),
    ).toEqual([
      'windlass approve apps/shop prod 1.4.1',
      "windlass reject apps/shop prod 1.4.1 --comment 'WHY'",
      "windlass override apps/shop prod 1.4.1 --gates approvals --reason 'WHY'",
      'windlass cancel apps/shop prod 1.4.1',
    ]);
  });

  it('names of several gates all that wait for people, and excludes those alone whom each of them excludes', () => {
    const steps = nextSteps({
      pipeline: base,
      environment: withProd({ acting: { ...acting, state: 'frozen' }, freezes: ['apps/fair'] }),
      closed: [
        { gate: 'freeze', says: 'x' },
        { gate: 'approvals', says: 'x', excluded: ['ada', 'bob'] },
        { gate: 'approvals', says: 'x', excluded: ['bob'] },
      ],
    });
    expect(steps.map(({ todo, excluded }) => [todo.split(' ')[0], excluded])).toEqual([
      ['Approve', ['bob']],
      ['Reject', undefined],
      ['End', undefined],
      ['Open', undefined],
      ['Cancel', undefined],
    ]);
    expect(steps[3]?.command).toContain('--gates freeze,approvals ');
  });

  it('for an open pull request whose gates are open: its merge', () => {
    const [first] = nextSteps({
      pipeline: base,
      environment: withProd({ acting: { ...acting, state: 'pull-request' } }),
      closed: [],
    });
    expect(first).toEqual({ todo: 'Merge https://git.example.com/fleet/pull/7' });
  });

  it.each<readonly [boolean, boolean, readonly string[]]>([
    [true, false, ['windlass resume apps/shop']],
    [false, true, ['windlass resume apps/shop --environment prod']],
    [true, true, ['windlass resume apps/shop --environment prod', 'windlass resume apps/shop']],
    // In the manifest of the environment.
    [false, false, ['windlass resume apps/shop']],
  ])(
    'for what is suspended (Pipeline: %s, environment: %s): the end of it, whichever freezes there are',
    (ofPipeline, suspended, commands) => {
      expect(
        commandsOf({
          pipeline: { ...base, suspended: ofPipeline },
          environment: withProd({
            ...{ acting: { ...acting, state: 'suspended' as const }, suspended },
            freezes: ['apps/windlass-1'],
          }),
          closed: [{ gate: 'suspended', says: 'x' }],
        }),
      ).toEqual([...commands, 'windlass cancel apps/shop prod 1.4.1']);
    },
  );

  it('for what is frozen: the end of each freeze, or an override', () => {
    expect(
      commandsOf({
        pipeline: base,
        environment: withProd({ acting: { ...acting, state: 'frozen' }, freezes: ['apps/windlass-1'] }),
        closed: [{ gate: 'frozen', says: 'x' }],
      }),
    ).toEqual([
      'windlass unfreeze apps/windlass-1',
      "windlass override apps/shop prod 1.4.1 --gates freeze --reason 'WHY'",
      'windlass cancel apps/shop prod 1.4.1',
    ]);
  });

  it('for what failed: retry; for what is held: promote', () => {
    const environment = withProd({
      failed: { version: '1.4.1' },
      held: [{ version: '1.4.0', because: 'rejected', since: '2026-11-28T12:00:00Z' }],
    });
    expect(commandsOf({ pipeline: base, environment, closed: [] })).toEqual([
      'windlass retry apps/shop prod',
      'windlass promote apps/shop prod 1.4.0',
    ]);
  });

  it('names an environment as a shell takes it', () => {
    const environment = withProd({ name: 'prod eu', failed: { version: '1.4.1' } });
    expect(commandsOf({ pipeline: base, environment, closed: [] })).toEqual([
      "windlass retry apps/shop 'prod eu'",
    ]);
  });
});

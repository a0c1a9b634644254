/** What counts as a promotion, a deployment, a rollback and a repair: see docs/figures.md. */
import { laneHistory } from '../../../../src/domain/figures/lane-history';
import { type AuditRecord, type RecordKind } from '../../../../src/domain/record/audit-record';

const hour = 3_600_000;
const noon = Date.UTC(2026, 10, 28, 12);

/** Lines such as `proposed 1.1.0`, oldest first, an hour apart from noon on. */
function read(...lines: readonly string[]) {
  const records = lines.map((line, index): AuditRecord => {
    const [kind, version, reported] = line.split(' ');
    return {
      kind: kind as RecordKind,
      at: noon + index * hour,
      ...(version === undefined ? {} : { version }),
      ...(reported === undefined ? {} : { reportedAt: noon - Number(reported) * hour }),
    };
  });
  return laneHistory({ records: records.toReversed() });
}

/** Hours after noon; `f` failed, `r` a rollback. */
function shown(...lines: readonly string[]): readonly string[] {
  return read(...lines).promotions.map(({ version, at, deployedAt, wentBackAt, failed, rollback }) => {
    const hours = (time: number): number => (time - noon) / hour;
    return [
      version,
      `began ${hours(at)}`,
      ...(deployedAt === undefined ? [] : [`deployed ${hours(deployedAt)}`]),
      ...(wentBackAt === undefined ? [] : [`back ${hours(wentBackAt)}`]),
      ...(failed === true ? ['failed'] : []),
      ...(rollback === true ? ['rollback'] : []),
    ].join(', ');
  });
}

it('a promotion begins with its first record and is deployed with its last', () => {
  expect(shown('proposed 1.1.0', 'merged 1.1.0', 'deployed 1.1.0')).toEqual(['1.1.0, began 0, deployed 2']);
  expect(shown('notified 1.1.0', 'deployed v1.1.0')).toEqual(['1.1.0, began 0, deployed 1']);
});

it('decisions, and what ends before anything is proposed, are no promotions', () => {
  expect(shown('approved 1.1.0', 'superseded 1.1.0', 'unchanged 1.2.0', 'ignored 1.3.0')).toEqual([]);
});

it('a retry continues the promotion that failed, and it counts as failed once', () => {
  expect(
    shown('failed 1.1.0', 'retry-requested 1.1.0', 'failed 1.1.0', 'proposed 1.1.0', 'deployed 1.1.0'),
  ).toEqual(['1.1.0, began 0, deployed 4, failed']);
});

it('a version that is proposed again after its end is another promotion', () => {
  expect(shown('proposed 1.1.0', 'closed 1.1.0', 'proposed 1.1.0', 'merged 1.1.0', 'deployed 1.1.0')).toEqual(
    ['1.1.0, began 0', '1.1.0, began 2, deployed 4'],
  );
});

it('the same version again, where it runs already, is no deployment', () => {
  expect(shown('deployed 1.1.0', 'proposed 1.1.0', 'deployed 1.1.0', 'deployed 1.1.0')).toEqual([
    '1.1.0, began 0, deployed 0',
    '1.1.0, began 1',
  ]);
});

it('a version that comes back after another one is a deployment', () => {
  expect(shown('deployed 1.1.0', 'deployed 1.2.0', 'deployed 1.1.0')).toHaveLength(3);
});

it('several targets that go back are one rollback', () => {
  expect(shown('proposed 1.1.0', 'deployed 1.1.0', 'rolled-back 1.1.0', 'rolled-back 1.1.0')).toEqual([
    '1.1.0, began 0, deployed 1, back 2',
  ]);
});

it('a version that goes back before all targets run it has reached its environment', () => {
  expect(shown('proposed 1.1.0', 'merged 1.1.0', 'rolled-back 1.1.0')).toEqual(['1.1.0, began 0, back 2']);
});

it('a rollback that no promotion led to is none of a promotion', () => {
  expect(shown('rolled-back 1.1.0')).toEqual([]);
});

it('a rollback that a person asks for marks what ran, and is a repair itself', () => {
  const lines = [
    'deployed 1.0.0',
    'deployed 1.1.0',
    'rollback-requested 1.0.0',
    'proposed 1.0.0',
    'merged 1.0.0',
  ];
  expect(shown(...lines, 'deployed 1.0.0')).toEqual([
    '1.0.0, began 0, deployed 0',
    '1.1.0, began 1, deployed 1, back 5',
    '1.0.0, began 3, deployed 5, rollback',
  ]);
});

it('a rollback to what runs marks what was merged and never ran', () => {
  const lines = [
    'deployed 1.0.0',
    'merged 1.1.0',
    'rollback-requested 1.0.0',
    'merged 1.0.0',
    'deployed 1.0.0',
  ];
  expect(shown(...lines)[1]).toBe('1.1.0, began 1, back 3');
});

it('what was merged and passed by a newer one never ran', () => {
  expect(shown('merged 1.1.0', 'merged 1.2.0', 'deployed 1.2.0')).toEqual([
    '1.1.0, began 0',
    '1.2.0, began 1, deployed 2',
  ]);
});

it('when the version was reported is kept with its deployment', () => {
  expect(read('deployed 1.1.0 3').promotions[0]?.reportedAt).toBe(noon - 3 * hour);
});

describe('an environment is restored', () => {
  it('by the rollback that a person asked for, from the request on', () => {
    expect(
      read('deployed 1.1.0', 'rollback-requested 1.0.0', 'merged 1.0.0', 'deployed 1.0.0').restored,
    ).toEqual([{ from: noon + hour, to: noon + 3 * hour }]);
  });

  it('by the next deployment after it went back by itself', () => {
    expect(
      read('deployed 1.1.0', 'rolled-back 1.1.0', 'rolled-back 1.1.0', 'deployed 1.1.1').restored,
    ).toEqual([{ from: noon + hour, to: noon + 3 * hour }]);
  });

  it('by a newer version that is deployed in place of the rollback', () => {
    expect(
      read('rollback-requested 1.0.0', 'superseded 1.0.0', 'promote-requested 1.1.1', 'deployed 1.1.1')
        .restored,
    ).toHaveLength(1);
  });

  it('by nothing, where the rollback was not done', () => {
    const { restored, brokenSince } = read('rollback-requested 1.0.0', 'closed 1.0.0', 'deployed 1.1.1');
    expect({ restored, brokenSince }).toEqual({ restored: [], brokenSince: undefined });
  });

  it('by nothing yet, while nothing is deployed', () => {
    expect(read('deployed 1.1.0', 'rolled-back 1.1.0', 'proposed 1.1.1').brokenSince).toBe(noon + hour);
  });
});

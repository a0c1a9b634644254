import { createLog } from '../../../src/program/log';

function linesOf(encoding: 'json' | 'console', level: 'debug' | 'warn' = 'debug'): string[] {
  const lines: string[] = [];
  const log = createLog({ level, encoding }, { write: (line) => lines.push(line) });
  log.info({ pipeline: 'default/my-app' }, 'promoted');
  log.warn('beware');
  return lines;
}

it("writes JSON with the original's field names", () => {
  const [first = ''] = linesOf('json');
  expect(JSON.parse(first)).toEqual({
    level: 'info',
    ts: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    pipeline: 'default/my-app',
    msg: 'promoted',
  });
});

it('writes lines for people with the console encoding', () => {
  const [first, second] = linesOf('console');
  expect(first).toMatch(/^\S+Z\tINFO\tpromoted\t\{"pipeline":"default\/my-app"\}\n$/);
  expect(second).toMatch(/^\S+Z\tWARN\tbeware\n$/);
});

it('leaves out what is below the level', () => {
  expect(linesOf('json', 'warn')).toHaveLength(1);
});

import { version } from '../../../package.json';
import { createProgram } from '../../../src/program/program';

/** As `windlass <name> --help` prints it, in one line. */
async function helpOf(name: string): Promise<string> {
  const program = createProgram();
  const written: string[] = [];
  const collect = { writeOut: (text: string) => written.push(text) };
  program.configureOutput(collect);
  for (const command of program.commands) command.configureOutput(collect).exitOverride();
  await expect(program.parseAsync([name, '--help'], { from: 'user' })).rejects.toThrow('outputHelp');
  return written.join('').replaceAll(/\s+/g, ' ');
}

it.each(['--version', '-V'])('%s prints the version', async (flag) => {
  const written: string[] = [];
  const program = createProgram().configureOutput({ writeOut: (text) => written.push(text) });
  await expect(program.parseAsync([flag], { from: 'user' })).rejects.toMatchObject({ exitCode: 0 });
  expect(written).toEqual([`${version}\n`]);
});

it("--version of event send is the chart's", async () => {
  const program = createProgram();
  const send = ['event', 'send', '--url=no-url', '--name=a', '--namespace=b', '--version', '1.2.3'];
  await expect(program.parseAsync(send, { from: 'user' })).rejects.toThrow('--url is "no-url"');
});

describe('the help', () => {
  it.each([
    [
      'api',
      [
        '--promotion-hook-bind-address',
        '--api-bind-address',
        '--freezes-dir',
        '--policy-file',
        '--data-dir',
        '--log-level',
      ],
      ['--promotion-retry-delay'],
    ],
    [
      'worker',
      ['--promotion-retry-delay', '--policy-file', '--freezes-dir', '--data-dir', '--log-level'],
      ['--promotion-hook-bind-address', '--api-bind-address'],
    ],
    ['dev', ['--promotion-hook-bind-address', '--promotion-retry-delay', '--log-level'], []],
  ])('of %s shows the flags that it reads', async (name, own, others) => {
    const help = await helpOf(name);
    for (const flag of own) expect(help).toContain(`${flag} `);
    for (const flag of others) expect(help).not.toContain(`${flag} `);
  });

  it.each(['api', 'worker'])('of %s names the variables of the connection to Temporal', async (name) => {
    const help = await helpOf(name);
    expect(help).toContain('TEMPORAL_ADDRESS (default: localhost:7233)');
    expect(help).toContain('TEMPORAL_API_KEY');
  });

  it('of dev names the variable of the Temporal server that it starts', async () => {
    const help = await helpOf('dev');
    expect(help).toContain('WINDLASS_TEMPORAL_CLI');
    expect(help).not.toContain('TEMPORAL_ADDRESS');
  });
});

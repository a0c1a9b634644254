import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { completionScripts } from '../../../src/cli/completion/scripts';
import * as examples from '../../support/operator-examples';
import { openPlace, type Place } from './home';

let place: Place;
beforeEach(async () => {
  place = await openPlace();
  place.api.answer('listPipelines', examples.pipelines);
  place.api.answer('getPipeline', examples.pipeline);
});
afterEach(() => place.close());

const offered = async (...words: string[]): Promise<string[]> => {
  const { out } = await place.run(['__complete', '--', ...words]);
  return out === '' ? [] : out.split('\n');
};

describe('what is offered', () => {
  it('are commands', async () => {
    expect(await offered('re')).toEqual(['reject', 'retry', 'resume']);
    expect(await offered('get', '')).toEqual(['pipelines', 'promotions', 'freezes']);
    expect(await offered('')).not.toContain('__complete');
  });

  it('are flags and their values', async () => {
    expect(await offered('approve', '--c')).toEqual(['--ca-file', '--comment']);
    expect(await offered('get', 'pipelines', '-o', 'w')).toEqual(['wide']);
    expect(await offered('get', 'pipelines', '--sort', '')).toEqual(['name', 'changed', 'waiting']);
    expect(await offered('completion', '')).toEqual(['bash', 'zsh', 'fish']);
  });

  it('are the Pipelines of the server, and the environments of one', async () => {
    expect(await offered('approve', 'apps/s')).toEqual(['apps/shop']);
    expect(await offered('approve', '--comment', 'x', 'apps/shop', 'p')).toEqual(['prod']);
    expect(await offered('audit', '--pipeline', '')).toEqual(['apps/shop', 'apps/broken']);
    expect(await offered('approve', 'apps/shop', 'prod', '')).toEqual([]);
  });

  it('is nothing of the server if it is away or knows no token, and no error', async () => {
    const line = ['__complete', '--', 'approve', ''];
    expect(await place.run(line, { env: { WINDLASS_TOKEN: 'wrong' } })).toMatchObject({
      code: 0,
      out: '',
      err: '',
    });
    expect(await place.run(line, { env: { WINDLASS_SERVER: '' } })).toMatchObject({
      code: 0,
      out: '',
      err: '',
    });
  });

  it('is no name that a shell would take apart', async () => {
    const environments = [{ ...examples.pipeline.environments[0]!, name: '$(reboot)' }];
    place.api.answer('getPipeline', { ...examples.pipeline, environments });
    expect(await offered('approve', 'apps/shop', '')).toEqual([]);
  });
});

it('bash completes with the script', async () => {
  const bin = join(place.home, 'bin');
  await mkdir(bin);
  // Prints what it was asked, as candidates.
  await writeFile(join(bin, 'windlass'), '#!/bin/sh\nprintf "%s\\n" "$@"\n', { mode: 0o755 });
  const script = `
    ${completionScripts.bash}
    COMP_WORDS=(windlass approve 'apps/s' ignored); COMP_CWORD=2
    _windlass
    printf '%s\\n' "\${COMPREPLY[@]}"
    complete -p windlass`;
  const { stdout } = await promisify(execFile)('bash', ['--norc', '-c', script], {
    env: { PATH: `${bin}:${process.env['PATH'] ?? ''}` },
  });
  expect(stdout.trim().split('\n')).toEqual([
    '__complete',
    '--',
    'approve',
    'apps/s',
    'complete -o default -F _windlass windlass',
  ]);
});

it.each(['bash', 'zsh', 'fish'])('windlass completion %s prints its script', async (shell) => {
  const { code, out } = await place.run(['completion', shell]);
  expect(code).toBe(0);
  expect(out).toContain(`windlass completion for ${shell}`);
});

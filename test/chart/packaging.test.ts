import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { version } from '../../package.json';
import { findServers } from '../support/server-programs';

const root = path.join(__dirname, '../..');
const run = promisify(execFile);

interface Answer {
  readonly services: readonly {
    readonly name: string;
    readonly image: string;
    readonly needs: readonly string[];
    readonly mounts: readonly string[];
  }[];
  readonly stages: readonly { readonly name: string; readonly base: string; readonly commands: number }[];
  readonly warnings: readonly string[];
}

let programs: Readonly<Record<'packaging-reader' | 'actionlint', string>>;
let directory: string;
beforeAll(async () => {
  programs = await findServers('packaging-reader', 'actionlint');
  directory = await mkdtemp(path.join(tmpdir(), 'windlass-packaging-'));
});
afterAll(() => rm(directory, { recursive: true }));

/** Without the variables of whoever runs the tests. */
async function read(
  kind: 'compose' | 'dockerfile',
  file: string,
  env: Record<string, string> = {},
): Promise<Answer> {
  const { stdout } = await run(programs['packaging-reader'], [kind, file], { env });
  return JSON.parse(stdout) as Answer;
}

/** A copy of a file in which one text is another. */
async function changed(file: string, was: string, is: string): Promise<string> {
  const text = await readFile(path.join(root, file), 'utf8');
  expect(text).toContain(was);
  const copy = path.join(directory, path.basename(file));
  await writeFile(copy, text.replace(was, is));
  return copy;
}

describe('docker-compose.yml, as Docker Compose loads it', () => {
  const compose = path.join(root, 'docker-compose.yml');
  const password = { POSTGRES_PASSWORD: 'p4ssw0rd' };

  it('has api and worker from the image of this version, once their namespace is there', async () => {
    const { services } = await read('compose', compose, password);
    expect(services.map(({ name }) => name)).toEqual([
      'api',
      'namespace',
      'postgres',
      'schema',
      'temporal',
      'temporal-ui',
      'temporal-ui-proxy',
      'worker',
    ]);
    const ours = services.filter(({ name }) => ['api', 'worker'].includes(name));
    expect(ours).toMatchObject([
      { image: `windlass:${version}`, needs: ['namespace service_completed_successfully'] },
      { image: `windlass:${version}`, needs: ['namespace service_completed_successfully'] },
    ]);
    expect(ours.map(({ mounts }) => mounts)).toEqual([
      ['bind /etc/windlass/pipelines', 'volume /freezes'],
      ['bind /etc/windlass/pipelines', 'volume /data', 'volume /freezes'],
    ]);
  });

  it('is refused without a password, with the place that says how to set one', async () => {
    await expect(read('compose', compose)).rejects.toThrow('set POSTGRES_PASSWORD in .env');
  });

  it.each([
    [
      'a service that is not there',
      'temporal: { condition: service_healthy }',
      'temporel: { condition: service_healthy }',
    ],
    ['a field that is not there', 'read_only: true\n  tmpfs', 'readonly: true\n  tmpfs'],
    ['a network that is not there', 'networks: [database]', 'networks: [databases]'],
  ])('would be refused with %s', async (_, was, is) => {
    const file = await changed('docker-compose.yml', was, is);
    await expect(read('compose', file, password)).rejects.toThrow();
  });
});

describe('Dockerfile, as BuildKit parses it', () => {
  it('has the stages that are built, and no warning', async () => {
    const { stages, warnings } = await read('dockerfile', path.join(root, 'Dockerfile'));
    expect(warnings).toEqual([]);
    expect(stages.map(({ name, base }) => [name, base.replace(/@sha256:.*/, '')])).toEqual([
      ['build', 'node:24-bookworm-slim'],
      ['temporal', 'build'],
      ['runtime', 'node:24-bookworm-slim'],
      ['all-in-one', 'runtime'],
      ['', 'runtime'],
    ]);
  });

  it('would be refused with an instruction or a flag that is not there', async () => {
    for (const [was, is] of [
      ['USER 1000:1000', 'USR 1000:1000'],
      ['COPY --from=build /app/dist', 'COPY --form=build /app/dist'],
    ] as const) {
      await expect(read('dockerfile', await changed('Dockerfile', was, is))).rejects.toThrow();
    }
  });
});

describe('the workflows of GitHub, as actionlint reads them', () => {
  const workflows = path.join(root, '.github/workflows');
  /** Without shellcheck, which not every machine has. */
  const lint = (...files: readonly string[]) =>
    run(programs.actionlint, ['-shellcheck=', '-pyflakes=', ...files], { cwd: root });

  it('have no fault', async () => {
    const names = await readdir(workflows);
    expect(names.sort()).toEqual(['ci.yaml', 'release.yaml']);
    expect(await lint(...names.map((name) => path.join(workflows, name)))).toEqual({
      stdout: '',
      stderr: '',
    });
  });

  it('would be refused with an output that is not there', async () => {
    const file = await changed(
      '.github/workflows/release.yaml',
      'steps.index.outputs',
      'steps.indices.outputs',
    );
    await expect(lint(file)).rejects.toMatchObject({ stdout: expect.stringContaining('indices') as unknown });
  });
});

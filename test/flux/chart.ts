/** The charts of the applications: a ConfigMap that says which version runs, and one as a Helm test. No node is needed. */
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Helm } from './helm-program';

/** A list where Kubernetes wants text: the API server refuses what is rendered. */
const refused = '[1]';
type Fault = 'upgrade' | 'upgrade-in-prod' | 'test';

/** The value of `greeting` with which the Helm test of every chart fails. */
export const failingGreeting = 'fail the test';

export interface Chart {
  /** Application, chart and release have one name. */
  readonly name: string;
  readonly version: string;
  /** What the API server refuses of it. */
  readonly fault?: Fault;
}

/** @returns the packaged chart, in a directory of its own below `directory` */
export async function packageChart(helm: Helm, directory: string, chart: Chart): Promise<string> {
  const own = await mkdtemp(path.join(directory, 'chart-'));
  const source = path.join(own, chart.name);
  await mkdir(path.join(source, 'templates'), { recursive: true });
  for (const [file, text] of Object.entries(filesOf(chart))) await writeFile(path.join(source, file), text);
  const output = await helm(['package', source, '--destination', own]);
  // "Successfully packaged chart and saved it to: /…/name-version.tgz"
  return output.trim().slice(output.indexOf(own));
}

const filesOf = ({ name, version, fault }: Chart): Readonly<Record<string, string>> => ({
  'Chart.yaml': `apiVersion: v2\nname: ${name}\nversion: ${version}\n`,
  'values.yaml': 'greeting: hello\n',
  'templates/config-map.yaml': `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
data:
  version: ${deployedVersion(version, fault)}
  greeting: {{ .Values.greeting | quote }}
`,
  'templates/test.yaml': `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-test
  annotations:
    helm.sh/hook: test
    helm.sh/hook-delete-policy: before-hook-creation
data:
  version: ${fault === 'test' ? refused : `{{ if eq .Values.greeting "${failingGreeting}" }}${refused}{{ else }}${JSON.stringify(version)}{{ end }}`}
`,
});

function deployedVersion(version: string, fault: Fault | undefined): string {
  if (fault === 'upgrade') return refused;
  const text = JSON.stringify(version);
  if (fault !== 'upgrade-in-prod') return text;
  return `{{ if hasSuffix "-prod" .Release.Namespace }}${refused}{{ else }}${text}{{ end }}`;
}

/** As much of the shapes of Kubernetes objects as the tests of the chart look at, and how to find one among many. */

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly imagePullPolicy: string;
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly envFrom?: readonly { readonly secretRef: { readonly name: string } }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly resources: { readonly limits?: { readonly memory?: string } };
  readonly securityContext: unknown;
  readonly startupProbe?: unknown;
  readonly livenessProbe?: unknown;
  readonly readinessProbe?: unknown;
  readonly volumeMounts: readonly {
    readonly name: string;
    readonly mountPath: string;
    readonly readOnly?: boolean;
  }[];
}

export interface PodSpec {
  readonly serviceAccountName: string;
  readonly terminationGracePeriodSeconds: number;
  readonly securityContext: unknown;
  readonly priorityClassName?: string;
  readonly affinity?: unknown;
  readonly topologySpreadConstraints?: readonly unknown[];
  readonly initContainers?: readonly Container[];
  readonly containers: readonly [Container];
  readonly volumes: readonly { readonly name: string; readonly [source: string]: unknown }[];
}

export interface PodTemplate {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: PodSpec;
}

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: unknown;
  readonly rules?: unknown;
}

interface WorkloadSpec {
  readonly replicas: number;
  readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly template: PodTemplate;
}

export interface Workload extends Manifest {
  readonly spec: WorkloadSpec;
}

export interface ServiceSpec {
  readonly type: string;
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly {
    readonly port: number;
    readonly targetPort: string | number;
    readonly nodePort?: number;
  }[];
}

/** The one of its kind and name. */
export function find(manifests: readonly Manifest[], kind: string, name: string): Manifest {
  const found = manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name);
  if (found !== undefined) return found;
  const all = manifests.map((manifest) => `${manifest.kind} ${manifest.metadata.name}`);
  throw new Error(`There is no ${kind} ${name} among ${all.join(', ')}.`);
}

export function serviceSpec(manifests: readonly Manifest[], name: string): ServiceSpec {
  return find(manifests, 'Service', name).spec as ServiceSpec;
}

export function workloads(manifests: readonly Manifest[]): Workload[] {
  return manifests.filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet') as Workload[];
}

/** The workload of one component. */
export function component(manifests: readonly Manifest[], name: string): Workload {
  const found = workloads(manifests).find(
    ({ metadata }) => metadata.labels['app.kubernetes.io/component'] === name,
  );
  if (found === undefined) throw new Error(`There is no component ${name}.`);
  return found;
}

/** Environment variables of a workload's program. */
export function environmentOf({ spec }: Workload): Record<string, string> {
  const variables = spec.template.spec.containers[0].env ?? [];
  return Object.fromEntries(variables.map(({ name, value = '' }) => [name, value]));
}

/** The flags of a workload's program; without the command, which comes first. */
export function flagsOf({ spec }: Workload): Record<string, string> {
  const [, ...flags] = spec.template.spec.containers[0].args ?? [];
  return Object.fromEntries(flags.map((flag) => /^--([^=]+)=(.*)$/.exec(flag)?.slice(1) as [string, string]));
}

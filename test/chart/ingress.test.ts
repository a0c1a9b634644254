import { documentedValues } from './documented-values';
import { leastValues, render, type Values } from './helm';
import { component, find, serviceSpec } from './manifests';
import { configOf } from './program';

interface IngressSpec {
  readonly ingressClassName: string;
  readonly rules: readonly {
    readonly host: string;
    readonly http: {
      readonly paths: readonly {
        readonly path: string;
        readonly pathType: string;
        readonly backend: {
          readonly service: { readonly name: string; readonly port: { readonly number: number } };
        };
      }[];
    };
  }[];
}

async function ingressOf(values: Values) {
  const { manifests } = await render({ ...leastValues, ...values });
  const { metadata, spec } = find(manifests, 'Ingress', 'windlass-promotion');
  return { manifests, annotations: metadata.annotations ?? {}, spec: spec as IngressSpec };
}

/**
 * Where ingress-nginx sends a path. With a rewrite target it writes, for a path P of the Ingress, `location ~* "^P"` and
 * `rewrite "(?i)P" TARGET break;` (https://kubernetes.github.io/ingress-nginx/examples/rewrite/).
 */
function nginxTarget(path: string, target: string, requested: string): string {
  const location = new RegExp(`^${path}`, 'i').exec(requested);
  if (location === null) throw new Error(`NGINX would answer 404 to ${requested}.`);
  const groups = new RegExp(path, 'i').exec(requested) ?? [];
  return target.replaceAll(/\$(\d)/g, (_whole, group: string) => groups[Number(group)] ?? '');
}

describe('the NGINX ingress with its rewrite', () => {
  it.each([
    ['/pipeline-01/my-app/dev', '/promotion/pipeline-01/my-app/dev'],
    ['/apps/app.with-dots/prod-eu', '/promotion/apps/app.with-dots/prod-eu'],
  ])('sends %s to %s', async (requested, expected) => {
    const { annotations, spec } = await ingressOf(documentedValues('Without /promotion in the address'));
    const { path, pathType } = spec.rules[0]!.http.paths[0]!;
    const target = annotations['nginx.ingress.kubernetes.io/rewrite-target'];
    expect(nginxTarget(path, target!, requested)).toBe(expected);
    // Any other type is for plain prefixes: NGINX's admission refuses a regular expression there.
    expect(pathType).toBe('ImplementationSpecific');
    expect(spec.ingressClassName).toBe('nginx');
  });

  it('is the one of the original documentation', async () => {
    const { annotations, spec } = await ingressOf(documentedValues('Without /promotion in the address'));
    expect(spec.rules[0]!.http.paths[0]!.path).toBe('/?(.*)');
    expect(annotations['nginx.ingress.kubernetes.io/rewrite-target']).toBe('/promotion/$1');
  });
});

describe.each(['With NGINX', 'Without /promotion in the address'])('the ingress of "%s"', (heading) => {
  it('ends at a port of the Service, and that at the webhook', async () => {
    const { manifests, spec } = await ingressOf(documentedValues(heading));
    const { service } = spec.rules[0]!.http.paths[0]!.backend;
    const { ports } = serviceSpec(manifests, service.name);
    expect(ports.map(({ port }) => port)).toContain(service.port.number);
  });

  it('has a certificate for its host', async () => {
    const { spec } = await ingressOf(documentedValues(heading));
    expect(spec).toMatchObject({ tls: [{ hosts: [spec.rules[0]!.host] }] });
  });

  it('counts clients by the address that the proxy saw', async () => {
    const { manifests } = await ingressOf(documentedValues(heading));
    expect(configOf(component(manifests, 'api')).webhook.trustedProxies).not.toEqual([]);
  });
});

describe('the plain NGINX ingress', () => {
  it('passes /promotion and what is below on as it is', async () => {
    const { annotations, spec } = await ingressOf(documentedValues('With NGINX'));
    expect(spec.rules[0]!.http.paths[0]).toMatchObject({ path: '/promotion', pathType: 'Prefix' });
    expect(Object.keys(annotations).filter((name) => name.includes('rewrite'))).toEqual([]);
  });
});

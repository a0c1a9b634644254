import { type KubeApiServer } from './kube-api-server';

/** A token of a ServiceAccount that exists, for an hour. @param audiences absent: the API server's own */
export async function serviceAccountToken(
  server: KubeApiServer,
  namespace: string,
  name: string,
  audiences?: readonly string[],
): Promise<string> {
  const { status, body } = await server.request(
    'POST',
    `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
    {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: audiences === undefined ? {} : { audiences },
    },
  );
  if (status !== 201) throw new Error(`There is no token for ${namespace}/${name}: ${JSON.stringify(body)}`);
  return (body as { status: { token: string } }).status.token;
}

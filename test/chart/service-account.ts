import { KubeConfig } from '@kubernetes/client-node';
import { Agent, fetch } from 'undici';
import { type KubeApiServer } from '../support/kube-api-server';
import { serviceAccountToken } from '../support/service-account-token';

/** Sends requests to the API server as somebody. */
export interface Caller {
  readonly kubeConfig: KubeConfig;
  /** @returns the status of the answer */
  send(method: string, path: string, body?: unknown, contentType?: string): Promise<number>;
  close(): Promise<void>;
}

/** A ServiceAccount that exists, by a token that the API server gives for it, as the kubelet gets one for a Pod. */
export async function asServiceAccount(
  server: KubeApiServer,
  namespace: string,
  name: string,
): Promise<Caller> {
  const token = await serviceAccountToken(server, namespace, name);
  const dispatcher = new Agent({ connect: { ca: server.ca } });
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromString(server.kubeconfig('admin'));
  kubeConfig.users = kubeConfig.users.map((user) => ({ ...user, token }));
  return {
    kubeConfig,
    async send(method, path, requestBody, contentType = 'application/json') {
      const response = await fetch(server.url + path, {
        method,
        dispatcher,
        headers: { authorization: `Bearer ${token}`, 'content-type': contentType },
        ...(requestBody === undefined ? {} : { body: JSON.stringify(requestBody) }),
      });
      await response.text();
      return response.status;
    },
    close: () => dispatcher.close(),
  };
}

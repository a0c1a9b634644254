import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { KubeConfig } from '@kubernetes/client-node';
import { closeServer, listenOnLoopback } from './loopback';

/** Answers one request for Pipelines; `url` is what was asked. */
export type ApiScript = (
  request: { readonly url: URL; readonly isWatch: boolean },
  answer: ServerResponse,
) => void;

/** Something on loopback that speaks as an API server may, where a real one can't be made to. */
export interface ScriptedApiServer {
  readonly kubeConfig: KubeConfig;
  /** All that was asked, in order. */
  readonly requests: readonly URL[];
  close(): Promise<void>;
}

export async function startScriptedApiServer(script: ApiScript): Promise<ScriptedApiServer> {
  const requests: URL[] = [];
  const server = createServer((request: IncomingMessage, answer: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    requests.push(url);
    script({ url, isWatch: url.searchParams.has('watch') }, answer);
  });
  const address = `http://127.0.0.1:${await listenOnLoopback(server)}`;
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromClusterAndUser({ name: 'test', server: address, skipTLSVerify: true }, { name: 'test' });
  return {
    kubeConfig,
    requests,
    close: () => closeServer(server),
  };
}

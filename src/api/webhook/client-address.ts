import { networkKey } from '../../domain/network/network-key';

/**
 * The key under which a client's failed requests and bodies are counted: see `networkKey`.
 * @param forwarded what a trusted proxy says, or the peer itself where there is none; proxies may add a port
 * @param peer address at the other end of the connection: used where `forwarded` is no address
 */
export function clientKey(forwarded: string | undefined, peer: string | undefined): string {
  return networkKey(withoutPort(forwarded ?? '')) ?? networkKey(peer ?? '') ?? 'unknown';
}

function withoutPort(text: string): string {
  const match = /^\[([^\]]+)\](?::\d+)?$/.exec(text) ?? /^(\d+(?:\.\d+){3}):\d+$/.exec(text);
  return match?.[1] ?? text;
}

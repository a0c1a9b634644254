import { type BindAddress, formatBindAddress } from '../../http/serving/bind-address';

/** The URL of a listener from this machine; all interfaces include loopback. */
export function listeningUrl({ host }: BindAddress, port: number): string {
  const everywhere = host === undefined || host === '0.0.0.0' || host === '::';
  return `http://${formatBindAddress({ host: everywhere ? 'localhost' : host, port })}`;
}

import { type BindAddress, formatBindAddress } from '../../http/serving/bind-address';

/** How somebody on this machine reaches what listens there; every interface includes loopback. */
export function listeningUrl({ host }: BindAddress, port: number): string {
  const everywhere = host === undefined || host === '0.0.0.0' || host === '::';
  return `http://${formatBindAddress({ host: everywhere ? 'localhost' : host, port })}`;
}

/**
 * github.com (also by its ssh-over-443 name) has the API on a host of its own, as have the tenants of ghe.com.
 * @param host the web's, without a port
 * @returns undefined for an Enterprise Server, which has it below the web's origin
 */
export function ownApiHost(host: string): string | undefined {
  if (host === 'github.com' || host === 'www.github.com' || host === 'ssh.github.com')
    return 'api.github.com';
  return host.endsWith('.ghe.com') ? `api.${host}` : undefined;
}

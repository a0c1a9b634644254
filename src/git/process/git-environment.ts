/** The environment of git: it contains nothing of the machine's own configuration. */

/** The variables of the worker's environment that git and ssh get: the paths of programs, proxies and CAs. */
const inherited = [
  'PATH',
  'TMPDIR',
  'http_proxy',
  'https_proxy',
  'all_proxy',
  'no_proxy',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
];

/** One entry of `git config`, passed in the environment: neither on a command line nor on disk. */
export type ConfigEntry = readonly [key: string, value: string];

export function gitEnvironment(
  worker: Readonly<Record<string, string | undefined>>,
  cacheDirectory: string,
  config: readonly ConfigEntry[],
): Record<string, string> {
  const environment: Record<string, string> = {
    // No ~/.gitconfig, no ~/.netrc, and English messages, which the failure classification parses.
    HOME: '/nonexistent',
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CEILING_DIRECTORIES: cacheDirectory,
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOW_PROTOCOL: 'http:https:ssh',
    GIT_CONFIG_COUNT: String(config.length),
  };
  for (const name of inherited) {
    const value = worker[name];
    if (value !== undefined && value !== '') environment[name] = value;
  }
  config.forEach(([key, value], index) => {
    environment[`GIT_CONFIG_KEY_${index}`] = key;
    environment[`GIT_CONFIG_VALUE_${index}`] = value;
  });
  return environment;
}

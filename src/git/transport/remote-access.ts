/**
 * How git logs in to one remote: from its URL and credentials to files, configuration and environment. The caller of git
 * writes the files, which live for that call only.
 */
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { type Credentials } from '../../domain/credentials';
import { WindlassError } from '../../domain/errors';
import { checkCredentialsMayTravel } from '../../domain/network/plain-http';
import { type RepositoryUrl } from '../../domain/pipeline/repository-url';
import { type ConfigEntry } from '../process/git-environment';
import { checkAuthorities, checkIdentity } from './key-material';

interface PrivateFile {
  readonly path: string;
  readonly content: string;
}

export interface RemoteAccess {
  readonly files: readonly PrivateFile[];
  readonly config: readonly ConfigEntry[];
  readonly environment: Readonly<Record<string, string>>;
  /** Texts that must not show in anything that leaves the call. */
  readonly secrets: readonly string[];
  /** Of the SSH key. */
  readonly hasPassphrase?: boolean;
}

interface AccessRules {
  /** Lets credentials travel over plain http to other machines; to this one they always may. */
  readonly allowPlainHttp: boolean;
  /** A program that prints `$WINDLASS_SSH_PASSPHRASE`. */
  readonly askPassProgram: string;
}

/**
 * @param directory where the files will be, mode 0700
 * @throws WindlassError credentials-missing, bad-credentials, plain-http
 */
export function accessTo(
  url: RepositoryUrl,
  credentials: Credentials,
  directory: string,
  rules: AccessRules,
): RemoteAccess {
  if (url.protocol === 'ssh') return sshAccess(credentials, directory, rules.askPassProgram);
  checkCredentialsMayTravel(new URL(url.href), rules.allowPlainHttp);
  return httpAccess(credentials, directory);
}

function httpAccess(credentials: Credentials, directory: string): RemoteAccess {
  const { authorization, secrets } = authorizationOf(credentials);
  const { ca, client } = credentials.tls;
  const files: PrivateFile[] = [];
  const config: ConfigEntry[] = [['http.extraHeader', `Authorization: ${authorization}`]];
  const configuredFile = (key: string, name: string, content: string) => {
    files.push({ path: join(directory, name), content });
    config.push([key, join(directory, name)]);
  };
  if (ca !== undefined) {
    checkAuthorities(ca);
    // The file replaces what git trusts, so it holds the public authorities too: `ca` is to be trusted besides them.
    configuredFile('http.sslCAInfo', 'ca.pem', [...rootCertificates, ca, ''].join('\n'));
  }
  if (client !== undefined) {
    configuredFile('http.sslCert', 'client.pem', client.certificate);
    configuredFile('http.sslKey', 'client.key', client.key);
    secrets.push(client.key);
  }
  return { files, config, environment: {}, secrets };
}

/** GitHub and others take a token as the user name; names such as `git` must not be struck out of every sentence. */
const shortestToken = 20;

/** Basic before bearer, as Flux: https://fluxcd.io/flux/components/source/gitrepositories/#secret-reference. */
function authorizationOf(credentials: Credentials): { authorization: string; secrets: string[] } {
  const { basic, bearerToken } = credentials;
  if (basic !== undefined) {
    const encoded = Buffer.from(`${basic.username}:${basic.password}`).toString('base64');
    const secrets = [basic.password, encoded];
    return {
      authorization: `Basic ${encoded}`,
      secrets: basic.username.length < shortestToken ? secrets : [...secrets, basic.username],
    };
  }
  if (bearerToken === undefined) {
    throw new WindlassError(
      'credentials-missing',
      'The Secret has neither username and password nor bearerToken, one of which Git over https needs.',
    );
  }
  if (!/^[\x21-\x7e]+$/.test(bearerToken)) {
    throw new WindlassError(
      'bad-credentials',
      'The bearerToken of the Secret holds a space or a line break.',
    );
  }
  return { authorization: `Bearer ${bearerToken}`, secrets: [bearerToken] };
}

function sshAccess({ ssh }: Credentials, directory: string, askPassProgram: string): RemoteAccess {
  if (ssh === undefined) {
    throw new WindlassError('credentials-missing', 'The Secret has no identity, which Git over ssh needs.');
  }
  if (ssh.knownHosts.trim() === '') {
    throw new WindlassError(
      'credentials-missing',
      'The Secret has no known_hosts, so the SSH server cannot be distinguished from an impostor.',
    );
  }
  checkIdentity(ssh.identity, ssh.passphrase);
  const identity = join(directory, 'identity');
  const knownHosts = join(directory, 'known_hosts');
  const options = [
    `IdentityFile=${identity}`,
    'IdentitiesOnly=yes',
    'IdentityAgent=none',
    'PreferredAuthentications=publickey',
    `UserKnownHostsFile=${knownHosts}`,
    'GlobalKnownHostsFile=/dev/null',
    'StrictHostKeyChecking=yes',
    'UpdateHostKeys=no',
    'ConnectTimeout=15',
    'ServerAliveInterval=15',
    // Batch mode would not even ask the program below for the passphrase.
    `BatchMode=${ssh.passphrase === undefined ? 'yes' : 'no'}`,
  ];
  const command = [
    'ssh',
    '-F',
    '/dev/null',
    ...options.flatMap((option) => ['-o', shellQuoted(option)]),
  ].join(' ');
  return {
    files: [
      { path: identity, content: ssh.identity },
      { path: knownHosts, content: ssh.knownHosts },
    ],
    config: [],
    environment: {
      GIT_SSH_COMMAND: command,
      GIT_SSH_VARIANT: 'ssh',
      ...(ssh.passphrase === undefined
        ? {}
        : {
            SSH_ASKPASS: askPassProgram,
            SSH_ASKPASS_REQUIRE: 'force',
            WINDLASS_SSH_PASSPHRASE: ssh.passphrase,
          }),
    },
    hasPassphrase: ssh.passphrase !== undefined,
    secrets: [ssh.identity.trim(), ...(ssh.passphrase === undefined ? [] : [ssh.passphrase])],
  };
}

/** Git hands GIT_SSH_COMMAND to a shell. */
function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

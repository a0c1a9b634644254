/** Who may use the API: its settings, and what must be set together. */
import { z } from 'zod';
import { isName } from '../domain/approvals/approval-settings';
import { isReadableOnTheWay } from '../domain/network/plain-http';
import { type Registry } from './setting';
import * as kind from './value-kinds';
import { type ValueKind } from './value-kinds';

const readBy = ['api'] as const;
const text = { type: 'string' } as const;

/** As it is in the tokens, character by character: some issuers end with a slash. */
const issuerUrl = {
  argument: 'issuer',
  written: 'the https URL of an issuer, exactly as in the claim `iss` of its tokens',
  parser: z.string().refine((value) => isIssuer(value), {
    error:
      'it must be an https URL without credentials, query or fragment, as in the claim iss of the tokens',
  }),
  schema: text,
} as const satisfies ValueKind;

function isIssuer(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  const plain = url.username === '' && url.password === '' && !/[?#]/.test(value);
  return plain && /^https?:$/.test(url.protocol) && !isReadableOnTheWay(url);
}

const clientId = {
  argument: 'client',
  written: 'the audience (`aud`) that tokens must have',
  parser: z.string().trim().min(1, 'it must not be empty'),
  schema: text,
} as const satisfies ValueKind;

const claimName = {
  argument: 'claim',
  written: 'the name of a claim of the tokens',
  parser: z.string().trim().min(1, 'it must not be empty'),
  schema: text,
} as const satisfies ValueKind;

/** Those of other authenticators, and of Kubernetes. */
const takenPrefixes = /^(?:system|token)(?::|$)/;

const namePrefix = {
  argument: 'prefix',
  written: 'characters before every name: `oidc:`; not `system:` or `token:`',
  parser: z.string().refine((value) => isName(value) && value.length <= 64 && !takenPrefixes.test(value), {
    error:
      'it must be 1 to 64 visible characters and must not be system: or token:, so that no issuer can give names of Kubernetes or of static tokens',
  }),
  schema: text,
} as const satisfies ValueKind;

const originUrl = {
  argument: 'url',
  written: 'an https URL without a path; `http` for this machine only',
  parser: z
    .string()
    .transform((value) => value.replace(/\/$/, ''))
    .refine((value) => isOrigin(value), {
      error:
        'it must be an https URL without a path, such as https://windlass.example.com: sessions must not travel over plain HTTP',
    }),
  schema: text,
} as const satisfies ValueKind;

function isOrigin(value: string): boolean {
  return isIssuer(value) && new URL(value).origin === value.toLowerCase();
}

const audiences = {
  argument: 'audiences',
  written: 'separated by commas: `windlass,https://windlass.example.com`',
  parser: z.string().transform(kind.listItems),
  schema: { type: 'array', items: { type: 'string' } },
} as const satisfies ValueKind;

/** Names of kube-apiserver where it has them. Unlike there, the prefixes of OIDC cannot be left out. */
export const accessSettings = {
  apiAudiences: {
    flag: 'api-audiences',
    kind: audiences,
    default: '',
    description:
      "audiences, one of which a Kubernetes token must be for, separated by commas (default: the API server's own)",
    readBy,
    config: 'access.audiences',
    chart: { value: 'access.audiences' },
  },
  oidcIssuerUrl: {
    flag: 'oidc-issuer-url',
    kind: issuerUrl,
    description: "accept this OpenID Connect issuer's tokens at the API",
    readBy,
    config: 'access.oidc.issuerUrl',
    chart: { value: 'access.oidc.issuerUrl' },
  },
  oidcClientId: {
    flag: 'oidc-client-id',
    kind: clientId,
    description: 'the audience that tokens of the issuer must be for',
    readBy,
    config: 'access.oidc.clientId',
    chart: { value: 'access.oidc.clientId' },
  },
  oidcUsernameClaim: {
    flag: 'oidc-username-claim',
    kind: claimName,
    default: 'sub',
    description: 'the claim with the name of the user',
    readBy,
    config: 'access.oidc.usernameClaim',
    chart: { value: 'access.oidc.usernameClaim' },
  },
  oidcUsernamePrefix: {
    flag: 'oidc-username-prefix',
    kind: namePrefix,
    default: 'oidc:',
    description: 'begins the names of the users of the issuer',
    readBy,
    config: 'access.oidc.usernamePrefix',
    chart: { value: 'access.oidc.usernamePrefix' },
  },
  oidcGroupsClaim: {
    flag: 'oidc-groups-claim',
    kind: claimName,
    default: 'groups',
    description: "the claim with the user's groups",
    readBy,
    config: 'access.oidc.groupsClaim',
    chart: { value: 'access.oidc.groupsClaim' },
  },
  oidcGroupsPrefix: {
    flag: 'oidc-groups-prefix',
    kind: namePrefix,
    default: 'oidc:',
    description: 'begins the names of the groups of the issuer',
    readBy,
    config: 'access.oidc.groupsPrefix',
    chart: { value: 'access.oidc.groupsPrefix' },
  },
  oidcCaFile: {
    flag: 'oidc-ca-file',
    kind: kind.file,
    description: 'CA certificates in PEM that the issuer is trusted by, in addition to the public CAs',
    readBy,
    config: 'access.oidc.caFile',
  },
  oidcClientSecretFile: {
    flag: 'oidc-client-secret-file',
    kind: kind.file,
    description:
      'the secret of the client, if the issuer requires one for logins to the dashboard; read for each login',
    readBy,
    config: 'access.oidc.clientSecretFile',
  },
  dashboardUrl: {
    flag: 'dashboard-url',
    kind: originUrl,
    description:
      'where people reach the dashboard; the issuer sends them back to it after a login, and pull requests and notifications link to it',
    readBy: ['api', 'worker'],
    config: 'dashboardUrl',
    chart: {
      value: 'dashboard.url',
      meaning:
        'where people reach the dashboard, `https://windlass.example.com`; needed for logins by OpenID Connect, and for links in pull requests and notifications: see [the dashboard](../access.md#the-dashboard)',
    },
  },
  apiTokensFile: {
    flag: 'api-tokens-file',
    kind: kind.file,
    description: 'a YAML file with the hashes of static tokens for the API, read again when it changes',
    readBy,
    config: 'access.tokensFile',
  },
  accessPolicyFile: {
    flag: 'access-policy-file',
    kind: kind.file,
    description:
      'a YAML file that says who may do what with the API, read again when it changes (default: the RBAC of Kubernetes)',
    readBy,
    config: 'access.policyFile',
  },
} as const satisfies Registry;

type Texts = Readonly<Partial<Record<keyof typeof accessSettings | 'pipelinesDir', string | undefined>>>;

/** What is missing among the settings of access; in sentences. */
export function accessFaults({
  pipelinesDir,
  oidcIssuerUrl,
  oidcClientId,
  oidcCaFile,
  oidcClientSecretFile,
  apiAudiences,
  apiTokensFile,
  accessPolicyFile,
}: Texts): string[] {
  const isFiles = pipelinesDir !== undefined;
  const knows = oidcIssuerUrl !== undefined || apiTokensFile !== undefined;
  return [
    ...(oidcIssuerUrl !== undefined && oidcClientId === undefined
      ? [
          '--oidc-client-id: set the client that tokens of --oidc-issuer-url must be for: those for other clients must not count here.',
        ]
      : []),
    ...(oidcIssuerUrl === undefined && oidcClientId !== undefined
      ? ['--oidc-client-id: it has no effect without --oidc-issuer-url; set both or none.']
      : []),
    ...(oidcIssuerUrl === undefined && oidcCaFile !== undefined
      ? ['--oidc-ca-file: it has no effect without --oidc-issuer-url; set both or none.']
      : []),
    ...(oidcIssuerUrl === undefined && oidcClientSecretFile !== undefined
      ? ['--oidc-client-secret-file: it has no effect without --oidc-issuer-url; set both or none.']
      : []),
    ...(isFiles && knows && accessPolicyFile === undefined
      ? [
          '--access-policy-file: set the file that says who may do what. It is required for the API while Pipelines come from --pipelines-dir, because there is no RBAC of Kubernetes.',
        ]
      : []),
    ...(isFiles && !knows && accessPolicyFile !== undefined
      ? ['--access-policy-file: no one can log in: set --api-tokens-file or --oidc-issuer-url, or remove it.']
      : []),
    ...(isFiles && Boolean(apiAudiences)
      ? ['--api-audiences: it has no effect with --pipelines-dir; remove one of them.']
      : []),
  ];
}

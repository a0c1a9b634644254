/** Valid answers of the operators' API. */
import { type Answer } from '../../src/operator/routes';

const fresh = { asOf: '2026-11-28T11:59:58Z', workers: 'answering' } as const;

const dev = {
  name: 'dev',
  version: '1.4.1',
  running: [{ version: '1.4.1', object: 'shop-dev/shop', since: '2026-11-28T09:00:00Z' }],
  sentence: 'Runs 1.4.1.',
  queued: [],
  held: [],
} satisfies Answer<'listPipelines'>['items'][number]['environments'][number];

const prod = {
  name: 'prod',
  version: '1.3.0',
  running: [{ version: '1.3.0', object: 'shop-prod/shop', since: '2026-11-20T09:00:00Z' }],
  sentence: '1.4.1 waits for 1 more approval.',
  acting: {
    version: '1.4.1',
    action: 'promote',
    promotion: 'promotion/apps/shop/prod/1.4.1/0a1b2c3d4e5f',
    from: 'staging',
    since: '2026-11-28T09:05:00Z',
    state: 'waiting-for-approval',
    waits: 'it waits for 1 more approval',
    pullRequest: { url: 'https://git.example.com/fleet/pull/7', number: 7, since: '2026-11-28T09:06:00Z' },
  },
  queued: ['1.4.2'],
  held: [
    {
      version: '1.2.9',
      because: 'rejected',
      by: 'oidc:bob',
      since: '2026-11-01T09:00:00Z',
    },
  ],
  last: { version: '1.3.0', state: 'deployed', at: '2026-11-20T09:00:00Z' },
  changedAt: '2026-11-28T09:06:00Z',
} satisfies Answer<'listPipelines'>['items'][number]['environments'][number];

const shop = {
  namespace: 'apps',
  name: 'shop',
  labels: { team: 'a' },
  valid: true,
  suspended: false,
  environments: [dev, prod],
  changedAt: '2026-11-28T09:06:00Z',
};

export const pipelines = {
  items: [
    shop,
    {
      namespace: 'apps',
      name: 'broken',
      labels: {},
      valid: false,
      fault: 'spec.environments is empty',
      suspended: false,
      environments: [],
    },
  ],
  total: 2,
  ...fresh,
} satisfies Answer<'listPipelines'>;

export const pipeline = {
  ...shop,
  application: 'HelmRelease shop',
  environments: [
    {
      ...dev,
      targets: [{ namespace: 'shop-dev' }],
      strategy: 'none',
      gates: [],
      freezes: [],
      suspended: false,
      ran: [],
    },
    {
      ...prod,
      targets: [{ namespace: 'shop-prod', cluster: 'eu' }],
      strategy: 'pull-request',
      gates: ['2 approvals'],
      freezes: [],
      suspended: false,
      ran: [
        { version: '1.2.0', at: '2026-11-10T09:00:00Z' },
        { version: '1.1.0', at: '2026-10-10T09:00:00Z' },
      ],
    },
  ],
  freezes: [],
  ...fresh,
} satisfies Answer<'getPipeline'>;

export const promotion = {
  id: 'promotion/apps/shop/prod/1.4.1/0a1b2c3d4e5f',
  namespace: 'apps',
  pipeline: 'shop',
  from: 'staging',
  environment: 'prod',
  version: '1.4.1',
  action: 'promote',
  state: 'waiting-for-approval',
  ended: false,
  startedAt: '2026-11-28T09:05:00Z',
  requestedBy: [],
  sentence: '1.4.1 waits for 1 more approval.',
  timeline: [
    { step: 'reported', at: '2026-11-28T09:05:00Z' },
    { step: 'proposed', at: '2026-11-28T09:06:00Z', detail: 'https://git.example.com/fleet/pull/7' },
    { step: 'approved', at: '2026-11-28T10:00:00Z', by: 'oidc:alice' },
  ],
  attempts: [
    {
      number: 1,
      at: '2026-11-28T09:05:10Z',
      outcome: 'failed',
      code: 'network',
      reason: 'git.example.com cannot be reached.',
    },
  ],
  gates: [{ gate: 'approvals', says: '1 of 2 approvals. Approved by oidc:bob.', excluded: ['oidc:bob'] }],
  approvals: [{ by: 'oidc:alice', at: '2026-11-28T10:00:00Z' }],
  people: [{ name: 'oidc:alice', via: 'oidc' }],
  records: [],
  pullRequest: { url: 'https://git.example.com/fleet/pull/7', number: 7, head: 'a'.repeat(40) },
  links: { Temporal: 'http://127.0.0.1:8233/namespaces/default/workflows/x' },
  ...fresh,
} satisfies Answer<'getPromotion'>;

export const promotions = {
  items: [
    {
      id: promotion.id,
      namespace: 'apps',
      pipeline: 'shop',
      from: 'staging',
      environment: 'prod',
      version: '1.4.1',
      action: 'promote',
      state: 'waiting-for-approval',
      ended: false,
      startedAt: promotion.startedAt,
      requestedBy: [],
    },
  ],
  ...fresh,
} satisfies Answer<'listPromotions'>;

export const freezes = {
  items: [
    {
      namespace: 'apps',
      name: 'windlass-0a1b2c3d4e5f',
      reason: 'Holidays',
      author: 'oidc:alice',
      from: '2026-12-20T00:00:00Z',
      until: '2027-01-04T00:00:00Z',
      inForce: true,
      environments: ['prod'],
      allNamespaces: false,
      ours: true,
    },
  ],
  ...fresh,
} satisfies Answer<'listFreezes'>;

export const audit = {
  records: [
    {
      kind: 'approved',
      at: '2026-11-28T10:00:00Z',
      namespace: 'apps',
      pipeline: 'shop',
      environment: 'prod',
      version: '1.4.1',
      head: 'a'.repeat(40),
      by: 'oidc:alice',
      groups: ['sre', 'dev'],
      via: 'oidc',
      from: '10.0.0.7',
      detail: '=HYPERLINK("x"), looks good',
    },
    {
      kind: 'merged',
      at: '2026-11-20T08:59:00Z',
      namespace: 'apps',
      pipeline: 'shop',
      environment: 'prod',
      version: '1.3.0',
    },
  ],
  complete: true,
  beginnings: [],
  silent: [],
} satisfies Answer<'audit'>;

export const me = {
  name: 'oidc:alice',
  groups: ['oidc:sre'],
  via: 'oidc',
  allowed: ['get', 'approve', 'promote'],
} satisfies Answer<'me'>;

export const done = {
  said: 'Approved 1.4.1 for prod of apps/shop: it is promoted now.',
  by: { name: 'oidc:alice', via: 'oidc' },
  at: '2026-11-28T12:00:00Z',
  lane: 'lane/apps/shop/prod',
  promotion: promotion.id,
  repeated: false,
} satisfies Answer<'approve'>;

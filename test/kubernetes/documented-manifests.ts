/** The manifests of README and docs, as those who follow them would apply them. */
import { type KubeObject, objectsIn } from '../support/kube-objects';
import { codeBlocks, page, pages } from '../unit/docs/pages';

export interface DocumentedManifest {
  /** `README.md:12`, and which of the block's documents it is. */
  readonly place: string;
  readonly object: KubeObject & Readonly<Record<string, unknown>>;
}

const isManifest = (object: unknown): object is DocumentedManifest['object'] =>
  typeof object === 'object' && object !== null && 'apiVersion' in object && 'kind' in object;

const manifestsOn = (each: (typeof pages)[number]): DocumentedManifest[] =>
  codeBlocks(each)
    .filter(({ language }) => language === 'yaml')
    .flatMap(({ text, place }) =>
      objectsIn(text)
        .filter(isManifest)
        .map((object) => ({ place: `${place} ${object.kind}`, object })),
    );

/** Files of an operator for Windlass, and no objects of a cluster. */
const fileKinds = ['PromotionPolicy', 'AccessPolicy', 'ApiTokens'];

/** Of the Gateway API, whose CustomResourceDefinitions the API server of the tests does not have. */
const isOfGateway = ({ apiVersion }: KubeObject): boolean =>
  apiVersion.startsWith('gateway.networking.k8s.io/');

/** Every object for a cluster on every page. */
export const documentedManifests: readonly DocumentedManifest[] = pages
  .flatMap(manifestsOn)
  .filter(
    ({ object }) => !isKustomization(object) && !isOfGateway(object) && !fileKinds.includes(object.kind),
  );

function isKustomization({ apiVersion }: KubeObject): boolean {
  return apiVersion.startsWith('kustomize.config.k8s.io/');
}

/** The JSON patch (RFC 6902) that lets Alerts name Pipelines, and the CustomResourceDefinition that it is for. */
export function documentedAlertPatch(): { readonly target: string; readonly patch: unknown } {
  const found = manifestsOn(page('docs/flux.md')).find(({ object }) => isKustomization(object));
  const { patches } = found?.object as unknown as {
    readonly patches: readonly { readonly target: { readonly name: string }; readonly patch: string }[];
  };
  const [{ target, patch } = fail('docs/flux.md has no patch of Alerts.')] = patches;
  return { target: target.name, patch: objectsIn(patch)[0] };
}

function fail(message: string): never {
  throw new Error(message);
}

/** The Secret, Provider and Alert that a page shows together, in YAML, with these texts in place of the page's. */
export function documentedAlerting(path: string, replacements: Replacements): string {
  return documentedYaml(path, ['\nkind: Provider\n', '\nkind: Alert\n'], replacements);
}

type Replacements = Readonly<Record<string, string>>;

/** The first block of YAML on a page that holds all these texts, with others in place of the page's, in their order. */
export function documentedYaml(path: string, holds: readonly string[], replacements: Replacements): string {
  const block = codeBlocks(page(path)).find(
    ({ language, text }) => language === 'yaml' && holds.every((part) => text.includes(part)),
  );
  let text = block?.text ?? fail(`${path} has no YAML with ${holds.join(', ')}.`);
  for (const [was, is] of Object.entries(replacements)) {
    if (!text.includes(was)) fail(`${block?.place} has no ${was}.`);
    text = text.replaceAll(was, is);
  }
  return text;
}

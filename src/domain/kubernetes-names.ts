/** https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */

/** The API group of Pipelines, as Weave GitOps named it. */
export const pipelineGroup = 'pipelines.weave.works';

/** Of a namespace: at most so many characters of this form. */
export const namespacePattern = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
export const longestNamespace = 63;

/** Of a Secret, a Pipeline and most other objects. */
export const objectNamePattern = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/;
export const longestObjectName = 253;

export function isNamespace(text: string): boolean {
  return text.length <= longestNamespace && namespacePattern.test(text);
}

export function isObjectName(text: string): boolean {
  return text.length <= longestObjectName && objectNamePattern.test(text);
}

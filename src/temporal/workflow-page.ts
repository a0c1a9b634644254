/** The page of a workflow in the Temporal Web UI. @param uiUrl the UI's address, without a trailing slash */
export function workflowPage(uiUrl: string, namespace: string, workflowId: string): string {
  return `${uiUrl}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(workflowId)}`;
}

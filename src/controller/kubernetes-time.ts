/** RFC 3339 in whole seconds, as `metav1.Time`. @param at milliseconds since the epoch */
export function kubernetesTime(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** With the six digits that the API server requires for a `metav1.MicroTime`. @param at milliseconds since the epoch */
export function kubernetesMicroTime(at: number): string {
  return new Date(at).toISOString().replace('Z', '000Z');
}

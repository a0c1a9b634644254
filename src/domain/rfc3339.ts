/** RFC 3339 in whole seconds, as Kubernetes' `metav1.Time`. @param at milliseconds since the epoch */
export function rfc3339Seconds(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}

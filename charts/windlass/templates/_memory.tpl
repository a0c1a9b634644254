{{/* Converts a Kubernetes memory quantity to whole mebibytes; empty if it is not a quantity. */}}
{{- define "windlass.mebibytes" -}}
{{- if kindIs "string" . }}
{{- $bytes := dict "" 1.0 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "Ki" 1024.0 "Mi" 1048576.0 "Gi" 1073741824.0 "Ti" 1099511627776.0 }}
{{- $number := regexFind "^[0-9]+(\\.[0-9]+)?" . }}
{{- $unit := trimPrefix $number . }}
{{- if and $number (hasKey $bytes $unit) }}
{{- divf (mulf $number (get $bytes $unit)) 1048576.0 | int64 }}
{{- end }}
{{- else if . }}
{{- divf . 1048576.0 | int64 }}
{{- end }}
{{- end }}

{{/* The resources of a component; defaults to the controller's. Takes a dict with `root` and `component`. */}}
{{- define "windlass.resources" -}}
{{- $own := dig .component "resources" dict (.root.Values | merge (dict)) }}
{{- default .root.Values.controller.manager.resources $own | toYaml }}
{{- end }}

{{/* The component's memory limit in mebibytes; empty if it has none. */}}
{{- define "windlass.memoryLimit" -}}
{{- $resources := include "windlass.resources" . | fromYaml }}
{{- include "windlass.mebibytes" (dig "limits" "memory" "" $resources) }}
{{- end }}

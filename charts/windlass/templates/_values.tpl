{{/*
Sets each value that is null or missing to its default, in .Values itself. Every template begins with it, because Helm
removes a key that is null from the values, together with its default.
*/}}
{{- define "windlass.fillValues" -}}
{{- include "windlass.fillMap" (dict "values" .Values "defaults" (include "windlass.defaults" . | fromYaml)) }}
{{- end }}

{{- define "windlass.fillMap" -}}
{{- range $key, $default := .defaults }}
{{- $value := index $.values $key }}
{{- if kindIs "invalid" $value }}
{{- $_ := set $.values $key $default }}
{{- /* Users remove a limit with null, as Helm documents. */}}
{{- else if and (kindIs "map" $default) (ne $key "resources") }}
{{- include "windlass.fillMap" (dict "values" $value "defaults" $default) }}
{{- end }}
{{- end }}
{{- end }}

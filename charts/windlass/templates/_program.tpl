{{/* Command and flags. Every command accepts every flag and ignores those that it does not use. */}}
{{- define "windlass.args" -}}
{{- $values := .root.Values -}}
- {{ ternary "dev" .component $values.allInOne.enabled }}
- --data-dir=/data
{{- if $values.policy.rules }}
- --policy-file=/etc/windlass/policy/policy.yaml
{{- end }}
{{- if ne .component "worker" }}
{{- if $values.access.tokensSecretName }}
- --api-tokens-file=/etc/windlass/api-tokens/tokens.yaml
{{- end }}
{{- if $values.access.oidc.clientSecretName }}
- --oidc-client-secret-file=/etc/windlass/oidc-client/client-secret
{{- end }}
{{- if $values.access.policy.rules }}
- --access-policy-file=/etc/windlass/access-policy/access.yaml
{{- end }}
{{- end }}
{{- if include "windlass.capabilityKeyName" .root }}
- --capability-key-file=/etc/windlass/capability/keys.yaml
{{- end }}
{{- if and (ne .component "api") $values.serviceMonitor.enabled }}
- --temporal-metrics-bind-address=:8084
{{- end }}
{{- include "windlass.settings" .root }}
{{- end }}

{{- define "windlass.eventsAddr" -}}
{{- .Values.controller.manager.eventsAddr | replace ".svc.cluster.local" (printf ".svc.%s" .Values.kubernetesClusterDomain) }}
{{- end }}

{{/* Environment variables; a variable in extraEnv replaces the chart's variable with the same name. */}}
{{- define "windlass.env" -}}
{{- $values := .root.Values -}}
{{- $own := list }}
{{- with include "windlass.memoryLimit" . }}
{{- $own = append $own (dict "name" "NODE_OPTIONS" "value" (printf "--max-old-space-size=%d" (div (int64 .) 2))) }}
{{- end }}
{{- if or $values.caBundle.configMapName $values.caBundle.secretName }}
{{- $own = append $own (dict "name" "NODE_EXTRA_CA_CERTS" "value" "/etc/windlass/ca/ca.crt") }}
{{- end }}
{{- if $values.allInOne.enabled }}
{{- /* An image without Temporal downloads it once to the volume. */}}
{{- $own = append $own (dict "name" "XDG_CACHE_HOME" "value" "/data/cache") }}
{{- else }}
{{- range $name, $value := include "windlass.temporalEnv" .root | fromYaml }}
{{- $own = append $own (dict "name" $name "value" $value) }}
{{- end }}
{{- end }}
{{- $overridden := list }}
{{- range $values.extraEnv }}
{{- $overridden = append $overridden .name }}
{{- end }}
{{- $all := list }}
{{- range $own }}
{{- if not (has .name $overridden) }}
{{- $all = append $all . }}
{{- end }}
{{- end }}
{{- concat $all $values.extraEnv | toYaml }}
{{- end }}

{{/* https://docs.temporal.io/develop/environment-configuration */}}
{{- define "windlass.temporalEnv" -}}
{{- with .Values.temporal.address }}
TEMPORAL_ADDRESS: {{ . | quote }}
{{- end }}
{{- with .Values.temporal.namespace }}
TEMPORAL_NAMESPACE: {{ . | quote }}
{{- end }}
{{- with .Values.temporal.tls }}
{{- if or .enabled .serverName .caSecretName .clientSecretName }}
TEMPORAL_TLS: "true"
{{- end }}
{{- with .serverName }}
TEMPORAL_TLS_SERVER_NAME: {{ . | quote }}
{{- end }}
{{- if .caSecretName }}
TEMPORAL_TLS_SERVER_CA_CERT_PATH: /etc/windlass/temporal/ca.crt
{{- end }}
{{- if .clientSecretName }}
TEMPORAL_TLS_CLIENT_CERT_PATH: /etc/windlass/temporal/tls.crt
TEMPORAL_TLS_CLIENT_KEY_PATH: /etc/windlass/temporal/tls.key
{{- end }}
{{- end }}
{{- end }}

{{/* The egress rules of one component. Takes a dict with `root` and `component`. */}}
{{- define "windlass.egress" -}}
{{- $values := .root.Values }}
{{- $egress := $values.networkPolicy.egress }}
{{- include "windlass.egressRule" (dict "to" $egress.dns.to "ports" $egress.dns.ports "protocols" (list "UDP" "TCP")) }}
{{- include "windlass.egressRule" $egress.apiServer }}
{{- if not $values.allInOne.enabled }}
{{- include "windlass.egressRule" (include "windlass.temporalEgress" .root | fromYaml) }}
{{- end }}
{{- if ne .component "api" }}
{{- include "windlass.egressRule" $egress.git }}
{{- if $values.controller.manager.eventsAddr }}
{{- include "windlass.egressRule" $egress.events }}
{{- end }}
{{- end }}
{{- with $egress.further }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Takes a dict with `to`, `ports` and, if not only TCP, `protocols`. */}}
{{- define "windlass.egressRule" }}
{{- $ports := list }}
{{- range $port := .ports }}
{{- range $.protocols | default (list "TCP") }}
{{- $ports = append $ports (dict "port" (int64 $port) "protocol" .) }}
{{- end }}
{{- end }}
{{- $rule := dict }}
{{- with .to }}
{{- $_ := set $rule "to" . }}
{{- end }}
{{- with $ports }}
{{- $_ := set $rule "ports" . }}
{{- end }}
{{ list $rule | toYaml }}
{{- end }}

{{/* Takes the root. */}}
{{- define "windlass.temporalEgress" -}}
{{- $policy := .Values.networkPolicy }}
{{- $to := list }}
{{- $port := regexFind "[0-9]+$" .Values.temporal.address }}
{{- with $policy.temporal.podLabels }}
{{- $namespace := dict "kubernetes.io/metadata.name" (default $.Release.Namespace $policy.temporal.namespace) }}
{{- $to = list (dict "namespaceSelector" (dict "matchLabels" $namespace) "podSelector" (dict "matchLabels" .)) }}
{{- /* A policy applies to the port of the Pods, not to that of their Service. */}}
{{- $port = $policy.temporal.port }}
{{- end }}
{{- $ports := list (default $policy.temporal.port $port | int64) }}
{{- dict "to" (default $to $policy.egress.temporal.to) "ports" (default $ports $policy.egress.temporal.ports) | toYaml }}
{{- end }}

{{/* Checks that values.schema.json cannot express, or not with a helpful message. Fails with all errors at once. */}}
{{- define "windlass.requireSoundValues" -}}
{{- $faults := list }}
{{- if or (hasKey .Values "pipeline-controller") (hasKey .Values "enablePipelines") }}
{{- $faults = append $faults "enablePipelines and pipeline-controller are values of Weave GitOps Enterprise's umbrella chart. Move the values under pipeline-controller to the top level, and remove the rest." }}
{{- end }}
{{- if eq (base .Values.controller.manager.image.repository) "pipeline-controller" }}
{{- $faults = append $faults (printf "controller.manager.image.repository is %s, which is pipeline-controller's image. Set the repository that you pushed Windlass to, and its tag, or leave the tag empty." .Values.controller.manager.image.repository) }}
{{- end }}
{{- with .Values.controller.manager.eventsAddr }}
{{- if not (regexMatch "^https?://[^/@?#]+/?[^@?#]*$" .) }}
{{- $faults = append $faults (printf "controller.manager.eventsAddr is %s. Set the address of a notification-controller, such as http://notification-controller.flux-system.svc.cluster.local./, or leave it empty." .) }}
{{- end }}
{{- end }}
{{- if and .Values.notices.enabled (not .Values.controller.manager.eventsAddr) }}
{{- $faults = append $faults "notices.enabled is true, and controller.manager.eventsAddr is empty. Set the address of the notification-controller that sends them." }}
{{- end }}
{{- if not (regexMatch "^([0-9]{1,5})?$" (toString .Values.promotion.service.nodePort)) }}
{{- $faults = append $faults (printf "promotion.service.nodePort is %v. Set a port, usually from 30000 to 32767, or leave it empty." .Values.promotion.service.nodePort) }}
{{- end }}
{{- if and .Values.promotion.ingress.enabled (not .Values.promotion.ingress.hosts) }}
{{- $faults = append $faults "promotion.ingress is enabled, but promotion.ingress.hosts is empty. Add at least one host with its paths." }}
{{- end }}
{{- if and .Values.promotion.httpRoute.enabled (not .Values.promotion.httpRoute.parentRefs) }}
{{- $faults = append $faults "promotion.httpRoute is enabled, but promotion.httpRoute.parentRefs is empty. Add at least one Gateway." }}
{{- end }}
{{- range .Values.trustedProxies }}
{{- if not (regexMatch "^([0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*)(/[0-9]{1,3})?$" .) }}
{{- $faults = append $faults (printf "trustedProxies contains %s. Use IP addresses and CIDRs, such as 10.0.0.0/8." .) }}
{{- end }}
{{- end }}
{{- range .Values.watchNamespaces }}
{{- if not (regexMatch "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$" .) }}
{{- $faults = append $faults (printf "watchNamespaces contains %s. Use names of namespaces, or leave the list empty for all namespaces." .) }}
{{- end }}
{{- end }}
{{- if and .Values.caBundle.configMapName .Values.caBundle.secretName }}
{{- $faults = append $faults "caBundle has both a ConfigMap and a Secret. Set only one of them." }}
{{- end }}
{{- $faults = concat $faults (include "windlass.temporalFaults" . | fromYamlArray) }}
{{- if $faults }}
{{- fail (printf "\n\nThese values are invalid:\n  - %s\n\nSee docs/kubernetes/values.md for all values.\n" (join "\n  - " $faults)) }}
{{- end }}
{{- end }}

{{- define "windlass.temporalFaults" -}}
{{- $faults := list }}
{{- $temporal := .Values.temporal }}
{{- if .Values.allInOne.enabled }}
{{- if or $temporal.address $temporal.envFromSecret $temporal.tls.enabled $temporal.tls.caSecretName $temporal.tls.clientSecretName }}
{{- $faults = append $faults "allInOne runs its own Temporal server. Remove either temporal.address, temporal.envFromSecret and temporal.tls, or allInOne." }}
{{- end }}
{{- if gt (int .Values.controller.replicas) 1 }}
{{- $faults = append $faults "allInOne is one Pod. Set controller.replicas to 1, or set temporal.address to use a Temporal server." }}
{{- end }}
{{- else if not (or $temporal.address $temporal.envFromSecret) }}
{{- $faults = append $faults "temporal.address is missing. Set the host:port of your Temporal server's frontend, such as temporal-frontend.temporal.svc:7233. To try Windlass without a Temporal server, add --values values-all-in-one.yaml." }}
{{- else if and $temporal.address (not (regexMatch "^(\\[[0-9a-fA-F:]+\\]|[^\\s/:@]+):[0-9]{1,5}$" $temporal.address)) }}
{{- $faults = append $faults (printf "temporal.address is %s. Use host:port without a scheme, such as temporal-frontend.temporal.svc:7233." $temporal.address) }}
{{- end }}
{{- $faults | toYaml }}
{{- end }}

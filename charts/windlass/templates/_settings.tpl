{{/* Written by `npm run generate` from src/config/settings.ts: the flags of the settings that are values. */}}
{{- define "windlass.settings" -}}
{{- if not (kindIs "invalid" ((.Values.promotion).rateLimit).value) }}
- --promotion-hook-rate-limit={{ int64 ((.Values.promotion).rateLimit).value }}
{{- end }}
{{- if not (kindIs "invalid" ((.Values.promotion).rateLimit).interval) }}
- --promotion-hook-rate-limit-interval={{ int64 ((.Values.promotion).rateLimit).interval }}
{{- end }}
{{- if not (kindIs "invalid" ((.Values.promotion).retry).delay) }}
- --promotion-retry-delay={{ int64 ((.Values.promotion).retry).delay }}
{{- end }}
{{- if not (kindIs "invalid" ((.Values.promotion).retry).maxDelay) }}
- --promotion-retry-max-delay={{ int64 ((.Values.promotion).retry).maxDelay }}
{{- end }}
{{- if not (kindIs "invalid" ((.Values.promotion).retry).threshold) }}
- --promotion-retry-threshold={{ int64 ((.Values.promotion).retry).threshold }}
{{- end }}
{{- with include "windlass.eventsAddr" . }}
- {{ printf "--events-addr=%s" . | quote }}
{{- end }}
{{- with (.Values.logging).level }}
- {{ printf "--log-level=%s" . | quote }}
{{- end }}
{{- with (.Values.logging).encoding }}
- {{ printf "--log-encoding=%s" . | quote }}
{{- end }}
{{- with .Values.watchNamespaces }}
- {{ printf "--watch-namespaces=%s" (join "," .) | quote }}
{{- end }}
{{- with .Values.trustedProxies }}
- {{ printf "--trusted-proxies=%s" (join "," .) | quote }}
{{- end }}
{{- with (.Values.temporal).uiUrl }}
- {{ printf "--temporal-ui-url=%s" . | quote }}
{{- end }}
{{- end }}

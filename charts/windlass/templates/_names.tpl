{{- define "windlass.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* Ten characters shorter than the limit for names, because of suffixes such as in <fullname>-promotion. */}}
{{- define "windlass.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 53 | trimSuffix "-" }}
{{- else if contains $name .Release.Name }}
{{- .Release.Name | trunc 53 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 53 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{/* In-cluster URLs from pipeline-controller use this name. */}}
{{- define "windlass.promotionName" -}}
{{ include "windlass.fullname" . }}-promotion
{{- end }}

{{/* The ConfigMap with the operator's policy. */}}
{{- define "windlass.policyName" -}}
{{ include "windlass.fullname" . }}-policy
{{- end }}

{{/* The ConfigMap with the access policy. */}}
{{- define "windlass.accessPolicyName" -}}
{{ include "windlass.fullname" . }}-access-policy
{{- end }}

{{/* The Secret with the key for capabilities. Empty: the program makes one in its data directory. */}}
{{- define "windlass.capabilityKeyName" -}}
{{- if .Values.capabilityKey.existingSecret -}}
{{ .Values.capabilityKey.existingSecret }}
{{- else if not .Values.allInOne.enabled -}}
{{ include "windlass.fullname" . }}-capability-key
{{- end }}
{{- end }}

{{/* The name of one component and of the objects that only it uses. Takes a dict with `root` and `component`. */}}
{{- define "windlass.componentName" -}}
{{ include "windlass.fullname" .root }}-{{ .component }}
{{- end }}

{{- define "windlass.components" -}}
{{ ternary "all-in-one" "api worker" .Values.allInOne.enabled }}
{{- end }}

{{/* The component that serves the webhook. */}}
{{- define "windlass.webhookComponent" -}}
{{ ternary "all-in-one" "api" .Values.allInOne.enabled }}
{{- end }}

{{- define "windlass.selectorLabels" -}}
app.kubernetes.io/name: {{ include "windlass.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "windlass.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "windlass.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{/* Takes a dict with `root` and `component`. */}}
{{- define "windlass.componentSelectorLabels" -}}
{{ include "windlass.selectorLabels" .root }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* Takes a dict with `root` and `component`. */}}
{{- define "windlass.componentLabels" -}}
{{ include "windlass.labels" .root }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

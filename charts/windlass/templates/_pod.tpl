{{/* The Pod of one component, metadata and spec. Takes a dict with `root` and `component`: api, worker or all-in-one. */}}
{{- define "windlass.pod" -}}
{{- $values := .root.Values -}}
{{- $isWorker := ne .component "api" }}
{{- $servesWebhook := ne .component "worker" }}
{{- $caBundle := or $values.caBundle.configMapName $values.caBundle.secretName -}}
metadata:
  labels:
    {{- $labels := include "windlass.componentLabels" . | fromYaml }}
    {{- merge $labels $values.podLabels | toYaml | nindent 4 }}
  annotations:
    kubectl.kubernetes.io/default-container: windlass
    {{- with $values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "windlass.componentName" . }}
  automountServiceAccountToken: true
  # Longer than the program takes to stop: a worker gives attempts in progress 25 s to finish.
  terminationGracePeriodSeconds: {{ get (dict "api" 30 "worker" 60 "all-in-one" 90) .component }}
  {{- with $values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  securityContext:
    runAsNonRoot: true
    # The image's user; the group makes volumes writable.
    runAsUser: 1000
    runAsGroup: 1000
    fsGroup: 1000
    seccompProfile:
      type: RuntimeDefault
  {{- if and $caBundle $isWorker }}
  initContainers:
    # Git supports one CA file: it must contain the image's CAs and your own.
    - name: ca-bundle
      image: {{ include "windlass.image" . | quote }}
      imagePullPolicy: {{ $values.controller.manager.image.pullPolicy }}
      command: [sh, -c, 'cat /etc/ssl/certs/ca-certificates.crt /etc/windlass/ca/ca.crt > /ca-bundle/ca-certificates.crt']
      resources:
        limits:
          memory: 64Mi
        requests:
          cpu: 10m
          memory: 16Mi
      securityContext:
        {{- include "windlass.containerSecurityContext" . | nindent 8 }}
      volumeMounts:
        - name: own-ca
          mountPath: /etc/windlass/ca
          readOnly: true
        - name: ca-bundle
          mountPath: /ca-bundle
  {{- end }}
  containers:
    - name: windlass
      image: {{ include "windlass.image" . | quote }}
      imagePullPolicy: {{ $values.controller.manager.image.pullPolicy }}
      args:
        {{- include "windlass.args" . | nindent 8 }}
      env:
        {{- include "windlass.env" . | nindent 8 }}
      {{- if and $values.temporal.envFromSecret (not $values.allInOne.enabled) }}
      envFrom:
        - secretRef:
            name: {{ $values.temporal.envFromSecret }}
      {{- end }}
      ports:
        {{- if $servesWebhook }}
        - name: promotion
          containerPort: 8082
          protocol: TCP
        - name: api
          containerPort: 8083
          protocol: TCP
        {{- end }}
        - name: health
          containerPort: 8081
          protocol: TCP
        - name: metrics
          containerPort: 8080
          protocol: TCP
        {{- if and $isWorker $values.serviceMonitor.enabled }}
        - name: temporal-metrics
          containerPort: 8084
          protocol: TCP
        {{- end }}
      startupProbe:
        httpGet:
          path: /healthz
          port: health
        periodSeconds: 2
        # The embedded Temporal server may need to be downloaded, and to read a large database.
        failureThreshold: {{ ternary 300 60 $values.allInOne.enabled }}
      livenessProbe:
        httpGet:
          path: /healthz
          port: health
        periodSeconds: 20
        timeoutSeconds: 5
      readinessProbe:
        httpGet:
          path: /readyz
          port: health
        periodSeconds: 5
        timeoutSeconds: 2
      {{- if $servesWebhook }}
      lifecycle:
        preStop:
          # Waits until Services no longer route to this Pod: the webhook stops listening immediately.
          exec:
            command: [sleep, '5']
      {{- end }}
      resources:
        {{- include "windlass.resources" . | nindent 8 }}
      securityContext:
        {{- include "windlass.containerSecurityContext" . | nindent 8 }}
      volumeMounts:
        - name: tmp
          mountPath: /tmp
        {{- if $isWorker }}
        - name: data
          mountPath: /data
        {{- end }}
        {{- if $caBundle }}
        - name: own-ca
          mountPath: /etc/windlass/ca
          readOnly: true
        {{- if $isWorker }}
        - name: ca-bundle
          mountPath: /etc/ssl/certs/ca-certificates.crt
          subPath: ca-certificates.crt
          readOnly: true
        {{- end }}
        {{- end }}
        {{- if include "windlass.temporalFiles" .root }}
        - name: temporal-tls
          mountPath: /etc/windlass/temporal
          readOnly: true
        {{- end }}
        {{- if include "windlass.capabilityKeyName" .root }}
        # As a directory, like the policy: the key can be rotated without a restart.
        - name: capability-key
          mountPath: /etc/windlass/capability
          readOnly: true
        {{- end }}
        {{- if $values.policy.rules }}
        # As a directory: a file by subPath would stay as it is when the ConfigMap changes.
        - name: policy
          mountPath: /etc/windlass/policy
          readOnly: true
        {{- end }}
        {{- if and $servesWebhook $values.access.tokensSecretName }}
        - name: api-tokens
          mountPath: /etc/windlass/api-tokens
          readOnly: true
        {{- end }}
        {{- if and $servesWebhook $values.access.oidc.clientSecretName }}
        - name: oidc-client
          mountPath: /etc/windlass/oidc-client
          readOnly: true
        {{- end }}
        {{- if and $servesWebhook $values.access.policy.rules }}
        - name: access-policy
          mountPath: /etc/windlass/access-policy
          readOnly: true
        {{- end }}
  volumes:
    - name: tmp
      emptyDir:
        sizeLimit: 1Gi
    {{- if eq .component "worker" }}
    # The repository cache keeps its size below 2 GB.
    - name: data
      emptyDir:
        sizeLimit: 5Gi
    {{- end }}
    {{- if $caBundle }}
    - name: own-ca
      projected:
        sources:
          - {{ ternary "configMap" "secret" (ne $values.caBundle.configMapName "") }}:
              name: {{ $caBundle }}
              items:
                - key: {{ $values.caBundle.key }}
                  path: ca.crt
    {{- if $isWorker }}
    - name: ca-bundle
      emptyDir:
        sizeLimit: 16Mi
    {{- end }}
    {{- end }}
    {{- with include "windlass.temporalFiles" .root }}
    - name: temporal-tls
      projected:
        sources:
          {{- . | trim | nindent 10 }}
    {{- end }}
    {{- with include "windlass.capabilityKeyName" .root }}
    - name: capability-key
      secret:
        secretName: {{ . }}
        # 0440: for the group of the Pod.
        defaultMode: 288
        items:
          - key: keys.yaml
            path: keys.yaml
    {{- end }}
    {{- if $values.policy.rules }}
    - name: policy
      configMap:
        name: {{ include "windlass.policyName" .root }}
    {{- end }}
    {{- if $servesWebhook }}
    {{- with $values.access.tokensSecretName }}
    - name: api-tokens
      secret:
        secretName: {{ . }}
    {{- end }}
    {{- with $values.access.oidc.clientSecretName }}
    - name: oidc-client
      secret:
        secretName: {{ . }}
        # 0440: for the group of the Pod.
        defaultMode: 288
        items:
          - key: client-secret
            path: client-secret
    {{- end }}
    {{- if $values.access.policy.rules }}
    - name: access-policy
      configMap:
        name: {{ include "windlass.accessPolicyName" .root }}
    {{- end }}
    {{- end }}
  {{- with $values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.topologySpreadConstraints }}
  {{- $own := dict "matchLabels" (include "windlass.componentSelectorLabels" $ | fromYaml) }}
  topologySpreadConstraints:
    {{- range . }}
    - {{ omit . "labelSelector" | toYaml | nindent 6 | trim }}
      labelSelector:
        {{- ternary $own .labelSelector (kindIs "invalid" .labelSelector) | toYaml | nindent 8 }}
    {{- end }}
  {{- end }}
{{- end }}

{{- define "windlass.image" -}}
{{- $image := .root.Values.controller.manager.image }}
{{- $default := ternary (printf "%s-all-in-one" .root.Chart.AppVersion) .root.Chart.AppVersion .root.Values.allInOne.enabled }}
{{- printf "%s:%s" $image.repository (default $default $image.tag) }}
{{- end }}

{{- define "windlass.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop:
    - ALL
{{- end }}

{{/* Sources of a projected volume with the files that Temporal's TLS needs. */}}
{{- define "windlass.temporalFiles" -}}
{{- $tls := .Values.temporal.tls -}}
{{- if not .Values.allInOne.enabled }}
{{- with $tls.caSecretName -}}
- secret:
    name: {{ . }}
    items:
      - key: ca.crt
        path: ca.crt
{{- end }}
{{- with $tls.clientSecretName }}
- secret:
    name: {{ . }}
    items:
      - key: tls.crt
        path: tls.crt
      - key: tls.key
        path: tls.key
{{- end }}
{{- end }}
{{- end }}

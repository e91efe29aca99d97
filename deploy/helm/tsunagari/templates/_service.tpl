{{/* Two services listen: they differ in command, port, environment and volumes only. */}}

{{- define "tsunagari.listening" -}}
lifecycle:
  # The pod leaves the Service's endpoints while it still answers: no request meets a closed port.
  preStop: {sleep: {seconds: 5}}
ports:
  - {name: http, containerPort: {{ .port }}, protocol: TCP}
startupProbe:
  httpGet: {path: /healthz, port: http}
  periodSeconds: 2
  failureThreshold: 60
livenessProbe:
  httpGet: {path: /healthz, port: http}
  periodSeconds: 10
  timeoutSeconds: 3
  failureThreshold: 3
readinessProbe:
  httpGet: {path: /readyz, port: http}
  periodSeconds: 5
  timeoutSeconds: 4
  failureThreshold: 2
{{- end }}

{{- define "tsunagari.rollout" -}}
revisionHistoryLimit: 5
{{- if not .values.autoscaling.enabled }}
replicas: {{ .values.replicas }}
{{- end }}
strategy:
  type: RollingUpdate
  rollingUpdate: {maxUnavailable: 0, maxSurge: 1}
{{- end }}

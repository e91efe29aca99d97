{{/* What every pod has in common: no rights, no token of the cluster, nothing writable but /tmp. */}}

{{- define "tsunagari.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets: {{ toJson . }}
{{- end }}
{{- with .root.Values.nodeSelector }}
nodeSelector: {{ toJson . }}
{{- end }}
{{- with .root.Values.tolerations }}
tolerations: {{ toJson . }}
{{- end }}
{{- end }}

{{- define "tsunagari.spread" -}}
topologySpreadConstraints:
{{- range $key := list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ $key }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "tsunagari.selector" $ | nindent 8 }}
{{- end }}
{{- end }}

{{- define "tsunagari.container" -}}
image: {{ include "tsunagari.image" .root | quote }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
{{- end }}

{{- define "tsunagari.database-tls" -}}
- name: PGSSLMODE
  value: {{ .root.Values.database.sslmode }}
{{- if hasPrefix "verify-" .root.Values.database.sslmode }}
- name: PGSSLROOTCERT
  value: /etc/tsunagari/database/ca.crt
{{- end }}
{{- end }}

{{- define "tsunagari.secret" -}}
- name: {{ .variable }}
  valueFrom:
    secretKeyRef: {name: {{ .secret.name | quote }}, key: {{ .secret.key | quote }}}
{{- end }}

{{- define "tsunagari.mounts" -}}
- {name: tmp, mountPath: /tmp}
{{- if hasPrefix "verify-" .root.Values.database.sslmode }}
- {name: database-authority, mountPath: /etc/tsunagari/database, readOnly: true}
{{- end }}
{{- end }}

{{- define "tsunagari.volumes" -}}
- name: tmp
  # counts as memory of the container: what is sent and taken as lists lies here for a moment
  emptyDir: {medium: Memory, sizeLimit: 96Mi}
{{- if hasPrefix "verify-" .root.Values.database.sslmode }}
{{- with .root.Values.database.authority }}
- name: database-authority
  configMap:
    name: {{ .name | quote }}
    items: [{key: {{ .key | quote }}, path: ca.crt}]
{{- end }}
{{- end }}
{{- end }}

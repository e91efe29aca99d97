{{/* The folder of the cases' wrapped keys, and the master key: a secret, or a key of a key service. */}}

{{- define "tsunagari.master-key" -}}
- {name: TSUNAGARI_KEY_FOLDER, value: /var/lib/tsunagari/keys}
{{- if .root.Values.secrets.masterKey.name }}
{{ include "tsunagari.secret" (dict "variable" "TSUNAGARI_MASTER_KEY" "secret" .root.Values.secrets.masterKey) }}
{{- end }}
{{- with .root.Values.keyService }}
{{- if .url }}
- {name: TSUNAGARI_MASTER_KEY_URL, value: {{ .url | quote }}}
- {name: TSUNAGARI_MASTER_KEY_TOKEN_FILE, value: /etc/tsunagari/key-service/token}
{{- if .authority.name }}
- {name: TSUNAGARI_MASTER_KEY_AUTHORITY_FILE, value: /etc/tsunagari/key-service-authority/ca.crt}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "tsunagari.key-mounts" -}}
- {name: keys, mountPath: /var/lib/tsunagari/keys}
{{- with .root.Values.keyService }}
{{- if .url }}
# a folder, no single file: so a token that was renewed arrives without a restart
- {name: key-service, mountPath: /etc/tsunagari/key-service, readOnly: true}
{{- if .authority.name }}
- {name: key-service-authority, mountPath: /etc/tsunagari/key-service-authority, readOnly: true}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "tsunagari.keys" -}}
- name: keys
  persistentVolumeClaim:
    claimName: {{ .root.Values.keys.existingClaim | default (printf "%s-keys" (include "tsunagari.name" .root)) }}
{{- with .root.Values.keyService }}
{{- if .url }}
- name: key-service
  secret:
    secretName: {{ .token.name | quote }}
    defaultMode: 0440
    items: [{key: {{ .token.key | quote }}, path: token}]
{{- if .authority.name }}
- name: key-service-authority
  configMap:
    name: {{ .authority.name | quote }}
    items: [{key: {{ .authority.key | quote }}, path: ca.crt}]
{{- end }}
{{- end }}
{{- end }}
{{- end }}

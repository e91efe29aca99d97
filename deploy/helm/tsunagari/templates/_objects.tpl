{{/* Where files lie: a bucket, or a folder on a claim that is not the keys', so that it can be backed up. */}}

{{- define "tsunagari.objects" -}}
{{- with .Values.objects -}}
- {name: TSUNAGARI_OBJECTS, value: {{ .place | default "/var/lib/tsunagari/objects" | quote }}}
{{- with .endpoint }}
- {name: TSUNAGARI_OBJECTS_ENDPOINT, value: {{ . | quote }}}
{{- end }}
{{- with .region }}
- {name: TSUNAGARI_OBJECTS_REGION, value: {{ . | quote }}}
{{- end }}
{{- if .secret }}
{{ include "tsunagari.secret" (dict "variable" "TSUNAGARI_OBJECTS_KEY_ID" "secret" (dict "name" .secret "key" "id")) }}
{{ include "tsunagari.secret" (dict "variable" "TSUNAGARI_OBJECTS_SECRET" "secret" (dict "name" .secret "key" "secret")) }}
{{- end }}
{{- end }}
{{- end }}

{{- define "tsunagari.object-mounts" -}}
{{- if not .Values.objects.place }}
- {name: objects, mountPath: /var/lib/tsunagari/objects}
{{- end }}
{{- end }}

{{- define "tsunagari.object-volumes" -}}
{{- if not .Values.objects.place }}
- name: objects
  persistentVolumeClaim:
    claimName: {{ .Values.objects.claim.existingClaim | default (printf "%s-objects" (include "tsunagari.name" .)) }}
{{- end }}
{{- end }}

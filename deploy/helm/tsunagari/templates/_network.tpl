{{- define "tsunagari.to-dns" -}}
- to:
    - namespaceSelector:
        matchLabels: {kubernetes.io/metadata.name: {{ .Values.network.dnsNamespace | quote }}}
  ports:
    - {protocol: UDP, port: 53}
    - {protocol: TCP, port: 53}
{{- end }}

{{/* The database or the key service: address ranges, or a namespace of this cluster. */}}
{{- define "tsunagari.to-server" -}}
{{- with . -}}
- to:
    {{- range .cidrs }}
    - ipBlock: {cidr: {{ . | quote }}}
    {{- end }}
    {{- with .namespace }}
    - namespaceSelector:
        matchLabels: {kubernetes.io/metadata.name: {{ . | quote }}}
    {{- end }}
  ports:
    - {protocol: TCP, port: {{ .port }}}
{{- end }}
{{- end }}

{{- define "tsunagari.to-mail" -}}
{{- with .Values.network.mail -}}
- to:
    {{- range .cidrs }}
    - ipBlock: {cidr: {{ . | quote }}}
    {{- end }}
  ports:
    - {protocol: TCP, port: {{ .port }}}
{{- end }}
{{- end }}

{{- define "tsunagari.to-outside" -}}
{{- with . -}}
{{- $except := .except -}}
- to:
    {{- range .cidrs }}
    - ipBlock:
        cidr: {{ . | quote }}
        {{- /* an exception must lie within its range: the private ranges lie in the whole internet only */}}
        {{- if eq . "0.0.0.0/0" }}
        except: {{ toJson $except }}
        {{- end }}
    {{- end }}
  ports:
    - {protocol: TCP, port: {{ .port }}}
{{- end }}
{{- end }}

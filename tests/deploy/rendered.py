"""The chart as Kubernetes would get it: rendered by the Helm SDK, as plain documents.

helm_python and kubernetes_validate are installed for the tests only (requirements/chart.txt, large), so they
are imported late and by name: `make check` must pass without them.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import yaml

ROOT = Path(__file__).parents[2]
CHART = ROOT / "deploy/helm/tsunagari"
EXAMPLE = ROOT / "deploy/example-values.yaml"
KUBERNETES = ("1.30", "1.37")
"""The oldest version that the chart admits and the newest with schemas at hand."""

Document = dict[str, Any]

KEY_SERVICE: dict[str, Any] = {
    "keyService": {
        "url": "https://vault.example.jp:8200/v1/transit/keys/tsunagari",
        "token": {"name": "tsunagari-key-service"},
        "authority": {"name": "vault-authority"},
    },
    "network": {"keyService": {"cidrs": ["10.30.0.4/32"]}},
    "secrets": {"masterKey": {"name": ""}},
}
"""What the master key of a key service asks of the values."""


def values(**changed: Any) -> dict[str, Any]:
    """The example's values with sections changed: `platform={"replicas": 3}` goes into what is there."""
    return _merged(yaml.safe_load(EXAMPLE.read_text(encoding="utf-8")), changed)


def manifests(given: Mapping[str, Any], chart: Path = CHART) -> dict[str, str]:
    """Text by template. Raises the SDK's HelmValuesError where the values' schema refuses."""
    with import_module("helm_python.chart").Chart.load(chart) as loaded:
        return loaded.render(dict(given), name="tsunagari", namespace="welfare")


def documents(given: Mapping[str, Any], chart: Path = CHART) -> list[Document]:
    texts = [text for name, text in manifests(given, chart).items() if not name.endswith("NOTES.txt")]
    return [document for text in texts for document in yaml.safe_load_all(text) if document]


@cache
def example() -> tuple[Document, ...]:
    return tuple(documents(values()))


def lint(given: Mapping[str, Any], chart: Path = CHART) -> list[str]:
    """What is wrong (severity 2 and 3); advice is left out."""
    report = import_module("helm_python.chart").lint(
        chart, dict(given), strict=True, kube_version=f"v{KUBERNETES[-1]}.0"
    )
    return [message["error"] for message in report["messages"] if message["severity"] > 1]


def faults(documents: list[Document], version: str) -> list[str]:
    """What Kubernetes' own schemas refuse, fields that they do not know among it."""
    return [fault for document in documents for fault in _faults(document, version)]


def pods() -> dict[str, Document]:
    """The pod's spec by component, of everything that makes pods."""
    return {
        document["metadata"]["labels"]["app.kubernetes.io/component"]: document["spec"]["template"]["spec"]
        for document in example()
        if document["kind"] in {"Deployment", "Job"}
    }


def containers() -> Iterator[tuple[str, Document]]:
    for component, pod in pods().items():
        for container in [*pod.get("initContainers", []), *pod["containers"]]:
            yield component, container


def container(component: str) -> Document:
    return pods()[component]["containers"][0]


def of_kind(kind: str, given: Mapping[str, Any] | None = None) -> dict[str, Document]:
    """By name without the release's."""
    all_ = example() if given is None else documents(given)
    return {
        each["metadata"]["name"].removeprefix("tsunagari-"): each for each in all_ if each["kind"] == kind
    }


def _faults(document: Document, version: str) -> list[str]:
    validate = import_module("kubernetes_validate")
    try:
        validate.validate(document, version, strict=True)
    except validate.ValidationError as error:
        return [f"{document['kind']} {document['metadata']['name']}: {error.message}"]
    return []


def _merged(base: object, changed: Mapping[str, Any]) -> Document:
    merged: Document = dict(cast("Document", base)) if isinstance(base, dict) else {}
    for key, value in changed.items():
        merged[key] = (
            _merged(merged.get(key), cast("Document", value)) if isinstance(value, Mapping) else value
        )
    return merged

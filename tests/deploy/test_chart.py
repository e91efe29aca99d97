"""The chart is one that Helm and Kubernetes take, and its values' schema refuses what must not be."""

import shutil
import tomllib
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.rendered import (
    CHART,
    KUBERNETES,
    ROOT,
    Document,
    documents,
    example,
    faults,
    lint,
    manifests,
    of_kind,
    values,
)

EVERYTHING: dict[str, Any] = {
    "image": {"digest": "sha256:" + "0" * 64},
    "imagePullSecrets": [{"name": "images"}],
    "keys": {"existingClaim": "keys"},
    "objects": {"claim": {"existingClaim": "files"}},
    "scanner": {"url": "clamd://clamav.security.svc:3310"},
    "database": {"sslmode": "require"},
    "platform": {"autoscaling": {"enabled": True}},
    "secretariat": {"autoscaling": {"enabled": True}},
    "network": {
        "database": {"namespace": "postgres"},
        "issuers": {"cidrs": ["10.9.0.0/16", "0.0.0.0/0"]},
        "scanner": {"namespace": "security"},
    },
    "nodeSelector": {"zone": "ikoma"},
    "tolerations": [{"key": "welfare", "operator": "Exists", "effect": "NoSchedule"}],
}
NO_INGRESS: dict[str, Any] = {"ingress": {"enabled": False}}


@pytest.mark.parametrize("version", KUBERNETES)
@pytest.mark.parametrize("changed", [{}, EVERYTHING, NO_INGRESS], ids=["example", "everything", "no ingress"])
def test_kubernetes_knows_every_field(version: str, changed: dict[str, Any]) -> None:
    rendered = documents(values(**changed))
    assert {"Deployment", "Job", "NetworkPolicy", "PodDisruptionBudget", "Service"} <= _kinds(rendered)
    assert faults(rendered, version) == []


@pytest.mark.parametrize("changed", [{}, EVERYTHING, NO_INGRESS], ids=["example", "everything", "no ingress"])
def test_lint_finds_nothing(changed: dict[str, Any]) -> None:
    assert lint(values(**changed)) == []


@pytest.mark.parametrize(
    ("template", "right", "wrong"),
    [
        ("_pods.tpl", "imagePullPolicy:", "imagePullPolici:"),
        ("_service.tpl", "failureThreshold: 3", 'failureThreshold: "3"'),
        ("network.yaml", "policyTypes: [Ingress, Egress]", "policyType: [Ingress, Egress]"),
        ("migration.yaml", "apiVersion: batch/v1", "apiVersion: batch/v1\nspecs: {}"),
    ],
)
def test_a_slip_in_a_template_is_found(tmp_path: Path, template: str, right: str, wrong: str) -> None:
    planted = _planted(tmp_path, template, right, wrong)
    assert faults(documents(values(), planted), KUBERNETES[-1]) != []


def test_lint_finds_a_template_that_does_not_render(tmp_path: Path) -> None:
    planted = _planted(tmp_path, "keys.yaml", ".Values.keys.size", ".Values.key.size")
    assert lint(values(), planted) != []


@pytest.mark.parametrize(
    "changed",
    [
        {"platform": {"replica": 3}},
        {"platform": {"replicas": 0}},
        {"platform": {"replicas": "2"}},
        {"platform": {"issuers": []}},
        {"platform": {"issuers": [{"issuer": "http://login.example.jp", "audience": "a"}]}},
        {"platform": {"origins": ["*"]}},
        {"platform": {"poolSize": 101}},
        {"platform": {"budget": {"tenantCostPerSecond": -1}}},
        {"platform": {"budget": {"personPercent": 0}}},
        {"platform": {"budget": {"perPerson": 1}}},
        {"platform": {"statementSeconds": 0}},
        {"platform": {"trustedDocuments": "none"}},
        {"platform": {"resources": {"limits": {"memory": "lots"}}}},
        {"secrets": {"app": {"name": "tsunagari-app", "key": "url", "value": "postgresql://a:b@c/d"}}},
        {"secrets": {"app": {"name": "postgresql://app:secret@db/tsunagari"}}},
        {"secrets": {"onboarding": {"name": "tsunagari-onboarding", "key": "url"}}},
        {"database": {"sslmode": "prefer"}},
        {"keys": {"accessMode": "ReadWriteOnce"}},
        {"objects": {"claim": {"accessMode": "ReadWriteOnce"}}},
        {"objects": {"place": "/var/lib/tsunagari/keys"}},
        {"scanner": {"url": "clamd://clamav:3310"}},
        {"scanner": {"url": "http://clamav"}, "network": {"scanner": {"namespace": "security"}}},
        {"image": {"tag": "latest"}},
        {"ingress": {"platform": {"tlsSecret": ""}}},
        {"ingress": {"platform": {"hosts": []}}},
        {"network": {"database": {"cidrs": [], "namespace": ""}}},
        {"network": {"database": {"cidrs": ["db.example.jp"]}}},
        {"mode": "demo"},
    ],
    ids=str,
)
def test_the_values_schema_refuses(changed: dict[str, Any]) -> None:
    with pytest.raises(import_module("helm_python.errors").HelmValuesError):
        manifests(values(**changed))


ADMITTED: list[dict[str, Any]] = [
    {"platform": {"replicas": 1}, "keys": {"accessMode": "ReadWriteOnce"}},
    {"platform": {"issuers": [{"issuer": "https://a.example.jp", "audience": "a", "jwks": {"keys": []}}]}},
    {"platform": {"budget": {"tenantCostPerSecond": 0}, "trustedDocuments": "only"}},
    {"network": {"database": {"cidrs": [], "namespace": "postgres"}}},
    {"network": {"database": {"cidrs": ["fd00::/64"]}}},
    {"objects": {"place": "s3://files", "claim": {"accessMode": "ReadWriteOnce"}}},
]


@pytest.mark.parametrize("changed", ADMITTED, ids=str)
def test_the_values_schema_admits(changed: dict[str, Any]) -> None:
    assert documents(values(**changed))


def test_what_must_be_given_is_asked_for() -> None:
    with pytest.raises(import_module("helm_python.errors").HelmValuesError) as refused:
        manifests({})
    for asked in ("/network/database", "/platform/issuers", "/secretariat/issuers"):
        assert asked in str(refused.value)


def test_the_application_version_is_the_projects() -> None:
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert chart["appVersion"] == project["version"]
    images = {pod["containers"][0]["image"] for pod in _pod_specs()}
    assert images == {f"images.example.jp/tsunagari:{project['version']}"}


def test_a_digest_stands_over_the_tag() -> None:
    platform = of_kind("Deployment", values(**EVERYTHING))["platform"]
    image = platform["spec"]["template"]["spec"]["containers"][0]["image"]
    assert image == f"images.example.jp/tsunagari@{EVERYTHING['image']['digest']}"


def test_an_autoscaled_service_has_no_count_of_its_own() -> None:
    rendered = of_kind("Deployment", values(**EVERYTHING))
    assert {name for name, each in rendered.items() if "replicas" not in each["spec"]} == {
        "platform",
        "secretariat",
    }
    assert set(of_kind("HorizontalPodAutoscaler", values(**EVERYTHING))) == {"platform", "secretariat"}


@pytest.mark.parametrize("enabled", [True, False])
def test_the_notes_say_that_a_proxy_is_needed(*, enabled: bool) -> None:
    notes = manifests(values(ingress={"enabled": enabled}))["tsunagari/templates/NOTES.txt"]
    assert ("https://tsunagari.example.jp/graphql" in notes) == enabled
    assert ("Put a proxy in front" in notes) != enabled
    assert "Never back up the volume of keys together with the database" in notes


def _kinds(rendered: list[Document]) -> set[str]:
    return {each["kind"] for each in rendered}


def _pod_specs() -> list[Document]:
    return [each["spec"]["template"]["spec"] for each in example() if each["kind"] in {"Deployment", "Job"}]


def _planted(folder: Path, template: str, right: str, wrong: str) -> Path:
    chart = Path(shutil.copytree(CHART, folder / "tsunagari"))
    path = chart / "templates" / template
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong), encoding="utf-8")
    return chart

"""What each pod may do: which secrets it gets, as whom it runs, how it starts, answers and ends."""

from importlib import import_module
from pathlib import PurePosixPath
from typing import Any

import pytest

from libs.persistence.roles import APP, OWNER, SECRETARIAT, WORKER
from libs.persistence.worker import GRACE_SECONDS as WORKER_GRACE
from libs.serving.environment import Environment
from libs.tenancy.budgets.terms import Terms
from services.operator.environment import VARIABLES
from services.operator.main import app
from services.operator.serving import GRACE_SECONDS
from services.platform import settings as platform
from services.platform.files.actions.quotas import MEBIBYTE
from services.platform.files.models import MOST_BYTES
from services.platform.files.scanning import NoScanner
from services.platform.files.web.turns import MOST_HELD
from services.secretariat import settings as secretariat
from tests.deploy.rendered import (
    KEY_SERVICE,
    KUBERNETES,
    Document,
    container,
    containers,
    documents,
    example,
    faults,
    of_kind,
    pods,
    values,
)

LOOKED_INTO = 10
"""Times its size that a text takes while it is looked into: bytes twice, widest characters twice."""
COMPONENTS = {"platform", "secretariat", "worker", "migration"}
SECRETS = {
    "platform": {VARIABLES[APP]: "tsunagari-app", "TSUNAGARI_MASTER_KEY": "tsunagari-master-key"},
    "secretariat": {VARIABLES[SECRETARIAT]: "tsunagari-secretariat"},
    "worker": {
        VARIABLES[WORKER]: "tsunagari-worker",
        VARIABLES[APP]: "tsunagari-app",
        "TSUNAGARI_MASTER_KEY": "tsunagari-master-key",
        "TSUNAGARI_SMTP_URL": "tsunagari-mail",
    },
    "migration": {VARIABLES[OWNER]: "tsunagari-owner"},
}


def test_there_are_the_two_services_the_worker_and_the_migration() -> None:
    assert set(pods()) == COMPONENTS
    assert set(of_kind("Deployment")) == COMPONENTS - {"migration"}


@pytest.mark.parametrize("component", sorted(COMPONENTS))
def test_each_process_gets_the_secrets_of_its_own_roles_and_no_other(component: str) -> None:
    referred = {
        each["name"]: each["valueFrom"]["secretKeyRef"]["name"]
        for each in container(component)["env"]
        if "valueFrom" in each
    }
    assert referred == SECRETS[component]
    assert "envFrom" not in container(component)
    mounted = [volume for volume in pods()[component]["volumes"] if "secret" in volume]
    assert mounted == []


def test_no_secret_is_rendered() -> None:
    secret = {variable for held in SECRETS.values() for variable in held} | set(VARIABLES.values())
    for _, each in containers():
        assert not [one for one in each["env"] if one["name"] in secret and "value" in one]
    assert of_kind("Secret") == {}
    assert "postgresql://" not in str(example())


@pytest.mark.parametrize(
    ("component", "read"),
    [("platform", platform.from_environment), ("secretariat", secretariat.from_environment)],
)
def test_the_services_start_with_the_environment_of_their_pods(component: str, read: Any) -> None:
    settings = read(_environment(component))
    assert settings.mode == "production"
    assert settings.pool_size == {"platform": 8, "secretariat": 4}[component]
    assert [each.audience for each in settings.issuers]
    assert settings.database_url == "given by the secret"


def test_the_platform_serves_the_names_and_origins_of_the_values() -> None:
    settings = platform.from_environment(_environment("platform"))
    assert settings.domain == "tsunagari.example.jp"
    assert settings.origins == {"https://app.tsunagari.example.jp"}
    assert settings.master.text == "given by the secret"


def test_the_platform_keeps_to_the_bounds_of_the_values() -> None:
    settings = platform.from_environment(_environment("platform"))
    assert settings.terms == Terms(per_second=150_000, burst_seconds=10, person_percent=50)
    assert (settings.statement_seconds, settings.trusted_documents) == (5, "optional")
    changed = {
        "budget": {"tenantCostPerSecond": 1_000_000_000},
        "trustedDocuments": "only",
        "statementSeconds": 9,
    }
    (deployed,) = [
        each["spec"]["template"]["spec"]["containers"][0]
        for each in documents(values(platform=changed))
        if each["kind"] == "Deployment" and each["metadata"]["name"].endswith("-platform")
    ]
    given = {each["name"]: each.get("value", "given by the secret") for each in deployed["env"]}
    settings = platform.from_environment(given)
    assert settings.terms.per_second == 1_000_000_000
    assert (settings.statement_seconds, settings.trusted_documents) == (9, "only")


def test_every_command_is_one_that_the_image_has() -> None:
    commands = {component: app.parse_args(each["args"])[0].__name__ for component, each in containers()}
    assert commands == {
        "platform": "serve",
        "secretariat": "secretariat",
        "worker": "worker",
        "migration": "migrate",
    }


def test_the_worker_sends_with_the_settings_of_the_values() -> None:
    settings = platform.worker_from_environment(_environment("worker"))
    assert settings.smtp_url == "given by the secret"
    assert settings.mail_from == "oshirase@tsunagari.example.jp"
    assert settings.public_url == "https://{tenant}.tsunagari.example.jp/"
    assert settings.private_webhooks is False
    silent = documents(values(secrets={"mail": {"name": ""}}))
    assert "TSUNAGARI_SMTP_URL" not in str(silent)


def test_keys_are_mounted_where_secrets_are_opened_and_outlive_the_release() -> None:
    claims = {
        component: [
            volume["persistentVolumeClaim"]["claimName"] for volume in pod["volumes"] if _is_claim(volume)
        ]
        for component, pod in pods().items()
    }
    held = {component: names for component, names in claims.items() if names}
    both = ["tsunagari-keys", "tsunagari-objects"]
    assert held == {"platform": both, "worker": both}
    claim = of_kind("PersistentVolumeClaim")["keys"]
    assert claim["metadata"]["annotations"]["helm.sh/resource-policy"] == "keep"
    assert claim["metadata"]["labels"]["velero.io/exclude-from-backup"] == "true"
    assert claim["spec"]["accessModes"] == ["ReadWriteMany"]
    for component in held:
        folder = _environment(component)["TSUNAGARI_KEY_FOLDER"]
        assert folder in [mount["mountPath"] for mount in container(component)["volumeMounts"]]


def test_every_connection_to_the_database_is_verified() -> None:
    for component, each in containers():
        given = _environment(component)
        assert given["PGSSLMODE"] == "verify-full"
        folders = {mount["mountPath"] for mount in each["volumeMounts"] if mount.get("readOnly")}
        assert str(PurePosixPath(given["PGSSLROOTCERT"]).parent) in folders


def test_files_lie_apart_from_the_keys_and_in_what_backups_take() -> None:
    claim = of_kind("PersistentVolumeClaim")["objects"]
    assert claim["metadata"]["annotations"]["helm.sh/resource-policy"] == "keep"
    assert "velero.io/exclude-from-backup" not in claim["metadata"]["labels"]
    for component in ("platform", "worker"):
        folder = PurePosixPath(_environment(component)["TSUNAGARI_OBJECTS"])
        mounts = {each["mountPath"]: each["name"] for each in container(component)["volumeMounts"]}
        assert mounts[str(folder)] == "objects"
        assert PurePosixPath(_environment(component)["TSUNAGARI_KEY_FOLDER"]) not in folder.parents
    bucket = documents(values(objects={"place": "s3://files/tsunagari"}))
    assert "tsunagari-objects" not in str(bucket)
    assert "s3://files/tsunagari" in str(bucket)


def test_what_is_sent_at_once_fits_into_a_pod() -> None:
    """/tmp is memory, and what is looked into takes several times its size for a moment."""
    (tmp,) = [each["emptyDir"] for each in pods()["platform"]["volumes"] if each["name"] == "tmp"]
    assert tmp["medium"] == "Memory"
    room = int(tmp["sizeLimit"].removesuffix("Mi"))
    memory = int(container("platform")["resources"]["limits"]["memory"].removesuffix("Mi"))
    at_rest = int(container("platform")["resources"]["requests"]["memory"].removesuffix("Mi"))
    assert room / 2 >= MOST_HELD / MEBIBYTE
    assert at_rest + room + LOOKED_INTO * MOST_BYTES / MEBIBYTE <= memory


def test_the_platform_asks_the_scanner_of_the_values() -> None:
    assert isinstance(platform.from_environment(_environment("platform")).scanner, NoScanner)
    url = "clamd://clamav.security.svc:3310"
    given = documents(values(scanner={"url": url}, network={"scanner": {"namespace": "security"}}))
    told = [each for each in given if "TSUNAGARI_SCANNER" in str(each)]
    assert [each["metadata"]["name"] for each in told] == ["tsunagari-platform"]
    assert url in str(told)
    reach = [
        each["metadata"]["name"] for each in given if each["kind"] == "NetworkPolicy" and "3310" in str(each)
    ]
    assert reach == ["tsunagari-platform"]


def test_claims_of_ones_own_stand_in_for_the_charts() -> None:
    own = values(keys={"existingClaim": "mine"}, objects={"claim": {"existingClaim": "files"}})
    assert of_kind("PersistentVolumeClaim", own) == {}
    assert "claimName': 'files'" in str(of_kind("Deployment", own)["platform"])


@pytest.mark.parametrize("component", sorted(COMPONENTS))
def test_no_pod_has_rights(component: str) -> None:
    pod = pods()[component]
    assert pod["automountServiceAccountToken"] is False
    context = pod["securityContext"]
    assert context["runAsNonRoot"] is True
    assert context["runAsUser"] > 0
    assert context["seccompProfile"] == {"type": "RuntimeDefault"}
    assert not {"hostNetwork", "hostPID", "hostIPC"} & set(pod)
    assert not [volume for volume in pod["volumes"] if "hostPath" in volume]


def test_no_container_has_rights_or_lacks_bounds() -> None:
    seen = list(containers())
    assert len(seen) == len(COMPONENTS)
    for _, each in seen:
        assert each["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert "/tmp" in [mount["mountPath"] for mount in each["volumeMounts"]]
        assert set(each["resources"]) == {"requests", "limits"}
        assert "memory" in each["resources"]["limits"]


@pytest.mark.parametrize("component", ["platform", "secretariat"])
def test_services_are_probed_and_end_gracefully(component: str) -> None:
    each, pod = container(component), pods()[component]
    assert each["startupProbe"]["httpGet"] == {"path": "/healthz", "port": "http"}
    assert each["livenessProbe"]["httpGet"] == {"path": "/healthz", "port": "http"}
    assert each["readinessProbe"]["httpGet"] == {"path": "/readyz", "port": "http"}
    leaving = each["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert leaving > 0
    assert pod["terminationGracePeriodSeconds"] > leaving + GRACE_SECONDS
    assert pod["topologySpreadConstraints"]
    (port,) = each["ports"]
    assert str(port["containerPort"]) == each["args"][each["args"].index("--port") + 1]


def test_the_worker_is_probed_where_it_tells_of_its_rounds_and_ends_after_its_grace() -> None:
    each, pod = container("worker"), pods()["worker"]
    assert each["livenessProbe"]["httpGet"] == {"path": "/healthz", "port": "watched"}
    assert each["readinessProbe"]["httpGet"] == {"path": "/readyz", "port": "watched"}
    (port,) = each["ports"]
    assert (port["name"], str(port["containerPort"])) == ("watched", each["args"][-1])
    assert each["args"][1:3] == ["--host", "0.0.0.0"]
    assert pod["terminationGracePeriodSeconds"] > WORKER_GRACE


@pytest.mark.parametrize("component", ["platform", "worker"])
def test_a_key_services_token_and_authority_are_files_of_who_opens_secrets(component: str) -> None:
    given = documents(values(**KEY_SERVICE))
    (pod,) = [
        each["spec"]["template"]["spec"]
        for each in given
        if each["kind"] == "Deployment" and each["metadata"]["name"].endswith(f"-{component}")
    ]
    environment = {each["name"]: each.get("value") for each in pod["containers"][0]["env"]}
    assert "TSUNAGARI_MASTER_KEY" not in environment
    master = platform.master_source(Environment(environment, platform.PREFIX))
    assert master.url == KEY_SERVICE["keyService"]["url"]
    mounted = {each["name"]: each["mountPath"] for each in pod["containers"][0]["volumeMounts"]}
    volumes = {each["name"]: each for each in pod["volumes"]}
    assert volumes["key-service"]["secret"]["secretName"] == "tsunagari-key-service"
    assert master.token_file == f"{mounted['key-service']}/token"
    assert volumes["key-service-authority"]["configMap"]["name"] == "vault-authority"
    assert master.authority_file == f"{mounted['key-service-authority']}/ca.crt"
    assert "key-service" not in str([each for each in given if "secretariat" in each["metadata"]["name"]])
    assert [fault for version in KUBERNETES for fault in faults(given, version)] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "http://vault.example.jp/v1/transit/keys/tsunagari"},
        {"token": {"name": ""}},
        {"url": ""},
    ],
)
def test_a_key_service_that_cannot_work_is_refused(wrong: dict[str, Any]) -> None:
    """By http, without its token, or with no master key at all."""
    given = {**KEY_SERVICE, "keyService": {**KEY_SERVICE["keyService"], **wrong}}
    refused = import_module("helm_python.errors").HelmValuesError
    with pytest.raises(refused):
        documents(values(**given))
    with pytest.raises(refused):
        documents(values(**{**KEY_SERVICE, "network": {}}))


def test_the_migration_runs_before_each_release_and_is_not_repeated_for_ever() -> None:
    job = of_kind("Job")["migration"]
    assert job["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"
    assert job["spec"]["backoffLimit"] <= 3
    assert job["spec"]["activeDeadlineSeconds"] > 0
    assert pods()["migration"]["restartPolicy"] == "Never"


def test_one_pod_at_a_time_may_be_evicted() -> None:
    budgets = of_kind("PodDisruptionBudget")
    assert set(budgets) == COMPONENTS - {"migration"}
    for component, budget in budgets.items():
        assert budget["spec"]["maxUnavailable"] == 1
        assert budget["spec"]["selector"]["matchLabels"]["app.kubernetes.io/component"] == component


def _environment(component: str) -> dict[str, str]:
    return {each["name"]: each.get("value", "given by the secret") for each in container(component)["env"]}


def _is_claim(volume: Document) -> bool:
    return "persistentVolumeClaim" in volume

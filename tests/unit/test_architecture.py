"""What the import contract cannot say."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DEPLOYED = sorted([ROOT / "app.py", *(ROOT / "chalicelib").rglob("*.py")])


def imports(file: Path) -> set[str]:
    """Return the names of all modules that a file imports, wherever it does."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def test_the_app_registers_blueprints_and_fits_on_a_page() -> None:
    source = (ROOT / "app.py").read_text()
    assert len(source.splitlines()) <= 30
    assert not [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef)]


@pytest.mark.parametrize("file", DEPLOYED, ids=lambda file: str(file.relative_to(ROOT)))
def test_what_is_deployed_never_names_the_laptop_or_the_tests(file: Path) -> None:
    roots = {name.partition(".")[0] for name in imports(file)}
    assert not roots & {"commands", "local", "tests", "bench", "tools", "moto", "pytest", "boto3"}


@pytest.mark.parametrize("part", ["domain", "usecases"])
def test_rules_know_no_clock_and_no_chance(part: str) -> None:
    clocks = ("datetime.now(", "datetime.today(", "date.today(", "utcnow(", "time.time(")
    for file in (ROOT / "chalicelib" / part).glob("*.py"):
        assert not imports(file) & {"random", "secrets", "os", "time", "uuid", "logging"}, file
        assert not [clock for clock in clocks if clock in file.read_text()], file

"""What is in the zip, what is not, and that its bytes are the same each time."""

import sys
import zipfile
from pathlib import Path

import msgspec
import pytest

from tools.package.build import Package, build
from tools.package.project import MANIFEST, ROOT

NOT_DEPLOYED = {
    *("local", "tests", "tools", "bench", "infra", "docs", "data", "manage.py", "node_modules"),
    *("moto", "ministack", "boto3", "pytest", "chalice/cli", "chalice/deploy", "s3transfer"),
}
LIMIT_BYTES = 10_000_000
UNCHECKED_HASH = 0b01


@pytest.fixture(scope="session")
def names(package: Package) -> set[str]:
    with zipfile.ZipFile(package.deployment) as opened:
        return set(opened.namelist())


def test_nothing_of_the_laptop_of_tests_or_tools_is_inside(names: set[str]) -> None:
    folders = {str(parent) for name in names for parent in Path(name).parents} | names
    assert folders & NOT_DEPLOYED == set()


def test_what_the_pages_need_is_inside(names: set[str]) -> None:
    tables = {f"chalicelib/data/{name}.csv" for name in ("city_names", "delivery_factors")}
    assert {"app.py", MANIFEST.as_posix(), *tables} <= names
    assert {f"locale/{code}/LC_MESSAGES/messages.mo" for code in ("tr", "ar")} <= names
    assert not {name for name in names if name.startswith("templates/") or name.endswith(".po")}
    templates = [path for path in (ROOT / "templates").rglob("*") if path.is_file()]
    compiled = [n for n in names if n.startswith("pages/tmpl_") and n.endswith(".pyc")]
    assert len(compiled) == len(templates)


def test_each_module_has_byte_code_that_is_never_checked(unpacked: Path) -> None:
    tag = sys.implementation.cache_tag
    entry = unpacked / "__pycache__" / f"app.{tag}.pyc"
    modules = [entry, *unpacked.rglob("*.pyc")]
    for byte_code in modules:
        assert int.from_bytes(byte_code.read_bytes()[4:8], "little") == UNCHECKED_HASH


def test_only_the_entry_has_its_source(names: set[str]) -> None:
    assert {name for name in names if name.endswith(".py")} == {"app.py"}


def test_of_aws_it_knows_the_services_that_it_calls_alone(unpacked: Path) -> None:
    services = {path.name for path in (unpacked / "botocore" / "data").iterdir() if path.is_dir()}
    assert services == {"cognito-idp", "dynamodb", "ses", "sqs", "ssm"}


def test_it_is_small(package: Package) -> None:
    assert package.deployment.stat().st_size <= LIMIT_BYTES


def test_licences_of_what_is_carried_are_carried(names: set[str]) -> None:
    carried = {name.partition("/")[0] for name in names if ".dist-info/" in name}
    with_one = {
        name.partition("/")[0]
        for name in names
        if ".dist-info/" in name and any(word in name.upper() for word in ("LICENSE", "LICENCE"))
    }
    assert carried == with_one


def test_the_bucket_gets_each_file_that_pages_name(package: Package, unpacked: Path) -> None:
    manifest = msgspec.json.decode((unpacked / MANIFEST).read_bytes(), type=dict[str, str])
    files = {p.relative_to(package.static).as_posix() for p in package.static.rglob("*")}
    assert manifest
    assert set(manifest.values()) <= files
    assert MANIFEST.name not in files


def test_a_second_build_has_the_same_bytes(package: Package, tmp_path: Path) -> None:
    again = build(ROOT, tmp_path / "built")  # in another process: another seed of its hashes
    assert again.deployment.read_bytes() == package.deployment.read_bytes()
    assert again.template.read_bytes() == package.template.read_bytes()

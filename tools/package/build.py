"""Everything that is deployed, made step by step in a fresh directory."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tools.package import archive, compiled, plain, project, slim, template, wheels
from tools.package.container import Container
from tools.package.fault import CannotPackageError

ENVIRONMENT = {"AWS_REGION": template.REGION, "TZ": "UTC"}
_MISPLACED = ("local", "tests", "tools", "bench", "infra", ".chalice", "node_modules")


@dataclass(frozen=True, slots=True)
class Package:
    """What one build leaves in its directory."""

    directory: Path

    @property
    def deployment(self) -> Path:
        return self.directory / "deployment.zip"

    @property
    def plain(self) -> Path:
        """The zip that Chalice makes by itself, which benches compare with."""
        return self.directory / "plain.zip"

    @property
    def template(self) -> Path:
        return self.directory / template.NAME

    @property
    def translated(self) -> Path:
        """The template as CloudFormation reads it: for the linter and for curious people."""
        return self.directory / "translated.json"

    @property
    def static(self) -> Path:
        """What goes to the bucket."""
        return self.directory / "static"


def build(root: Path, to: Path) -> Package:
    """Package the project at `root` into `to`. Raises CannotPackageError."""
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir(parents=True)
    package = Package(to)
    aim = project.target()
    ready = wheels.fetched(root / "requirements.txt", aim)
    with tempfile.TemporaryDirectory() as scratch:
        staged, out = Path(scratch, "project"), Path(scratch, "out")
        project.stage(root, staged, aim)
        made = plain.made(staged, out, ready)
        shutil.copyfile(out / "deployment.zip", package.plain)
        unpacked = archive.unpack(package.plain, Path(scratch, "task"), slim.needed)
        slim.slim(unpacked)
        compiled.compile_templates(unpacked)
        compiled.compile_modules(unpacked)
        compiled.drop_sources(unpacked)
        archive.pack(unpacked, package.deployment)
    _copy_assets(root, package.static)
    whole = template.merged(made, root / "infra")
    template.write(whole, package.template)
    template.write(template.translated(whole), package.translated)
    return package


def check(package: Package) -> None:
    """Prove a package. Raises CannotPackageError with what is wrong."""
    with tempfile.TemporaryDirectory() as scratch:
        check_task(archive.unpack(package.deployment, Path(scratch)))
    template.lint(package.template, package.translated)


def check_task(root: Path) -> None:
    """Prove an unpacked zip: it runs by itself. Raises CannotPackageError."""
    misplaced = [name for name in _MISPLACED if (root / name).exists()]
    if misplaced:
        raise CannotPackageError(f"What is not deployed is in the zip: {', '.join(misplaced)}")
    try:
        with Container(root, ENVIRONMENT) as container:
            container.imported()
            health = container.invoke("app.app", _HEALTH)
    except RuntimeError as error:
        raise CannotPackageError(f"The zip does not run: {error}, as shown above.") from error
    if health["statusCode"] != 200:
        raise CannotPackageError(f"The zip does not answer: {health}")


_HEALTH = {
    "resource": "/health",
    "path": "/health",
    "httpMethod": "GET",
    "requestContext": {"resourcePath": "/health", "httpMethod": "GET", "requestId": "health"},
    "headers": {},
    "multiValueHeaders": {},
    "pathParameters": {},
    "queryStringParameters": None,
    "multiValueQueryStringParameters": None,
    "stageVariables": None,
    "body": None,
    "isBase64Encoded": False,
}


def _copy_assets(root: Path, to: Path) -> None:
    ignored = shutil.ignore_patterns(".*", project.MANIFEST.name)
    shutil.copytree(root / project.MANIFEST.parent, to, ignore=ignored)

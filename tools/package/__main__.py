"""`make package`: builds and proves what is deployed, and says where it lies."""

import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.package.build import build, check
from tools.package.fault import CannotPackageError
from tools.package.project import ROOT

MEGABYTE = 1_000_000


def main(arguments: Sequence[str]) -> int:
    """Package this project, into another directory if one is named. Returns the exit status."""
    directory = Path(arguments[0]).resolve() if arguments else ROOT / ".local" / "package"
    try:
        package = build(ROOT, directory)
        check(package)
    except CannotPackageError as error:
        print(error, file=sys.stderr)
        return 1
    data = package.deployment.read_bytes()
    print(f"{package.deployment}  {len(data) / MEGABYTE:.1f} MB")
    print(f"{package.template}  linted, as it is and translated")
    print(f"{package.static}  for the bucket")
    print(f"sha256 {hashlib.sha256(data).hexdigest()}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

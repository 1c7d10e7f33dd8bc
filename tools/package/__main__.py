"""`make package`: builds and proves what is deployed, and says where it lies."""

import hashlib
import sys

from tools.package.build import build, check
from tools.package.fault import CannotPackageError
from tools.package.project import ROOT

MEGABYTE = 1_000_000


def main() -> int:
    """Package this project. Returns the exit status."""
    try:
        package = build(ROOT, ROOT / ".local" / "package")
        check(package)
    except CannotPackageError as error:
        print(error, file=sys.stderr)
        return 1
    data = package.deployment.read_bytes()
    where = package.directory.relative_to(ROOT)
    print(f"{where}/deployment.zip  {len(data) / MEGABYTE:.1f} MB")
    print(f"  sha256 {hashlib.sha256(data).hexdigest()}")
    print(f"{where}/template.json   linted, as is and translated")
    print(f"{where}/static/         for the bucket")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

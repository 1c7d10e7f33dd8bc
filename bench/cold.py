"""From a fresh process to the first redemption, and the size of what is deployed.

The package is compared with what plain `chalice package` makes of the same app. A container of
either answers one scan and ends; they take turns, and what counts is the CPU that the process
used in all, the interpreter's own start included. Nobody writes byte code, as in Lambda.
"""

import json
import tempfile
from pathlib import Path
from statistics import median

from local import footing
from local.footing import STAND
from local.ground import keep_home
from tools.package import archive
from tools.package.build import Package, build
from tools.package.container import Container
from tools.package.deployed import App, answered, environment
from tools.package.project import ROOT

ROUNDS = 9
_MEGABYTE = 1_000_000


def measure() -> dict[str, float]:
    """Build the package, and return its size and its cold start."""
    keep_home()
    with tempfile.TemporaryDirectory() as scratch:
        package = build(ROOT, Path(scratch, "package"))
        ours, plain = cold_seconds(package, Path(scratch), ROUNDS)
        zip_mb = package.deployment.stat().st_size / _MEGABYTE
    return {"cold_ratio": ours / plain, "zip_mb": zip_mb}


def cold_seconds(package: Package, scratch: Path, rounds: int) -> tuple[float, float]:
    """Return the median CPU seconds of a cold start: of the package, and of Chalice's own zip."""
    ours = archive.unpack(package.deployment, scratch / "ours")
    plain = archive.unpack(package.plain, scratch / "plain")
    template = json.loads(package.template.read_text())
    spent: dict[Path, list[float]] = {ours: [], plain: []}
    with footing.laid(scratch / "engine.log") as world:
        told = environment(world.settings)
        with Container(ours, told) as warm:
            app = App(warm, template)
            device = app.enrol(world.enrol(STAND))
            for number in range(rounds):
                for root, seconds in spent.items():
                    _, voucher = app.claim(STAND)
                    scan = app.scan(device, voucher["url"], f"nonce-{number:04}")
                    with Container(root, told) as cold:
                        assert answered(cold, scan).status == 201
                        seconds.append(cold.cpu_seconds)
    return median(spent[ours]), median(spent[plain])

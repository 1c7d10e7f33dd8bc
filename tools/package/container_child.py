"""What a container runs: calls as lines of JSON in, answers as lines of JSON out.

Nothing but the standard library and the deployment, whose directory is the argument, is there.
"""

import importlib
import json
import os
import pkgutil
import sys
import time
from typing import Any


class Context:
    """What Chalice reads of Lambda's context."""

    function_name = "marquee"
    aws_request_id = "00000000-0000-4000-8000-000000000000"


def imported(_event: object, _context: object) -> dict[str, str]:
    """Import every module of the app; say where each module that is loaded came from."""
    package = importlib.import_module("chalicelib")
    for module in pkgutil.walk_packages(package.__path__, "chalicelib."):
        importlib.import_module(module.name)
    files = {name: getattr(module, "__file__", None) for name, module in sys.modules.items()}
    return {name: file for name, file in files.items() if file}


def main() -> None:
    """Answer until the input ends. What the app prints goes to standard error."""
    sys.path.insert(0, sys.argv[1])
    sys.modules["container_child"] = sys.modules["__main__"]
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        call: dict[str, Any] = json.loads(line)
        module, _, name = call["handler"].rpartition(".")
        handler = getattr(importlib.import_module(module), name)
        answer = handler(call["event"], Context())
        told = {"answer": answer, "cpu_seconds": time.process_time()}
        answers.write(json.dumps(told) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()

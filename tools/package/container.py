"""A Lambda container of an unpacked deployment: a process that can import nothing else."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

CHILD = Path(__file__).with_name("container_child.py")

Json = dict[str, Any]


class Container:
    """One process. Handlers are named as in the template; no byte code is written."""

    def __init__(self, root: Path, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-B", str(CHILD), str(root)],
            cwd=root,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.cpu_seconds = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: object, traceback: TracebackType | None
    ) -> None:
        self._process.communicate()

    def invoke(self, handler: str, event: Json) -> Any:  # noqa: ANN401 - any JSON
        """Call a handler and return its answer; `cpu_seconds` is what the process used so far."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"handler": handler, "event": event}) + "\n")
        self._process.stdin.flush()
        told = self._process.stdout.readline()
        if not told:
            raise RuntimeError(f"the container ended with {self._process.wait()}")
        answer = json.loads(told)
        self.cpu_seconds = answer["cpu_seconds"]
        return answer["answer"]

    def imported(self) -> dict[str, str]:
        """Import every module of the app and return where each loaded module came from."""
        modules: dict[str, str] = self.invoke("container_child.imported", {})
        return modules

"""The engine as a child: what it saves, what it brings back, how it ends."""

import gzip
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from local import engine as engines
from local import ground, snapshot
from local.engine import Engine
from local.trouble import Trouble

TABLE = "test-ledger"


@contextmanager
def running(state: Path | None, tmp_path: Path) -> Iterator[Engine]:
    engine = engines.start(state, tmp_path / "log" / "engine.log")
    try:
        yield engine
    finally:
        engine.stop()


def client(engine: Engine, service: str = "dynamodb") -> Any:
    return _client(engine.url, service)


@cache
def _client(url: str, service: str) -> Any:
    return ground.aws(ground.settings_of("http://localhost", url, None), service)


def make_table(engine: Engine) -> None:
    keys = ("pk", "sk")
    client(engine).create_table(
        TableName=TABLE,
        KeySchema=[
            {"AttributeName": name, "KeyType": kind}
            for name, kind in zip(keys, ("HASH", "RANGE"), strict=True)
        ],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in keys],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )


def put(engine: Engine, number: int) -> None:
    item = {
        "pk": {"S": f"V#{number}"},
        "sk": {"S": "V"},
        "ver": {"N": "1"},
        "nonces": {"BS": [b"\x00\xff", b"ab"]},
        "cur": {"M": {"at": {"N": "1.5"}, "list": {"L": [{"NULL": True}, {"BOOL": False}]}}},
    }
    client(engine).put_item(TableName=TABLE, Item=item)


def items(engine: Engine) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client(engine).scan(TableName=TABLE)["Items"]
    return sorted(found, key=lambda item: str(item["pk"]))


def sequences(engine: Engine) -> list[str]:
    """Return the sequence numbers of what waits in the stream."""
    streams = client(engine, "dynamodbstreams")
    arn = streams.list_streams(TableName=TABLE)["Streams"][0]["StreamArn"]
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = streams.get_shard_iterator(
        StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    records = streams.get_records(ShardIterator=iterator)["Records"]
    return [record["dynamodb"]["SequenceNumber"] for record in records]


def test_what_waits_in_a_queue_is_there_after_a_restart(tmp_path: Path) -> None:
    """The engine has another port then, and the queue another address."""
    state = tmp_path / "state"
    for kept in (None, "errand"):
        with running(state, tmp_path) as engine:
            settings = ground.settings_of("http://localhost", engine.url, None)
            url, sqs = ground.ensure_queue(settings), client(engine, "sqs")
            found = sqs.receive_message(QueueUrl=url).get("Messages", [])
            assert [message["Body"] for message in found] == [kept] * bool(kept)
            if kept is None:
                sqs.send_message(QueueUrl=url, MessageBody="errand")


def test_everything_comes_back_after_a_stop(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with running(state, tmp_path) as engine:
        assert engine.restored is None
        make_table(engine)
        for number in range(30):
            put(engine, number)
        client(engine, "ssm").put_parameter(Name="/s", Value="secret", Type="SecureString")
        before, waiting = items(engine), sequences(engine)
    assert engine.process.returncode == 0
    with running(state, tmp_path) as engine:
        assert engine.restored is not None
        assert (engine.restored.items, engine.restored.records) == (30, 30)
        assert items(engine) == before
        assert sequences(engine) == waiting
        found = client(engine, "ssm").get_parameter(Name="/s", WithDecryption=True)
        assert found["Parameter"]["Value"] == "secret"
        table = client(engine).describe_table(TableName=TABLE)["Table"]
        assert table["ItemCount"] == 30


def test_a_kill_loses_only_what_came_after_the_snapshot(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with running(state, tmp_path) as engine:
        make_table(engine)
        put(engine, 1)
        assert engine.save() == 1
        assert engine.save() is None  # nothing changed since
        put(engine, 2)
        os.killpg(engine.process.pid, signal.SIGKILL)
        engine.process.wait()
        assert not engine.alive()
    with running(state, tmp_path) as engine:
        assert [item["pk"] for item in items(engine)] == [{"S": "V#1"}]
        put(engine, 2)
        first, second = sequences(engine)
        assert first < second  # new records come after restored ones


def test_projected_records_stay_behind_and_the_others_wait(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with running(state, tmp_path) as engine:
        make_table(engine)
        for number in range(4):
            put(engine, number)
        waiting = sequences(engine)
        engine.save(projected=waiting[1])
    with running(state, tmp_path) as engine:
        assert sequences(engine) == waiting[2:]


def test_without_a_directory_nothing_is_kept(tmp_path: Path) -> None:
    with running(None, tmp_path) as engine:
        make_table(engine)
        assert engine.save() is None
    assert [path.name for path in tmp_path.iterdir()] == ["log"]


def test_an_engine_outlives_its_parent_just_long_enough_to_save(tmp_path: Path) -> None:
    state = tmp_path / "state"
    script = (
        "import os, signal, sys; from pathlib import Path; from local import engine;"
        "sys.path.insert(0, 'tests/local'); import test_local_engine as t;"
        f"e = engine.start(Path({str(state)!r}), Path({str(tmp_path / 'e.log')!r}));"
        "t.make_table(e); t.put(e, 1); print(e.process.pid, flush=True);"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    parent = subprocess.run(
        [sys.executable, "-c", script], cwd=engines.REPOSITORY, capture_output=True, check=False
    )
    assert parent.returncode == -signal.SIGKILL, parent.stderr.decode()
    engine_pid = int(parent.stdout)
    deadline = time.monotonic() + 10
    while _exists(engine_pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _exists(engine_pid)
    kept = snapshot.head(state)
    assert kept is not None
    assert kept.items == 1


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/status")  # a container without an init keeps dead orphans
    return not (status.exists() and "State:\tZ" in status.read_text())


@pytest.mark.parametrize("kept", [0.5, 0.0])
def test_a_broken_snapshot_is_one_line_with_the_cure(tmp_path: Path, kept: float) -> None:
    state = tmp_path / "state"
    with running(state, tmp_path) as engine:
        make_table(engine)
        for number in range(9):
            put(engine, number)
    file = state / snapshot.FILE
    file.write_bytes(file.read_bytes()[: int(file.stat().st_size * kept)])
    with pytest.raises(Trouble, match="make reset"):
        engines.start(state, tmp_path / "engine.log")


def test_a_snapshot_that_lacks_items_is_not_taken_for_whole(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with running(state, tmp_path) as engine:
        make_table(engine)
        put(engine, 1)
    file = state / snapshot.FILE
    lines = gzip.decompress(file.read_bytes()).splitlines(keepends=True)
    file.write_bytes(gzip.compress(b"".join(lines[:-1])))
    with pytest.raises(Trouble, match="make reset"):
        engines.start(state, tmp_path / "engine.log")


@pytest.mark.skipif(sys.platform != "linux", reason="reads Linux's table of sockets")
def test_it_listens_on_this_machine_only(tmp_path: Path) -> None:
    with running(None, tmp_path) as engine:
        assert engine.url.startswith("http://127.0.0.1:")
        port = int(engine.url.rpartition(":")[2])
        listening = Path("/proc/net/tcp").read_text()
        assert f"0100007F:{port:04X}" in listening
        assert f"00000000:{port:04X}" not in listening

"""The template's tables are those that laptops and tests use, guarded as data has to be."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from chalicelib.store import tables

TEMPLATE = Path(__file__).resolve().parents[2] / "infra" / "tables.yaml"


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's short tags as their plain text."""


_Loader.add_constructor("!Sub", lambda _, node: str(node.value))


def resources() -> dict[str, dict[str, Any]]:
    document = yaml.load(TEMPLATE.read_text(), _Loader)  # noqa: S506 - a safe loader of our own
    found: dict[str, dict[str, Any]] = document["Resources"]
    return found


def properties(role: str) -> dict[str, Any]:
    found: dict[str, Any] = resources()[f"{role.capitalize()}Table"]["Properties"]
    return found


@pytest.mark.parametrize("meta", tables.METAS, ids=lambda meta: str(meta.table))
def test_the_keys_of_template_and_models_agree(meta: type[tables._Meta]) -> None:
    keys = {key["KeyType"]: key["AttributeName"] for key in properties(meta.table)["KeySchema"]}
    assert keys == {"HASH": tables.Item._hash_keyname, "RANGE": tables.Item._range_keyname}


@pytest.mark.parametrize("meta", tables.METAS, ids=lambda meta: str(meta.table))
def test_every_table_is_kept_encrypted_and_recoverable(meta: type[tables._Meta]) -> None:
    name = f"{meta.table.capitalize()}Table"
    assert resources()[name]["DeletionPolicy"] == "Retain"
    guarded = properties(meta.table)
    assert guarded["DeletionProtectionEnabled"] is True
    assert guarded["SSESpecification"]["SSEEnabled"] is True
    assert guarded["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    assert guarded["BillingMode"] == "PAY_PER_REQUEST"


def test_only_the_ledger_has_a_stream_with_both_images() -> None:
    streams = {m.table: properties(m.table).get("StreamSpecification") for m in tables.METAS}
    assert streams.pop("ledger") == {"StreamViewType": "NEW_AND_OLD_IMAGES"}
    assert set(streams.values()) == {None}


def test_the_one_index_is_that_of_holds() -> None:
    indexes = {m.table: properties(m.table).get("GlobalSecondaryIndexes") for m in tables.METAS}
    found: Any = indexes.pop("ledger")
    (due,) = found
    assert due["IndexName"] == tables.DueIndex.Meta.index_name
    assert [key["AttributeName"] for key in due["KeySchema"]] == ["due", "pk"]
    assert due["Projection"] == {"ProjectionType": "KEYS_ONLY"}
    assert set(indexes.values()) == {None}

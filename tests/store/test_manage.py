"""The operator's command: it says what it did, or what to do next, and never a traceback."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from house import House

import manage
from chalicelib.domain.campaign import Campaign
from chalicelib.store import campaigns, insights

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)


def told(command: str, **asked: object) -> tuple[int, str]:
    """Run one command and return its status with what it said."""
    said: list[str] = []
    status = manage.run(argparse.Namespace(command=command, **asked), NOW, said.append)
    return status, "\n".join(said)


def exported() -> str:
    status, document = told("export", campaign_id="festival-now")
    assert status == 0
    return document


def test_what_is_exported_is_what_is_live(house: House) -> None:
    assert msgspec.json.decode(exported(), type=Campaign) == house.campaign()


def test_a_changed_export_goes_live_and_back(house: House, tmp_path: Path) -> None:
    file = tmp_path / "draft.json"
    file.write_text(exported().replace("The 11.11 festival", "The night market"))
    assert told("publish", file=str(file)) == (
        0,
        "Revision 2 is live (epoch 2), everywhere within 5 seconds.",
    )
    house.settled(None)
    assert house.campaign().name["en"] == "The night market"
    assert told("revisions", campaign_id="festival-now")[1] == "1\n2  live"
    status, said = told("rollback", campaign_id="festival-now", revision=1)
    assert (status, said) == (0, "Revision 3 is live (epoch 3), everywhere within 5 seconds.")


@pytest.mark.usefixtures("house")
def test_a_fault_of_the_document_is_named_and_nothing_is_live(tmp_path: Path) -> None:
    file = tmp_path / "draft.json"
    file.write_text(exported().replace("Europe/Istanbul", "Europe/Nowhere"))
    status, said = told("publish", file=str(file))
    assert status == 1
    assert "/time_zone: " in said
    assert campaigns.pointers()["festival-now"].revision == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "is not JSON"),
        ('{"number": "x"}', "Export the campaign again"),
        (None, "No such file"),
    ],
)
@pytest.mark.usefixtures("house")
def test_an_unreadable_file_is_said_to_be_one(
    tmp_path: Path, content: str | None, said: str
) -> None:
    file = tmp_path / "draft.json"
    if content is not None:
        file.write_text(content)
    status, words = told("publish", file=str(file))
    assert status == 1
    assert said in words
    assert str(file) in words


@pytest.mark.usefixtures("house")
def test_what_is_not_there_leads_to_the_list_of_what_is() -> None:
    status, said = told("rollback", campaign_id="festival-now", revision=99)
    assert (status, "manage.py revisions festival-now" in said) == (1, True)
    assert told("export", campaign_id="nope") == (1, "There is no campaign nope.")


def test_a_pause_holds_until_it_is_resumed(house: House) -> None:
    browser = house.browser()
    assert told("pause", campaign_id="festival-now")[0] == 0
    house.settled(None)
    assert browser.try_to_claim("istanbul", "lantern-gift").reason == "paused"
    assert told("resume", campaign_id="festival-now")[0] == 0
    house.settled(None)
    assert browser.try_to_claim("istanbul", "lantern-gift").status == 201


def test_figures_are_counted_anew(house: House) -> None:
    house.browser().claim("istanbul", "lantern-gift")
    status, said = told("rebuild", campaign_id="festival-now", all=False)
    assert status == 0
    assert "festival-now: generation 1 is read from now on." in said
    house.project()
    assert insights.figures("festival-now")["TOTAL"]["claimed"] == 1
    status, said = told("rebuild", campaign_id=None, all=True)
    assert status == 0
    assert "festival-2019: generation 1 is read" in said
    assert "festival-now: generation 2 is read" in said


@pytest.mark.usefixtures("house")
def test_only_a_published_campaign_is_counted_anew() -> None:
    said = "Name a campaign that is published, or --all."
    assert told("rebuild", campaign_id="nope", all=False) == (1, said)


def test_a_rebuild_is_of_one_campaign_or_of_all(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        manage.main(["rebuild"])
    assert "one of the arguments campaign_id --all is required" in capsys.readouterr().err

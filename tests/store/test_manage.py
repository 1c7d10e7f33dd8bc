"""The operator's command: it says what it did, or what to do next, and never a traceback."""

import argparse
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pypdfium2  # type: ignore[import-untyped]
import pytest
import zxingcpp
from botocore.exceptions import NoCredentialsError
from house import PUBLIC_URL, House, Shop, enrol

import manage
from chalicelib import signing
from chalicelib.config import Settings
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.event import Kind
from chalicelib.domain.member import Scope
from chalicelib.store import campaigns, insights, keys, news, trails
from chalicelib.web.context import context
from chalicelib.web.key_ring import KeyRing

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


def test_what_an_operator_does_is_in_the_trail_and_told_to_webhooks(
    house: House, tmp_path: Path
) -> None:
    file = tmp_path / "draft.json"
    file.write_text(exported().replace("The 11.11 festival", "The night market"))
    assert told("publish", file=str(file))[0] == 0
    assert told("rollback", campaign_id="festival-now", revision=1)[0] == 0
    assert told("pause", campaign_id="festival-now")[0] == 0
    assert told("resume", campaign_id="festival-now")[0] == 0
    entries = trails.entries(Scope(area="festival-now", member_id="x", email="x"))
    assert {(one.email, one.action, one.subject) for one in entries} == {
        ("manage.py", "published", "revision 2"),
        ("manage.py", "rolled back", "revision 3"),
        ("manage.py", "paused", "festival-now"),
        ("manage.py", "resumed", "festival-now"),
    }
    rows = [row for row in house.items() if keys.is_news(keys.Key(row["pk"]["S"], row["sk"]["S"]))]
    assert Counter(news.event_of(row).kind for row in rows) == {
        Kind.CAMPAIGN_PUBLISHED: 1,
        Kind.CAMPAIGN_ROLLED_BACK: 1,
        Kind.CAMPAIGN_PAUSED: 1,
        Kind.CAMPAIGN_RESUMED: 1,
    }


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


SETTINGS = Settings(public_url=PUBLIC_URL, region="eu-south-1", secrets_parameter="/test/keys")


@pytest.mark.usefixtures("house")
def test_keys_are_made_once_and_what_is_there_stays(tmp_path: Path) -> None:
    file = tmp_path / "draft.json"
    file.write_text(exported())
    done = (0, "/test/keys has the keys of festival-now.")
    assert told("keys", file=str(file), settings=SETTINGS) == done
    first = signing.fetch_secrets(SETTINGS)
    assert [(key.campaign_number, key.not_before) for key in first.signing] == [(2, NOW)]
    assert told("keys", file=str(file), settings=SETTINGS) == done
    assert signing.fetch_secrets(SETTINGS) == first

    other = msgspec.json.decode(exported(), type=Campaign)
    file.write_bytes(msgspec.json.encode(replace(other, number=9)))
    assert told("keys", file=str(file), settings=SETTINGS)[0] == 0
    more = signing.fetch_secrets(SETTINGS)
    assert more == msgspec.structs.replace(first, signing=more.signing)
    assert more.signing[0] == first.signing[0]
    assert [key.campaign_number for key in more.signing] == [2, 9]


def test_an_invitation_enrols_a_device_of_its_stand(house: House) -> None:
    house.real_at = datetime.now(UTC)  # a code lives by real time
    status, said = told("invite", popup_id="istanbul", profiles=["supervisor"], sheet=None)
    assert status == 0
    code, _, words = said.partition("  ")
    assert words.startswith("for one supervisor at istanbul, until ")
    enrolled = enrol(house, code)
    assert enrolled.status == 201
    assert (enrolled.json["popup_id"], enrolled.json["profile"]) == ("istanbul", "supervisor")


def test_a_sheet_has_a_code_for_each_device_of_a_stand(house: House, tmp_path: Path) -> None:
    house.real_at, sheet = datetime.now(UTC), tmp_path / "istanbul.pdf"
    profiles = ["steward", "screen"]
    status, said = told("invite", popup_id="istanbul", profiles=profiles, sheet=sheet)
    assert status == 0
    (page,) = pypdfium2.PdfDocument(sheet.read_bytes())
    found = zxingcpp.read_barcodes(page.render(scale=2).to_pil())
    printed, lines = {code.text for code in found}, said.splitlines()
    for line, address in ((lines[0], "staff/"), (lines[2], "screen/istanbul")):
        code = line.partition("  ")[0]
        assert f"{PUBLIC_URL}/{address}?s=sheet#enrol={code}" in said
        assert f"{PUBLIC_URL}/{address}?s=sheet#enrol={code}" in printed
        assert enrol(house, code).status == 201


@pytest.mark.usefixtures("house")
def test_nobody_is_invited_to_a_stand_that_is_not_there() -> None:
    said = told("invite", popup_id="atlantis", profiles=["steward"], sheet=None)
    assert said == (1, "No live campaign has a stand atlantis.")


# --- keys -----------------------------------------------------------------------------------------
def key_told(action: str, **asked: object) -> tuple[int, str]:
    whole: dict[str, object] = {"campaign_id": "festival-now", "action": action, **asked}
    return told("key", **whole)


def added(**asked: object) -> tuple[int, str]:
    whole: dict[str, object] = {
        "role": "shop",
        "name": "Harbour Books",
        "id": None,
        "merchant": [],
        "days": 30,
        **asked,
    }
    return key_told("add", **whole)


def test_a_key_is_shown_once_and_opens_what_its_role_may(house: House) -> None:
    status, said = added(merchant=["cam-fener"])
    line, _, text, *_ = said.split("\n")
    assert (status, line.split("  ", 1)[1]) == (
        0,
        "shop  2.harbour-books  Harbour Books, for cam-fener, until 2026-06-19",
    )
    voucher = house.browser().claim("milan", "parcel-10")
    assert Shop(house, text).redeem(voucher["url"]).reason == "wrong_merchant"
    assert key_told("list") == (0, line)
    assert text.rpartition("_")[2] not in str(house.items("access"))


@pytest.mark.usefixtures("house")
def test_a_shop_has_two_keys_until_one_is_revoked() -> None:
    first = added()[1].split("  ")[0]
    assert added()[0] == 0
    assert added() == (
        1,
        "2.harbour-books has two keys. `manage.py key list` shows them; revoke one.",
    )
    assert len(key_told("list")[1].splitlines()) == 2
    status, said = key_told("revoke", key_id=first)
    assert (status, f"{first} opens nothing any more" in said) == (0, True)
    assert added()[0] == 0


def test_a_revoked_key_is_not_signed_in(house: House) -> None:
    text = added()[1].split("\n")[2]
    shop = Shop(house, text)
    assert shop.redeem("rubbish").reason == "unknown_code"
    key_told("revoke", key_id=text.split("_")[1])
    context.keys = KeyRing()
    assert shop.redeem("rubbish").reason == "not_signed_in"


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"campaign_id": "nope"}, "There is no published campaign nope."),
        ({"merchant": ["cam-fenr"]}, "No merchant cam-fenr here. There are: abanico-azul, "),
        ({"name": "Книжная лавка"}, "Give it an id"),
        ({"id": "Harbour"}, "Give it an id"),
        ({"name": "Harbour\nbooks"}, "Its name is one line"),
        ({"days": 0}, "A key is valid for 1 day to 10 years"),
    ],
)
def test_a_wish_that_makes_no_sense_says_what_to_do(asked: dict[str, object], said: str) -> None:
    status, words = added(**asked)
    assert (status, words.startswith(said)) == (1, True), words
    assert key_told("list") == (0, "festival-now has no keys.")


@pytest.mark.usefixtures("house")
def test_a_key_that_is_not_there_leads_to_the_list() -> None:
    status, said = key_told("revoke", key_id="nothing")
    assert (status, "manage.py key list" in said) == (1, True)


@pytest.mark.usefixtures("house")
def test_the_command_line_reads_as_the_help_says() -> None:
    line = "key add festival-now --role shop --name Harbour --merchant cam-fener --merchant a-b"
    asked = manage._parser().parse_args(line.split())
    assert (asked.action, asked.merchant, asked.days) == ("add", ["cam-fener", "a-b"], 365)


def test_without_credentials_it_says_where_there_are_some() -> None:
    busy = TryAgain("the table stays busy")
    assert manage.failed(busy) == (
        "try_again: the table stays busy. Nothing is lost; try the same again."
    )
    none = NoCredentialsError()  # type: ignore[no-untyped-call]
    busy.__cause__ = none
    for error in (busy, none):
        assert "no AWS credentials" in manage.failed(error)
        assert "--local" in manage.failed(error)


# --- staff ----------------------------------------------------------------------------------------
def typed(line: str) -> tuple[int, str]:
    """Run `manage.py` as it is typed."""
    asked = manage._parser().parse_args(line.split())
    said: list[str] = []
    return manage.run(asked, NOW, said.append), "\n".join(said)


def test_a_pin_opens_a_shift_until_it_is_removed(house: House) -> None:
    status, said = typed("pin istanbul Ayşe 271828 --supervisor")
    assert (status, said) == (
        0,
        "Ayşe begins a shift at istanbul with this PIN, as its supervisor.",
    )
    phone = house.phone()
    assert phone.begin_shift("Ayşe", "271828").json["supervisor"]
    assert typed("pin istanbul Ayşe --remove")[0] == 0
    assert phone.begin_shift("Ayşe", "271828").reason == "not_allowed"
    assert phone.begin_shift("Ayşe").status == 200


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nowhere Ayşe 1234", "No live campaign has a stand nowhere."),
        ("istanbul Ayşe 123", "A PIN has 4 to 12 digits, a supervisor's from 6."),
        ("istanbul Ayşe 1234 --supervisor", "A PIN has 4 to 12 digits, a supervisor's from 6."),
        (f"istanbul {'x' * 61} 1234", "A name has 1 to 60 characters."),
    ],
)
def test_a_pin_that_cannot_be_says_why(line: str, said: str) -> None:
    assert typed(f"pin {line}") == (1, said)


def test_a_lost_device_is_listed_and_shut_out(house: House) -> None:
    phone, other = house.phone(), house.phone("rome")
    assert typed("device list istanbul")[1].split()[:4] == [
        *(phone.device_id, "istanbul", "steward", "enrolled"),
    ]
    assert other.device_id in typed("device list")[1]
    status, said = typed(f"device revoke {phone.device_id}")
    assert (status, "everywhere within 5 seconds" in said) == (0, True)
    house.wait(timedelta(seconds=6))
    assert phone.manifest().reason == "device_revoked"
    assert other.manifest().status == 200
    assert "revoked" in typed("device list istanbul")[1]
    assert typed("device revoke nothing")[0] == 1


def test_practice_codes_are_printed_with_what_they_show(house: House) -> None:
    status, said = told("training", popup_id="istanbul")
    lines = said.splitlines()
    assert (status, len(lines)) == (0, 9)
    assert lines[0] == "Used. Scanned a second time: already used."
    assert house.phone().redeem(lines[1].strip()).reason == "training_code"
    assert lines[-1] == f"As pictures: {PUBLIC_URL}/staff/training?stand=istanbul"
    assert told("training", popup_id="nowhere")[0] == 1


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

"""A mint job: exactly n codes in its file, wherever it was cut off, and one batch."""

import csv
import io
from argparse import Namespace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from house import NOON, House

from chalicelib.store import mints as ledger
from chalicelib.web import mints
from chalicelib.web.context import context
from commands import mint, revoke
from commands.progress import Progress

pytestmark = pytest.mark.usefixtures("house")
HEADER = mints.HEADER.encode()


def asked(count: int = 25, **more: Any) -> Namespace:
    whole = {"campaign_id": "festival-now", "offer_id": "lantern-gift", "popup": "istanbul"}
    files = {"csv": None, "cards": None}
    return Namespace(**whole | files | {"count": count} | more)


def ran(arguments: Namespace) -> tuple[int, str]:
    said: list[str] = []
    status = mint.run(arguments, NOON, said.append, Progress(io.StringIO()))
    return status, "\n".join(said)


def batches() -> list[int]:
    number = context.catalog.campaign("festival-now").campaign.number
    return [batch.number for batch in ledger.batches(number)]


class Killed(BaseException):
    """The process ends here."""


class Deadly(Progress):
    """Lets so many codes pass, then the process is killed."""

    def __init__(self, codes: int) -> None:
        super().__init__(io.StringIO())
        self.codes = codes

    def of(self, things: Any, name: str, total: int, done: int = 0) -> Any:
        for number, thing in enumerate(super().of(things, name, total, done)):
            if number == self.codes:
                raise Killed
            yield thing


def test_a_file_holds_each_code_once_and_they_work(house: House, tmp_path: Path) -> None:
    file = tmp_path / "codes.csv"
    assert ran(asked(csv=file)) == (0, "Batch 1 of festival-now: 25 codes.")
    rows = list(csv.DictReader(file.read_text().splitlines()))
    assert rows == house.marketing().codes(1)
    assert len({row["code"] for row in rows}) == 25
    assert list(tmp_path.iterdir()) == [file]
    assert house.phone().redeem(rows[24]["url"]).status == 201


@pytest.mark.parametrize("passed", [0, 1, 1000, 2499])
def test_a_job_that_was_killed_goes_on_and_mints_nothing_more(tmp_path: Path, passed: int) -> None:
    file, whole = tmp_path / "codes.csv", tmp_path / "whole.csv"
    order = asked(2500, csv=file, offer_id="delivery-on-us")
    with pytest.raises(Killed):
        mint.run(order, NOON, print, Deadly(passed))
    assert (tmp_path / "codes.csv.job").exists()
    assert ran(order)[0] == 0
    assert batches() == [1]
    assert ran(asked(2500, csv=whole, offer_id="delivery-on-us"))[0] == 0
    assert len(set(file.read_text().splitlines())) == 2501
    assert batches() == [1, 2]


@pytest.mark.parametrize(
    "cut", [0, 1, len(HEADER) - 1, len(HEADER), len(HEADER) + 1, -1, -37, -400]
)
def test_a_torn_last_line_is_cut_and_written_anew(tmp_path: Path, cut: int) -> None:
    file = tmp_path / "codes.csv"
    order = asked(csv=file)
    with pytest.raises(Killed):
        mint.run(order, NOON, print, Deadly(20))
    note = (tmp_path / "codes.csv.job").read_bytes()
    assert ran(order)[0] == 0
    whole = file.read_bytes()
    file.write_bytes(whole[:cut])
    (tmp_path / "codes.csv.job").write_bytes(note)
    assert ran(order)[0] == 0
    assert file.read_bytes() == whole
    assert batches() == [1]


def test_a_job_that_was_killed_before_its_batch_makes_it_once(tmp_path: Path) -> None:
    file = tmp_path / "codes.csv"
    job = mint._job(asked(csv=file), [file], tmp_path / "codes.csv.job")
    assert batches() == []
    assert ran(asked(csv=file))[0] == 0
    (tmp_path / "codes.csv.job").write_bytes(msgspec.json.encode(job))
    assert ran(asked(csv=file))[0] == 0
    assert batches() == [1]


def test_nothing_that_is_there_is_written_over(tmp_path: Path) -> None:
    file = tmp_path / "codes.csv"
    file.write_text("mine")
    with pytest.raises(FileExistsError, match="is there already"):
        ran(asked(csv=file))
    mint._job(asked(csv=tmp_path / "b.csv"), [tmp_path / "b.csv"], tmp_path / "b.csv.job")
    with pytest.raises(FileExistsError, match="is of another job"):
        ran(asked(26, csv=tmp_path / "b.csv"))
    (tmp_path / "b.csv").write_text("mine\n")
    with pytest.raises(FileExistsError, match="holds other codes"):
        ran(asked(csv=tmp_path / "b.csv"))
    assert file.read_text() == "mine"
    assert (tmp_path / "b.csv").read_text() == "mine\n"


def test_codes_of_another_batch_are_not_continued(tmp_path: Path) -> None:
    ran(asked(csv=tmp_path / "a.csv"))
    file = tmp_path / "b.csv"
    mint._job(asked(csv=file), [file], tmp_path / "b.csv.job")
    file.write_bytes((tmp_path / "a.csv").read_bytes())
    with pytest.raises(FileExistsError, match="holds other codes"):
        ran(asked(csv=file))


def test_a_refusal_says_how_many_are_left_and_leaves_no_job(tmp_path: Path) -> None:
    status, said = ran(asked(5000, csv=tmp_path / "codes.csv"))
    assert (status, said) == (1, "out_of_stock: setting stock, left 2000")
    assert list(tmp_path.iterdir()) == []
    assert ran(asked(popup="atlantis"))[0] == 1
    assert batches() == []


def test_cards_are_whole_or_not_there(house: House, tmp_path: Path) -> None:
    file = tmp_path / "cards.html"
    order = asked(23, cards=file)
    with pytest.raises(Killed):
        mint.run(order, NOON, print, Deadly(11))
    assert not file.exists()
    assert ran(order)[0] == 0
    text = file.read_text()
    assert text.count('<article class="card">') == 23
    assert text.count('<section class="cards">') == 3
    assert text.count("aria-label=") == 23
    assert all(row["code"] in text for row in house.marketing().codes(1))
    assert "Kâğıt fener hediye" in text
    assert 'lang="tr"' in text
    assert '<p class="city"><bdi>İstanbul</bdi>' in text
    assert "(İstanbul)" in text
    assert "<script" not in text
    assert "http://" not in text.replace("http://www.w3.org", "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cards.html"]


def test_the_operator_withdraws_by_code_batch_and_range(house: House) -> None:
    ran(asked())
    rows = house.marketing().codes(1)
    said: list[str] = []
    order = {"campaign_id": "festival-now", "code": None, "batch": None, "serials": None}

    def told(**facts: Any) -> int:
        said.clear()
        status = revoke.run(Namespace(**order | facts), NOON, said.append)
        context.catalog.forget()
        return status

    assert told(code=rows[0]["code"]) == 0
    assert said == [f"{rows[0]['code']}: withdrawn now, everywhere within 5 seconds."]
    assert told(code=rows[0]["code"]) == 0
    assert said == [f"{rows[0]['code']}: withdrawn before."]
    assert told(batch=1, serials=(2, 3)) == 0
    assert said == ["batch 1 2-3, 2 codes: withdrawn now, everywhere within 5 seconds."]
    phone = house.phone()
    verdicts = [phone.redeem(row["code"], simulate=True).reason for row in rows[:4]]
    assert verdicts == ["revoked", "revoked", "revoked", ""]
    assert told(batch=1) == 0
    assert said == ["batch 1, 25 codes: withdrawn now, everywhere within 5 seconds."]
    assert phone.redeem(rows[24]["code"]).reason == "revoked"
    assert told(batch=2) == 1
    assert said == ["festival-now has no batch 2, or not these serials in it."]
    assert told(code="ABCD") == 1
    assert said == ["festival-now has no voucher ABCD. Compare it with the code again."]
    for wrong in ({}, {"code": "x", "batch": 1}, {"code": "x", "serials": (1, 2)}):
        assert told(**wrong) == 1
        assert said == ["Name a code, or --batch 7, or --batch 7 --range 101-200."]


def test_serials_are_one_or_a_range() -> None:
    assert revoke.serials("7") == (7, 7)
    assert revoke.serials("101-200") == (101, 200)

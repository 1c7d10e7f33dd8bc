"""An audit while others write: what is surely wrong is told from what only seems so."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, repeat

from made import VOUCHER_ID, change, used_voucher, voucher

from chalicelib.domain.books import Books
from chalicelib.domain.counter import Counter, CounterId, CounterKind
from chalicelib.domain.insight import Tally, VoucherImage
from chalicelib.domain.voucher import State
from chalicelib.usecases import auditing
from chalicelib.usecases.auditing import Report

STOCK = CounterId(CounterKind.STOCK, 7, 1, 1, "0")
TALLY = Tally("festival", "TOTAL", "claimed")
SOUND = Books(counters={STOCK: Counter(5, 5, 1)}, versions={STOCK: 1})
WRONG = replace(SOUND, counters={STOCK: Counter(5, 4, 1)})


class Readings:
    """Gives out readings one after the other, the last one for ever."""

    def __init__(self, *readings: Books) -> None:
        self._left: Iterator[Books] = chain(readings, repeat(readings[-1]))
        self.count = self.pauses = 0

    def read(self) -> Books:
        self.count += 1
        return next(self._left)

    def pause(self) -> None:
        self.pauses += 1


def audited(*readings: Books) -> tuple[Report, Readings]:
    given = Readings(*readings)
    return auditing.audit(given.read, given.pause), given


def test_books_that_add_up_are_read_once() -> None:
    report, given = audited(SOUND)
    assert (report.wrong, report.in_flux) == (frozenset(), frozenset())
    assert (given.count, given.pauses) == (1, 0)


def test_what_is_wrong_at_rest_is_wrong_at_the_second_reading() -> None:
    report, given = audited(WRONG)
    assert [finding.about for _, finding in report.wrong] == [STOCK]
    assert (given.count, given.pauses) == (2, 1)


def test_what_only_seemed_wrong_while_it_moved_is_not_told() -> None:
    report, _ = audited(WRONG, replace(SOUND, versions={STOCK: 2}))
    assert report.wrong == report.in_flux == frozenset()


def test_what_moved_is_looked_at_again() -> None:
    report, given = audited(WRONG, replace(WRONG, versions={STOCK: 2}))
    assert [finding.about for _, finding in report.wrong] == [STOCK]
    assert given.count == 3


def test_what_never_rests_is_in_flux() -> None:
    report, given = audited(*(replace(WRONG, versions={STOCK: n}) for n in range(9)))
    assert report.wrong == frozenset()
    assert [finding.about for _, finding in report.in_flux] == [STOCK]
    assert given.count == 5
    assert "        in flux, not judged: stock campaign 7/offer 1/stand 1 shard 0" in list(
        auditing.lines(report)
    )


def test_a_figure_rests_on_the_whole_ledger_and_on_the_projector() -> None:
    late = replace(SOUND, figures={TALLY: 1})
    assert len(audited(late)[0].wrong) == 1
    assert audited(late, replace(late, versions={STOCK: 2}), SOUND)[0].wrong == frozenset()
    assert audited(late, replace(late, reached={"shard": "1"}), SOUND)[0].wrong == frozenset()


def test_books_that_add_up_are_one_line_a_rule() -> None:
    report, _ = audited(SOUND)
    told = list(auditing.lines(report))
    assert told[0] == "    ok  no counter gave out more than its cap"
    assert all(line.startswith("    ok  ") for line in told)
    summary = "0 oversold, 0 lost, 0 double, counters agree, figures agree, 0 vouchers"
    assert auditing.summary(report) == summary


def test_each_finding_is_named_below_its_rule() -> None:
    report, _ = audited(replace(WRONG, figures={TALLY: 1}))
    told = list(auditing.lines(report))
    place = told.index("     1  counters gave out what vouchers took")
    name = "stock campaign 7/offer 1/stand 1 shard 0"
    assert told[place + 1] == f"        {name}: expected 0 given out, found 1 given out"
    assert "1 counters disagree, 1 figures disagree" in auditing.summary(report)


def test_vouchers_are_told_apart_by_what_is_wrong() -> None:
    twice = voucher(State.REDEEMED, nonces=frozenset({b"1"}))
    report, _ = audited(Books(vouchers={VOUCHER_ID: twice}, versions={VOUCHER_ID: 1}))
    assert auditing.summary(report).startswith("0 oversold, 1 lost, 1 double, ")
    assert auditing.summary(report).endswith(", 1 vouchers")


def test_a_projector_behind_and_an_open_publish_are_said() -> None:
    image = VoucherImage(
        campaign_id="festival",
        popup_id="istanbul",
        offer_id="lantern",
        merchant_id=None,
        claimed_hour="",
        state=State.ISSUED,
    )
    behind = replace(
        SOUND,
        images=(image,),
        backlog=(change("1", None, image),),
        open_publishes=frozenset({"festival"}),
    )
    report, _ = audited(behind)
    assert list(auditing.lines(report))[-2:] == [
        "        festival has an open publish: `manage.py finish festival`",
        "        the projector is 1 records behind; taken into account",
    ]


def test_findings_of_one_rule_come_by_name() -> None:
    vouchers = {name * 15: used_voucher(voucher_id=name * 15) for name in "21"}
    report, _ = audited(Books(vouchers=vouchers))
    for rule in {rule for rule, _ in report.wrong}:
        names = [str(finding.about) for finding in report.of(rule)]
        assert names == sorted(names)

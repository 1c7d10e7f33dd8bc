"""Somebody checks the books: every rule, over everything, while the campaign goes on.

A reading takes a while and others write meanwhile, so one that shows something wrong is followed
by another: what is wrong in both, and did not change in between, is wrong. What changed is in
flux and looked at again. Where nobody writes, the second reading is the proof of the first.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chalicelib.domain.audit import RULES, Breach, Finding, Rule
from chalicelib.domain.books import Books

_READINGS = 5

Found = frozenset[tuple[Rule, Finding]]


@dataclass(frozen=True, slots=True)
class Report:
    """The last reading, what is surely wrong in it, and what kept changing under the eyes."""

    books: Books
    wrong: Found
    in_flux: Found

    def of(self, rule: Rule) -> list[Finding]:
        """Return what breaks a rule, by name."""
        broken = [finding for broke, finding in self.wrong if broke is rule]
        return sorted(broken, key=lambda finding: self.books.name(finding.about))

    def count(self, breach: Breach) -> int:
        """Return how many things break the rules of a kind."""
        return sum(rule.breach is breach for rule, _ in self.wrong)


def audit(read: Callable[[], Books], pause: Callable[[], None]) -> Report:
    """Read the books until each finding is sure, at most five times.

    `pause` lets what was written reach the stream before the next reading.
    """
    books, wrong = read(), frozenset[tuple[Rule, Finding]]()
    found = _found(books)
    for _ in range(_READINGS - 1):
        if found == wrong:
            break
        before, earlier = books, found
        pause()
        books = read()
        found = _found(books)
        wrong = frozenset(
            (rule, finding)
            for rule, finding in found & earlier
            if not books.moved(finding.about, before)
        )
    return Report(books, wrong, found - wrong)


def _found(books: Books) -> Found:
    return frozenset((rule, finding) for rule in RULES for finding in rule.check(books))


def lines(report: Report) -> Iterator[str]:
    """Say how each rule stands, a line each, and below it what breaks it."""
    books = report.books
    for rule in RULES:
        broken = report.of(rule)
        yield f"{len(broken) or 'ok':>6}  {rule.says}"
        for finding in broken:
            name = books.name(finding.about)
            yield f"        {name}: expected {finding.expected}, found {finding.found}"
    for _, finding in sorted(report.in_flux, key=lambda found: books.name(found[1].about)):
        yield f"        in flux, not judged: {books.name(finding.about)}"
    for campaign_id in sorted(books.open_publishes):
        yield f"        {campaign_id} has an open publish: `manage.py finish {campaign_id}`"
    if books.backlog:
        yield f"        the projector is {len(books.backlog):,} records behind; taken into account"


def summary(report: Report) -> str:
    """Say it all in one line."""
    told = [f"{report.count(b):,} {b}" for b in (Breach.OVERSOLD, Breach.LOST, Breach.DOUBLE)]
    for breach in (Breach.COUNTERS, Breach.FIGURES):
        wrong = report.count(breach)
        told.append(f"{wrong:,} {breach} disagree" if wrong else f"{breach} agree")
    return ", ".join([*told, f"{len(report.books.vouchers):,} vouchers"])

"""Which print led to a claim, as its address says."""

import pytest

from chalicelib.domain.source import Source, source_of


@pytest.mark.parametrize("source", Source)
def test_a_print_is_known_by_its_tag(source: Source) -> None:
    assert source_of(source.value) is source


@pytest.mark.parametrize("tag", [None, "", "Poster", "poster ", "flyer", "<b>"])
def test_any_other_tag_is_dropped(tag: str | None) -> None:
    assert source_of(tag) is None

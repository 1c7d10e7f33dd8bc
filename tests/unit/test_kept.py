"""What a crowd sees is made once, until what it was made of is another."""

from chalicelib.web.kept import Kept


def made(kept: Kept[str], source: object, key: str, word: str) -> str:
    return kept.of(source, key, lambda: word)


def test_it_is_made_once() -> None:
    kept, source = Kept[str](2), object()
    assert made(kept, source, "tea", "first") == "first"
    assert made(kept, source, "tea", "second") == "first"
    assert made(kept, source, "cake", "other") == "other"


def test_another_source_makes_it_anew() -> None:
    kept = Kept[str](2)
    made(kept, object(), "tea", "first")
    assert made(kept, object(), "tea", "second") == "second"


def test_a_full_store_starts_again() -> None:
    kept, source = Kept[str](2), object()
    for key in ("a", "b", "c"):
        made(kept, source, key, "first")
    assert made(kept, source, "a", "second") == "second"
    assert made(kept, source, "c", "second") == "first"

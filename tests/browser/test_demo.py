"""The demo is a test: it walked from the poster to the reveal, and kept its pictures."""

from PIL import Image
from street import Street

STEPS = ["poster", "claimed", "used", "already-used", "delivery", "live", "reveal"]


def test_the_demo_played_every_step_and_kept_a_picture_of_each(street: Street) -> None:
    kept = sorted(path.stem[3:] for path in street.demo.album.directory.glob("*.png"))
    assert kept == sorted(STEPS)


def test_all_pictures_are_one_animation(street: Street) -> None:
    with Image.open(street.demo.album.directory / "marquee.webp") as picture:
        assert getattr(picture, "n_frames", 1) == len(STEPS)


def test_the_visitors_page_turned_by_itself(street: Street) -> None:
    assert "visitor_page_turned_seconds" in street.demo.shown

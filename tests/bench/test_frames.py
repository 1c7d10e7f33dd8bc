"""The frames that a decoder is measured by."""

from collections import Counter
from io import BytesIO

from PIL import Image

from bench import frames

TEXTS = [f"HTTPS://MARQUEE.EXAMPLE/V/{letter * 141}" for letter in "AB"]


def test_there_are_eight_of_each_kind_at_a_cameras_size() -> None:
    shown = list(frames.degraded(TEXTS))
    assert set(Counter(frame.kind for frame in shown).values()) == {8}
    assert len(shown) == 8 * len(frames.KINDS) >= 60
    assert {frame.text for frame in shown} == set(TEXTS)
    with Image.open(BytesIO(shown[0].jpeg)) as picture:
        assert (picture.size, picture.format) == ((1280, 720), "JPEG")


def test_a_share_can_be_measured_again_with_the_same_frames() -> None:
    first, again = (next(frames.degraded(TEXTS)) for _ in range(2))
    assert first == again

"""A photo is made of a file: upright, in all sizes, without what the file says beside it."""

import io
import struct
import zlib
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from house import NOON, House
from PIL import Image, ImageCms, ImageDraw

import manage
from chalicelib.domain.member import Scope
from chalicelib.domain.photo import KINDS, MOST_BYTES, Photo
from chalicelib.store import campaigns, desk, photos, trails
from commands import renditions
from commands.renditions import BadPhotoError

SCOPE = Scope(area="festival-now", member_id="x", email="x")
RED, BLUE = (200, 40, 30), (30, 40, 200)
GPS = 0x8825


def picture(wide: int = 700, high: int = 350, mode: str = "RGB") -> Image.Image:
    """Draw a picture whose upper half is red and whose lower half is blue."""
    drawn = Image.new("RGB", (wide, high), BLUE)
    ImageDraw.Draw(drawn).rectangle((0, 0, wide, high // 2), RED)
    return drawn.convert(mode)


def saved(image: Image.Image, kind: str = "jpeg", **facts: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **facts)
    return out.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    """Return what a phone writes: how it was held, where it was, and when."""
    found = Image.Exif()
    found[0x0112] = orientation
    found[0x0132] = "2026:05:20 12:00:00"
    found[GPS] = {1: "N", 2: (41.0, 1.0, 0.0), 3: "E", 4: (28.0, 58.0, 0.0)}
    return found


def opened(body: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(body))
    image.load()
    return image


def near(image: Image.Image, x: float, y: float, colour: tuple[int, ...]) -> bool:
    """Tell whether the picture has about this colour at a place, as parts of its size."""
    found = image.convert("RGB").getpixel((int(x * image.width), int(y * image.height)))
    assert isinstance(found, tuple)
    return all(abs(one - other) < 30 for one, other in zip(found, colour, strict=True))


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def bomb(wide: int, high: int) -> bytes:
    """Return a PNG of a few bytes that says it is so large."""
    head = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99))


def told(action: str, **asked: object) -> tuple[int, str]:
    """Run one command and return its status with what it said."""
    said: list[str] = []
    whole = {"campaign_id": "festival-now", "merchant_id": "cam-fener", **asked}
    status = manage.run(Namespace(command="photo", action=action, **whole), NOON, said.append)
    return status, "\n".join(said)


def drafted() -> Photo | None:
    found = desk.draft(SCOPE)
    assert found
    return found.campaign.merchant["cam-fener"].photo


class TestFiles:
    """What becomes of a file."""

    def test_each_size_is_there_in_both_kinds_and_none_is_enlarged(self) -> None:
        sizes, whole = renditions.renditions(saved(picture()))
        assert whole == (640, 320)
        assert list(sizes) == ["320.avif", "320.webp", "640.avif", "640.webp"]
        for name, body in sizes.items():
            width, _, kind = name.partition(".")
            image = opened(body)
            assert (image.format, image.size) == (kind.upper(), (int(width), int(width) // 2))
            assert near(image, 0.5, 0.1, RED)
            assert near(image, 0.5, 0.9, BLUE)

    def test_nothing_is_left_of_where_and_when_it_was_taken(self) -> None:
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        data = saved(picture(), exif=exif(), icc_profile=profile, comment=b"by the harbour")
        assert opened(data).getexif().get_ifd(GPS)
        sizes, _ = renditions.renditions(data)
        for body in sizes.values():
            image = opened(body)
            assert not image.getexif()
            assert not {"icc_profile", "comment", "exif", "xmp"} & image.info.keys()
            assert b"harbour" not in body
            assert b"Exif" not in body

    def test_a_phone_that_was_held_upright_makes_a_photo_that_is(self) -> None:
        lying = picture(700, 400).transpose(Image.Transpose.ROTATE_90)  # as orientation 6 stores
        data = saved(lying, exif=exif(orientation=6))
        sizes, whole = renditions.renditions(data)
        assert whole == (640, 366)
        assert near(opened(sizes["640.webp"]), 0.5, 0.1, RED)

    @pytest.mark.parametrize(
        ("mode", "kind"),
        [("RGBA", "png"), ("P", "png"), ("L", "jpeg"), ("CMYK", "jpeg"), ("RGBA", "webp")],
    )
    def test_any_colours_come_out_as_a_screen_shows_them(self, mode: str, kind: str) -> None:
        sizes, _ = renditions.renditions(saved(picture(400, 200, mode), kind))
        assert opened(sizes["320.webp"]).mode == "RGB"
        if mode != "L":
            assert near(opened(sizes["320.webp"]), 0.5, 0.1, RED)

    def test_what_is_transparent_is_white(self) -> None:
        sizes, _ = renditions.renditions(saved(Image.new("RGBA", (400, 200), (0, 0, 0, 0)), "png"))
        assert near(opened(sizes["320.avif"]), 0.5, 0.5, (255, 255, 255))

    def test_colours_of_a_profile_are_kept_and_a_broken_one_does_no_harm(self) -> None:
        lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()  # not of RGB
        for profile in (lab, b"nothing"):
            sizes, _ = renditions.renditions(saved(picture(), icc_profile=profile))
            assert near(opened(sizes["320.webp"]), 0.5, 0.1, RED)

    @pytest.mark.parametrize(
        ("data", "why"),
        [
            (b"", "is no JPEG, PNG or WebP"),
            (b"%PDF-1.7", "is no JPEG, PNG or WebP"),
            (saved(picture(), "gif"), "is no JPEG, PNG or WebP"),
            (saved(picture())[:900], "is no JPEG, PNG or WebP"),
            (saved(picture(), "png")[:-200], "is no JPEG, PNG or WebP"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is no JPEG, PNG or WebP"),
            (saved(picture()) + b"\0" * renditions.LONGEST_FILE, "is longer than 10 MB"),
            (bomb(8_000, 5_001), "has more than 40 million pixels"),
            (bomb(20_000, 20_000), "has more than 40 million pixels"),
            (bomb(2_000_000_000, 2_000_000_000), "has more than 40 million pixels"),
            (saved(picture(319, 300)), "is 319 pixels wide; 320 is the least"),
            (saved(picture(320, 641)), "is more than 2 times as high as wide"),
        ],
    )
    def test_what_makes_no_photo_is_refused_with_what_to_do(self, data: bytes, why: str) -> None:
        with pytest.raises(BadPhotoError, match=why):
            renditions.renditions(data)

    def test_a_size_that_would_be_too_long_is_packed_harder_or_refused(self) -> None:
        noise = Image.effect_noise((320, 320), 60).convert("RGB")
        for kind in KINDS:
            best = renditions.packed(noise, kind)
            assert len(best) <= MOST_BYTES
            assert renditions.packed(noise, kind, most=len(best)) == best
            assert len(renditions.packed(noise, kind, most=len(best) - 1)) < len(best)
            with pytest.raises(BadPhotoError, match="is longer than 1 KB in any quality"):
                renditions.packed(noise, kind, most=1_000)


class TestCommand:
    """What the operator types."""

    def test_a_photo_is_kept_drafted_and_shown_once_it_is_published(
        self, house: House, tmp_path: Path
    ) -> None:
        file = tmp_path / "lamps.jpg"
        file.write_bytes(saved(picture(), exif=exif()))
        status, said = told("add", file=file)
        found = drafted()
        assert found
        assert (found.width, found.height) == (640, 320)
        assert (status, said) == (
            0,
            f"Version 2 of the draft has the photo {found.digest}. Publish it to show it so.",
        )
        assert photos.known() == {found.digest: found}
        body = photos.size(found.digest, "640.avif")
        assert body
        assert opened(body).size == (640, 320)
        [entry] = trails.entries(SCOPE)
        assert (entry.action, entry.email) == ("photo added", "manage.py photo")
        assert dict(entry.after) == {"Merchant cam-fener: photo": found.digest}
        page = "/c/festival-now/m/cam-fener"
        assert "<picture" not in house.browser().get(page).text
        house.publish_draft("festival-now", 2)
        assert f"/photo/{found.digest}/640.avif 640w" in house.browser().get(page).text

    @pytest.mark.usefixtures("house")
    def test_the_same_file_again_changes_nothing(self, tmp_path: Path) -> None:
        file = tmp_path / "lamps.png"
        file.write_bytes(saved(picture(), "png"))
        assert told("add", file=file)[1].startswith("Version 2 ")
        assert told("add", file=file)[1].startswith("Version 2 ")
        assert len(photos.known()) == 1
        assert told("remove")[1] == (
            "Version 3 of the draft has no photo of this merchant. Publish it to show it so."
        )
        assert drafted() is None
        assert told("remove")[1].startswith("Version 3 ")
        left = {entry.action for entry in trails.entries(SCOPE)}
        assert left == {"photo added", "photo removed"}

    def test_a_draft_that_was_saved_meanwhile_is_not_overwritten(
        self, house: House, tmp_path: Path
    ) -> None:
        other = replace(house.campaign(), name={"en": "Another name"})

        class Slow(type(tmp_path)):  # type: ignore[misc]
            """A file during whose reading somebody else saves."""

            def read_bytes(self) -> bytes:
                assert campaigns.save_draft(other, over=1, now=NOON) == 2
                return Path(self).read_bytes()

        file = tmp_path / "lamps.png"
        file.write_bytes(saved(picture(), "png"))
        status, said = told("add", file=Slow(file))
        assert (status, "somebody saved the draft meanwhile" in said) == (1, True)
        assert campaigns.draft("festival-now") == (other, 2)

    def test_it_is_typed_as_the_papers_say(self) -> None:
        asked = manage._parser().parse_args(["photo", "add", "festival-now", "cam", "a.jpg"])
        assert (asked.action, asked.merchant_id, asked.file) == ("add", "cam", Path("a.jpg"))
        asked = manage._parser().parse_args(["photo", "remove", "festival-now", "cam"])
        assert (asked.action, asked.campaign_id) == ("remove", "festival-now")

    @pytest.mark.usefixtures("house")
    def test_what_cannot_be_done_is_said_and_nothing_is_kept(self, tmp_path: Path) -> None:
        file = tmp_path / "lamps.jpg"
        assert told("add", file=file) == (1, f"{file}: No such file or directory.")
        file.write_bytes(b"GIF89a")
        assert told("add", file=file) == (
            1,
            f"{file} is no JPEG, PNG or WebP that can be read. Save it anew.",
        )
        with file.open("wb") as large:
            large.truncate(renditions.LONGEST_FILE + 1)
        assert told("add", file=file) == (1, f"{file} is longer than 10 MB. Save it smaller.")
        assert told("add", file=file, campaign_id="nothing") == (
            1,
            "There is no campaign nothing.",
        )
        assert told("remove", merchant_id="nobody") == (1, "festival-now has no merchant nobody.")
        assert photos.known() == {}
        assert trails.entries(SCOPE) == []

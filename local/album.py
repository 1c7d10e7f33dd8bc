"""The demo's pictures: two phones side by side, a line of words, and one animation of all."""

from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

PAPER, INK, POLE = "#FFF8EC", "#1C1626", "#C8321F"
PHONE = (360, 740)
_EDGE, _CAPTION = 24, 84
SIZE = (2 * PHONE[0] + 3 * _EDGE, PHONE[1] + 2 * _EDGE + _CAPTION)
FRAME_MILLISECONDS = 2200


@dataclass
class Album:
    """Collects frames; each is kept as a picture, all together as an animation."""

    directory: Path
    frames: list[Image.Image] = field(default_factory=list)

    def two_phones(self, name: str, caption: str, left: bytes, right: bytes | None) -> None:
        """Keep a frame of one or two phones, from screenshots in PNG."""
        frame = self._paper(caption)
        places = [_EDGE, 2 * _EDGE + PHONE[0]] if right else [(SIZE[0] - PHONE[0]) // 2]
        for place, shot in zip(places, [left, right] if right else [left], strict=True):
            _stick(frame, shot or b"", (place, _EDGE), PHONE)
        self._keep(name, frame)

    def wide(self, name: str, caption: str, shot: bytes) -> None:
        """Keep a frame of one wide page."""
        frame = self._paper(caption)
        _stick(frame, shot, (_EDGE, _EDGE), (SIZE[0] - 2 * _EDGE, PHONE[1]))
        self._keep(name, frame)

    def animate(self, path: Path) -> None:
        """Write all frames as one animated picture."""
        first, *others = self.frames
        first.save(
            path,
            save_all=True,
            append_images=others,
            duration=FRAME_MILLISECONDS,
            loop=0,
            quality=70,
            method=4,
        )

    def _paper(self, caption: str) -> Image.Image:
        frame = Image.new("RGB", SIZE, PAPER)
        draw = ImageDraw.Draw(frame)
        top = SIZE[1] - _CAPTION
        for index in range(4):  # the four sticks: how far the demo has come is in the caption
            left = _EDGE + index * 12 + (8 if index > 1 else 0)
            draw.rectangle((left, top + 22, left + 5, top + 58), fill=POLE)
        font = ImageFont.load_default(24)
        draw.text((_EDGE + 76, top + 24), caption, fill=INK, font=font)
        return frame

    def _keep(self, name: str, frame: Image.Image) -> None:
        self.frames.append(frame)
        self.directory.mkdir(parents=True, exist_ok=True)
        frame.save(self.directory / f"{len(self.frames):02}-{name}.png", optimize=True)


def _stick(frame: Image.Image, shot: bytes, place: tuple[int, int], room: tuple[int, int]) -> None:
    """Put a screenshot on the paper, scaled to its room, with a border of ink."""
    picture = Image.open(BytesIO(shot)).convert("RGB")
    picture.thumbnail(room, Image.Resampling.LANCZOS)
    x, y = place
    frame.paste(picture, (x, y))
    corner = (x - 1, y - 1, x + picture.width, y + picture.height)
    ImageDraw.Draw(frame).rectangle(corner, outline=INK, width=2)

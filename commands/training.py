"""`manage.py training`: the practice codes of a stand, for the scanner's training mode."""

import argparse
from collections.abc import Callable
from datetime import datetime

from chalicelib.web import training
from chalicelib.web.context import context

Print = Callable[[str], None]


def arguments(command: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    command.add_argument("popup_id", help="the stand whose staff practise")


def run(asked: argparse.Namespace, _: datetime, out: Print) -> int:
    """Print each code below what the scanner has to say of it. Raises NotFound."""
    published, popup = context.catalog.popup(asked.popup_id)
    for code in training.codes(published.campaign, popup):
        out(code.seen)
        out(f"  {code.url}")
    out(f"As pictures: {context.settings.public_url}/staff/training?stand={popup.popup_id}")
    return 0

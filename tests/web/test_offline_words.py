"""What the scanner says without network is what the server would say."""

import json

from golden import told


def test_the_golden_refusals_are_what_the_server_says() -> None:
    assert json.loads(told.PATH.read_text()) == json.loads(json.dumps(told.whole())), (
        "run tests/golden/told.py"
    )

"""The mails of a local run lie on a page, and go nowhere."""

from chalicelib.post import Mail
from local.mailbox import Mailbox


def test_an_empty_box_says_so() -> None:
    assert b"No mail yet." in Mailbox().page().body


def test_the_newest_mail_is_first_and_its_link_can_be_followed() -> None:
    box = Mailbox()
    for number in range(25):
        text = f"Here:\n\nhttp://localhost:8000/r/abc{number}\n\n<b>yours</b>"
        box.put(Mail(to="a@example.org", subject=f"Number {number}", text=text))
    page = box.page().body.decode()
    assert page.index("Number 24") < page.index("Number 23")
    assert "Number 4<" not in page
    link = "http://localhost:8000/r/abc24"
    assert f'<a href="{link}">{link}</a>' in page
    assert "&lt;b&gt;yours" in page


def test_letters_to_who_was_invited_lie_there_too() -> None:
    letter = Mail(to="new@example.org", subject="Come", text="Your temporary password is x")
    assert b"Your temporary password" in Mailbox(letters=lambda: [letter]).page().body

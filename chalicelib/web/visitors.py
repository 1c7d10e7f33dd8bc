"""All pages that visitors see."""

from chalicelib.web import (
    deals,
    gift_page,
    me,
    method,
    notes,
    own_data,
    private_links,
    reminders,
    stand_page,
    visitor,
    voucher_page,
    voucher_tools,
)

PAGES = (
    deals.pages,
    gift_page.pages,
    me.pages,
    method.pages,
    notes.pages,
    own_data.pages,
    private_links.pages,
    reminders.pages,
    stand_page.pages,
    visitor.pages,
    voucher_page.pages,
    voucher_tools.pages,
)

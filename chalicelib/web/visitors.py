"""All pages that visitors see."""

from chalicelib.web import gift_page, me, method, visitor, voucher_page

PAGES = (gift_page.pages, me.pages, method.pages, visitor.pages, voucher_page.pages)

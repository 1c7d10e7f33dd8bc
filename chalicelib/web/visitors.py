"""All pages that visitors see."""

from chalicelib.web import me, method, visitor, voucher_page

PAGES = (me.pages, method.pages, visitor.pages, voucher_page.pages)

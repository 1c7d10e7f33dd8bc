"""What the product logs: what happened, never with what."""

import logging

import pytest
from house import House

from chalicelib.domain.device import Profile


def test_a_whole_journey_leaves_no_code_link_or_visitor_in_the_log(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO), caplog.at_level(logging.INFO, "marquee.events"):
        visitor, phone = house.browser(), house.phone(profile=Profile.SUPERVISOR)
        voucher = visitor.claim("istanbul", "lantern-gift")
        visitor.get(voucher["url"])
        link = visitor.post(f"/api/v1/vouchers/{voucher['code']}/gift", {}).json["url"]
        used = phone.redeem(voucher["url"]).json
        phone.redeem(voucher["code"])
        phone.reverse(used["redemption_id"])
        phone.redeem("ABCD-EFGH-JKMN-PQRS")
    said = "\n".join(record.getMessage() for record in caplog.records)
    secret = [voucher["voucher_id"], voucher["code"], voucher["url"], link]
    secret += [one.rpartition("/")[2] for one in (voucher["url"], link)]
    secret += [cookie for cookie in visitor.cookies.values() if len(cookie) > 16]
    assert '"event": "redeemed"' in said
    assert [one for one in secret if one in said] == []

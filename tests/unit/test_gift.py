"""The friend's id follows from the giver's and from the link, and from nothing else."""

from made import VOUCHER_ID

from chalicelib.domain.gift import gift_id
from chalicelib.domain.voucher import is_minted

SECRET = bytes(range(32))


def test_each_link_of_each_giver_leads_to_one_voucher() -> None:
    ids = [
        gift_id(secret, giver_id=giver, gift_hash=link)
        for secret in (SECRET, bytes(32))
        for giver in (VOUCHER_ID, "Z" * 15)
        for link in ("one", "two")
    ]
    assert len(set(ids)) == 8
    assert not any(is_minted(voucher_id) for voucher_id in ids)
    assert ids[0] == gift_id(SECRET, giver_id=VOUCHER_ID, gift_hash="one")

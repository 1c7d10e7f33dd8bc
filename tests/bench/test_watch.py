"""What a path asks of the tables is counted, and asked for as it was."""

from house import House
from made import voucher

from bench.watch import watching
from chalicelib.store import vouchers


def test_requests_are_counted_while_the_watch_lasts(house: House) -> None:
    del house
    with watching() as watched:
        vouchers.claim(voucher(), token="claim")
        vouchers.get(voucher().voucher_id)
    vouchers.get(voucher().voucher_id)
    assert (watched.requests, watched.write_requests) == (2, 1)
    assert watched.write_units == 1
    assert watched.asked.keys() == {"PutItem", "GetItem"}
    assert "ReturnConsumedCapacity" not in watched.asked["PutItem"]

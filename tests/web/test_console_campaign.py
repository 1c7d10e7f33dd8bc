"""A campaign at the console: checks, publish, rollback, pause, clone, import and export."""

import re
from dataclasses import replace
from random import Random
from typing import Any
from urllib.parse import urlencode

import pytest
from colleague import Colleague, colleague, inputs, merchant
from full import PLAN
from house import Answer, House

from chalicelib.domain import archive, exchange, sheet_cells
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.member import Role, Scope
from chalicelib.store import campaigns, trails
from chalicelib.store import desk as store
from chalicelib.web import wording
from chalicelib.web.console import forms

HOME = "/console/c/festival-now"


def scope_of(campaign_id: str = "festival-now") -> Scope:
    return Scope(area=campaign_id, member_id="x", email="x")


def draft() -> Campaign:
    found = store.draft(scope_of())
    assert found is not None
    return found.campaign


def drafted(house: House, **facts: Any) -> Campaign:
    """Save a draft with these facts changed."""
    whole = replace(draft(), **facts)
    stored = campaigns.draft("festival-now")
    assert campaigns.save_draft(whole, over=stored[1] if stored else 0, now=house.at)
    return whole


def test_who_may_not_edit_reads_the_name_of_what_runs(house: House) -> None:
    drafted(house, name={"en": "Autumn in the lanes"})
    anna, fener = colleague(house, Role.MARKETER, member_id="anna"), merchant(house)
    running = house.campaign().name["en"]
    assert "<h1>Autumn in the lanes</h1>" in anna.page(HOME)
    for page in ("", "/prints", "/proposal/cam-fener"):
        text = fener.page(f"{HOME}{page}")
        assert running in text
        assert "Autumn in the lanes" not in text
    assert f'<a href="{HOME}">{running}</a>' in anna.page(f"{HOME}/webhooks")
    assert f'<a href="{HOME}">{running}</a>' in anna.page(f"{HOME}/trail")


def upload(one: Colleague, data: bytes, **fields: str) -> Answer:
    """Send a zip as a browser does."""
    mark = "----mark"
    parts = {"csrf": one.proof(), **fields}
    body = b"".join(
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode()
        for name, text in parts.items()
    )
    head = 'Content-Disposition: form-data; name="zip"; filename="a.zip"'
    body += f"--{mark}\r\n{head}\r\nContent-Type: application/zip\r\n\r\n".encode()
    body += data + f"\r\n--{mark}--\r\n".encode()
    kind = {"content-type": f"multipart/form-data; boundary={mark}"}
    return one.ask("POST", "/console/import", headers=kind, body=body)


def take(one: Colleague, dry_run: Answer) -> Answer:
    """Press the button of a dry run."""
    found = inputs(dry_run.text)
    fields = {name: found[name] for name in ("digest", "over")}
    return one.act(f"{HOME}/import", **fields)


def said_after(one: Colleague, answer: Answer) -> str:
    """Return what the page says to which a deed leads."""
    assert answer.status == 303
    found = re.search(r'<div role="status"><div.*?<div>(.*?)</div>', one.follow(answer).text)
    assert found
    return found[1]


class TestOverview:
    """The page says where a campaign stands."""

    def test_what_is_live_needs_no_publish(self, anna: Colleague) -> None:
        page = anna.page(HOME)
        assert "Revision 1 is live" in page
        assert "Nothing: the draft is what is live." in page
        assert "in Los Angeles" in page

    def test_a_blocking_fault_leads_to_its_field(self, house: House, anna: Colleague) -> None:
        first, *others = draft().offers
        drafted(house, offers=(replace(first, visitor_limit=0), *others))
        page = anna.page(HOME)
        assert f'href="{HOME}/edit/offers/lantern-gift"' in page
        assert "0 is outside 1 to 99" in page
        assert anna.act(f"{HOME}/publish", version="2").status == 422
        assert house.campaign().offer["lantern-gift"].visitor_limit == 1

    def test_a_limit_below_its_use_is_told_before_the_publish(
        self, house: House, anna: Colleague
    ) -> None:
        for _ in range(3):
            house.browser().claim("istanbul", "lantern-gift")
        lantern, *others = draft().offers
        assert lantern.stock is not None
        few = replace(lantern, stock=replace(lantern.stock, units=2, shards=2))
        drafted(house, offers=(few, *others))
        page = anna.page(HOME)
        assert "The limit stock of lantern-gift is below what was given already." in page
        assert 'action="/console/c/festival-now/publish"' not in page

    def test_a_text_is_never_markup(self, house: House, anna: Colleague) -> None:
        drafted(house, name={"en": "<script>alert(1)</script>"})
        assert "<script>alert" not in anna.get(HOME).text

    @pytest.mark.parametrize(
        ("facts", "link", "name"),
        [
            ({"number": 0}, "edit/campaign", "Number"),
            ({"name": {}}, "edit/texts", "Name"),
            ({"popups": ()}, "edit/popups", "Stands"),
            ({"delivery": None, "languages": ("en", "xx-")}, "edit/campaign", "Languages"),
            ({"delivery": replace(PLAN, road_km=-1.0, baselines=())}, "edit/campaign", "Road km"),
            ({"delivery": replace(PLAN, options=(), baselines=())}, "edit/delivery", "Delivery"),
            (
                {"delivery": replace(PLAN, baselines=(replace(PLAN.baselines[0], since="soon"),))},
                "edit/baselines",
                "ES-locker, Since",
            ),
        ],
    )
    def test_each_fault_of_the_campaign_has_a_form_and_a_name(
        self, house: House, anna: Colleague, facts: Any, link: str, name: str
    ) -> None:
        drafted(house, **facts)
        page = anna.page(HOME)
        assert f'href="{HOME}/{link}' in page
        assert f"<bdi>{name}</bdi></a>: " in page

    def test_a_fault_is_named_by_its_line_and_column_in_the_readers_language(
        self, house: House, anna: Colleague
    ) -> None:
        first, *others = draft().offers
        title = {name: text for name, text in first.title.items() if name != "it"}
        terms = {name: text for name, text in first.terms.items() if name != "it"}
        untitled = replace(first, title=title)
        drafted(house, offers=(replace(untitled, terms=terms), *others))
        told = "not translated into Italiano, which its stands speak"
        link = f'<a href="{HOME}/edit/texts#lantern-gift.'
        assert f'{link}terms"><bdi>lantern-gift, Terms</bdi></a>: {told}' in anna.page(HOME)
        assert "<bdi>lantern-gift, Koşullar</bdi>" in anna.get(HOME, accept_language="tr").text
        drafted(house, offers=(untitled, *others))
        page = anna.page(HOME)
        assert "Nothing blocks a publish." in page
        assert f'{link}title"><bdi>lantern-gift, Title</bdi></a>: {told}' in page


class TestPublishing:
    """What a page offers is done once, and left in the trail."""

    def test_a_draft_goes_live_with_its_difference_told(
        self, house: House, anna: Colleague
    ) -> None:
        version = 1 + campaigns.draft("festival-now")[1]  # type: ignore[index]
        drafted(house, name={"en": "The autumn festival"})
        page = anna.page(HOME)
        assert "The autumn festival" in page
        assert inputs(page)["version"] == str(version)
        published = anna.act(f"{HOME}/publish", version=str(version))
        assert said_after(anna, published) == "Published. Visitors see it within 5 seconds."
        assert house.campaign().name == {"en": "The autumn festival"}
        actions = [entry.action for entry in trails.entries(scope_of())]
        assert set(actions) == {"publish", "published"}

    def test_what_was_edited_meanwhile_is_not_published(
        self, house: House, anna: Colleague
    ) -> None:
        drafted(house, name={"en": "One"})
        stale = campaigns.draft("festival-now")[1]  # type: ignore[index]
        drafted(house, name={"en": "Two"})
        assert anna.act(f"{HOME}/publish", version=str(stale)).status == 412

    def test_a_rollback_brings_an_earlier_revision_back(
        self, house: House, anna: Colleague
    ) -> None:
        name = house.campaign().name
        drafted(house, name={"en": "New"})
        anna.act(f"{HOME}/publish", version=inputs(anna.page(HOME))["version"])
        page = anna.page(HOME)
        for number, at in campaigns.revisions("festival-now").items():
            assert re.search(rf"<b>{number}</b> <time [^>]*>{wording.instant(at, 'en')}<", page)
        assert "What was promised since stays promised." in page
        back = anna.act(f"{HOME}/rollback", revision="1")
        assert said_after(anna, back) == "Rolled back. Visitors see it within 5 seconds."
        assert house.campaign().name == name
        assert anna.act(f"{HOME}/rollback", revision="99").status == 404
        assert anna.act(f"{HOME}/rollback", revision="x").status == 422

    def test_a_pause_stops_claims_until_it_ends(self, house: House, anna: Colleague) -> None:
        assert "until you resume it" in anna.page(HOME)
        paused = anna.act(f"{HOME}/pause", paused="yes")
        assert said_after(anna, paused) == "The campaign is paused."
        assert house.browser().try_to_claim("istanbul", "lantern-gift").reason == "paused"
        assert "Resume" in anna.page(HOME)
        assert said_after(anna, anna.act(f"{HOME}/pause", paused="no")) == "It goes on."
        house.browser().claim("istanbul", "lantern-gift")

    def test_a_clone_is_a_draft_of_its_own(self, house: House, anna: Colleague) -> None:
        wish = {"year": "2027", "campaign_id": "festival-2027", "number": "3"}
        proposed = inputs(anna.page(HOME))
        assert proposed.items() >= (wish | {"campaign_id": "festival-now-2027"}).items()
        cloned = anna.act(f"{HOME}/clone", **wish)
        assert said_after(anna, cloned).startswith("This is the new campaign, a draft still.")
        made = store.draft(scope_of("festival-2027"))
        assert made is not None
        assert made.campaign.calendar.usable_from.startswith("2027-")
        assert "festival-2027" in anna.page("/console")
        assert "Never published" in anna.page("/console/c/festival-2027")
        assert anna.act(f"{HOME}/clone", **wish).status == 412
        assert anna.act(f"{HOME}/clone", **wish | {"campaign_id": "No Slug"}).status == 403
        assert anna.act(f"{HOME}/clone", **wish | {"year": "1999"}).status == 403
        page = anna.page("/console/c/festival-2027")
        counts = re.search(r"<summary>All of it is new: ([^<]*)</summary>", page)
        assert counts
        assert counts[1].startswith(f"Stands {len(made.campaign.popups)}, Merchants ")
        version = inputs(page)["version"]
        published = anna.act("/console/c/festival-2027/publish", version=version)
        assert published.status == 303
        assert house.campaign("festival-2027").number == 3

    def test_nothing_is_said_of_a_deed_that_is_none(self, anna: Colleague) -> None:
        page = anna.page(f"{HOME}?done=ruined")
        assert 'role="status"' not in page
        assert "ruined" not in page

    def test_a_clone_may_not_take_the_number_of_another(self, anna: Colleague) -> None:
        wish = {"year": "2027", "campaign_id": "festival-2027", "number": "2"}
        anna.act(f"{HOME}/clone", **wish)
        assert "belongs to festival-now" in anna.page("/console/c/festival-2027")


class TestExchange:
    """Out as a zip, in again: a dry run first, then all or nothing."""

    def test_an_export_comes_back_to_the_same_revision(self, house: House, anna: Colleague) -> None:
        answer = anna.get(f"{HOME}/export")
        assert answer.headers["content-type"] == "application/zip"
        dry_run = upload(anna, answer.body)
        assert dry_run.status == 200
        assert "already says all of this" in dry_run.text
        assert "Import all of it" not in dry_run.text
        drafted(house, name={"en": "Later"})
        assert take(anna, upload(anna, answer.body)).status == 303
        assert campaigns.freeze(draft(), now=house.at) == 1

    def test_a_revision_may_be_exported_by_its_number(self, house: House, anna: Colleague) -> None:
        drafted(house, name={"en": "Later"})
        zipped = anna.get(f"{HOME}/export?revision=1").body
        assert exchange.read(zipped).campaign == house.campaign()
        for number in ("9", "x", "²"):
            assert anna.get(f"{HOME}/export?revision={number}").status == 404

    def test_a_dry_run_changes_nothing_and_tells_the_difference(
        self, house: House, anna: Colleague
    ) -> None:
        before = draft()
        dry_run = upload(anna, exchange.export(replace(before, name={"en": "Spring"})))
        assert "Spring" in dry_run.text
        assert draft() == before
        taken = take(anna, dry_run)
        assert said_after(anna, taken).startswith("Imported into the draft.")
        assert draft().name == {"en": "Spring"}
        [entry] = trails.entries(scope_of())
        assert (entry.action, entry.email) == ("imported", "marketer-1@example.org")
        assert house.campaign() == before

    def test_a_new_campaign_is_set_up_from_its_files(self, house: House, anna: Colleague) -> None:
        popups = tuple(replace(p, popup_id=f"{p.popup_id}-x") for p in house.campaign().popups)
        ids = {p.popup_id: p.popup_id + "-x" for p in house.campaign().popups}
        offers = tuple(
            replace(o, popup_ids=tuple(ids.get(p, p) for p in o.popup_ids))
            for o in house.campaign().offers
        )
        delivery = house.campaign().delivery
        assert delivery is not None
        options = tuple(
            replace(o, popup_ids=tuple(ids.get(p, p) for p in o.popup_ids))
            for o in delivery.options
        )
        whole = replace(
            house.campaign(),
            campaign_id="spring",
            number=9,
            popups=popups,
            offers=offers,
            delivery=replace(delivery, options=options),
        )
        found = inputs(upload(anna, exchange.export(whole)).text)
        answer = anna.act("/console/c/spring/import", digest=found["digest"], over=found["over"])
        assert answer.status == 303
        version = inputs(anna.page("/console/c/spring"))["version"]
        assert anna.act("/console/c/spring/publish", version=version).status == 303
        assert house.campaign("spring") == whole

    def test_faults_keep_all_of_it_out_and_name_their_cells(self, anna: Colleague) -> None:
        files = sheet_cells.files(draft())
        files["offers.csv"] = files["offers.csv"].replace(b",gift,", b",present,")
        answer = upload(anna, archive.pack(files))
        assert answer.status == 422
        assert "none of percentage, amount, gift, delivery" in answer.text
        assert "Import all of it" not in answer.text

    def test_somebody_elses_save_in_between_is_not_overwritten(
        self, house: House, anna: Colleague
    ) -> None:
        dry_run = upload(anna, exchange.export(replace(draft(), name={"en": "Spring"})))
        drafted(house, name={"en": "Mine"})
        assert take(anna, dry_run).status == 412
        assert draft().name == {"en": "Mine"}

    def test_a_marketer_of_another_campaign_imports_nothing(self, house: House) -> None:
        other = colleague(house, Role.MARKETER, campaign_ids=frozenset({"festival-2019"}))
        assert upload(other, exchange.export(draft())).status == 403

    def test_a_zip_that_was_tampered_with_changes_nothing_and_is_told(
        self, house: House, anna: Colleague
    ) -> None:
        packed, before = exchange.export(draft()), house.items("catalog")
        random = Random(11)  # noqa: S311 - the same zips at each run
        for _ in range(30):
            at, length = random.randrange(len(packed)), random.randrange(60)
            torn = packed[:at] + random.randbytes(length) + packed[at + random.randrange(60) :]
            assert upload(anna, torn).status in {200, 422}
        for bomb in (
            {"hours.csv": b"popup,opens,closes,days\n" + b"a\n" * 300_000},
            {"texts.csv": b"of,field," + b"en," * 100_000},
            {"texts.csv": b"0" * 25_000_000},
        ):
            assert upload(anna, archive.pack(sheet_cells.files(draft()) | bomb)).status == 422
        kept = [row for row in house.items("catalog") if row not in before]
        assert not [row for row in kept if "DRAFT" in str(row["pk"]) + str(row["sk"])]
        assert draft() == house.campaign()

    @pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x03\x04"])
    def test_what_is_no_zip_is_told(self, anna: Colleague, data: bytes) -> None:
        assert upload(anna, data).status == 422

    def test_a_digest_of_nothing_is_not_found(self, anna: Colleague) -> None:
        assert anna.act(f"{HOME}/import", digest="0" * 64, over="1").status == 404

    def test_a_body_above_the_limit_is_refused(self, anna: Colleague) -> None:
        assert upload(anna, b"0" * (forms.LONGEST + 1)).status == 413

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"--m\r\n\r\nx\r\n--m--",
            b'--m\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\r\n--m--\r\n',
            b'--m\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' * 2 + b"--m--\r\n",
        ],
    )
    def test_a_form_of_broken_parts_is_refused(self, anna: Colleague, body: bytes) -> None:
        kind = {"content-type": "multipart/form-data; boundary=m"}
        assert anna.ask("POST", "/console/import", headers=kind, body=body).status == 422


def counters_of(house: House) -> list[Any]:
    """Return the ledger without the news that webhooks are told."""
    return [item for item in house.items() if not item["pk"]["S"].startswith("NEWS#")]


def test_no_field_of_a_form_moves_a_counter(house: House, anna: Colleague) -> None:
    """Whatever a form names beside its fields is left out."""
    before = counters_of(house)
    form = urlencode({"csrf": anna.proof(), "paused": "no", "left": "9", "epoch": "99", "ver": "1"})
    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert anna.ask("POST", f"{HOME}/pause", headers=kind, body=form.encode()).status == 303
    assert counters_of(house) == before

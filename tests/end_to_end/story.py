"""The chapters of the day, in their order.

Rules kept here: what a chapter claims it has seen on a screen, on paper or in the district's own log; a case is
followed by its id alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.end_to_end import clerk, reviewer
from tests.end_to_end.people import GU, LIU
from tests.support import browser, leaks

if TYPE_CHECKING:
    from tests.end_to_end.road import Road
    from tests.end_to_end.window_desk import WindowDesk

FOOD, FOOD_QUESTIONS = "spjyxk", ("business", "place", "raw")
LEAST_BYTES = 8
"""A shorter value stands in so many megabytes of ciphertext by chance."""
INSTANT = "lnyd"
MOST_KEYS = 14
"""Beside the characters typed, with the applicant's card read."""
HEALTH, HEALTH_QUESTIONS = "公共场所", ("kind", "air")


def events(road: Road, case: str) -> list[str]:
    """The district's log of a case: the kinds of its records."""
    return [record["event"]["type"] for record in road.office.district.records(case)]


def recorded(road: Road, desk: WindowDesk, case: str, *kinds: str) -> None:
    """Until the district has these records of a case, which the desk sends."""
    while not set(kinds) <= set(events(road, case)):
        desk.wait("deeds answered", timeout=60)


def district(road: Road) -> None:
    """1. District: init, import of all rows, serve."""
    office = road.office
    with road.step("district begun, three levels of places") as facts:
        office.begin()
        facts.update(places=office.district.founded["places"], people=office.district.founded["people"])
    with road.step("catalogue imported") as facts:
        imported = office.district.run("catalog", "import")
        for source in imported["sources"]:
            assert source["loaded"] + source["refused"] == source["read"]
            facts[source["source"]] = f"{source['loaded']}+{source['refused']}={source['read']}"
        facts["sample"] = imported["sample"]
    with road.step("server serving desks and citizens; printer and scanners on"):
        office.open_doors()


def counter(road: Road) -> None:
    """2. Counter: enrol with a one-time code, sign in, the catalogue arrives."""
    with road.step("town counter enrolled by a one-time code; clerk signed in; catalogue here") as facts:
        road.counter = road.office.desk("counter", "fengqiao")
        road.counter.sign_in(road.office.district, "wuminmin")
        arrived = road.counter.desktop.now("catalogue arrived", timeout=60)
        road.counter.shot("home")
        facts.update(desk=road.counter.desktop.seen("enrolled")[0]["replica"], items=arrived["items"])


def instant(road: Road) -> None:
    """An ordinary instant case: applicant's card read, one material scanned, granted at the counter, handed out."""
    desk, office = road.counter, road.office
    with road.step("instant case accepted and granted in few keys beside the characters typed") as facts:
        case, facts["keys"] = clerk.instant_case(desk, INSTANT, LIU, office.glass, office.sane.pages[0])
        office.printed("receipt", "material_slip", "acceptance")
        assert facts["keys"] <= MOST_KEYS
        (applied,) = (
            r["event"]["applicant"] for r in office.district.records(case) if r["event"]["type"] == "Received"
        )
        assert applied["id_source"] == "CARD"
    with road.step("its decision printed, signed for, archived; nobody came twice"):
        desk.go("ctrl+4", "issues")
        clerk.open_case(desk, case)
        clerk.hand_out(desk)
        office.printed("grant", "certificate", "delivery")
        recorded(road, desk, case, "Accepted", "OpinionSigned", "Granted", "Delivered", "Archived")
        desk.go("F2", "intake")


def intake(road: Road) -> None:
    """3. Intake: item found, briefing, applicant, scanned materials, accepted, papers."""
    desk, office = road.counter, road.office
    with road.step("item found by an old name, by characters, by initials") as facts:
        found = {clerk.find_item(desk, query) for query in ("餐饮服务许可", "食品经营许可（新办）")}
        found.add(clerk.choose_item(desk, FOOD))
        assert len(found) == 1
        facts["item"] = found.pop()
    with road.step("briefing read; applicant and form typed, numbers checked"):
        clerk.brief(desk)
        clerk.describe(desk, FOOD_QUESTIONS, GU)
    with road.step("materials scanned by libsane: pages laid on the glass") as facts:
        pages = office.sane.pages
        clerk.scan(desk, 1, office.glass, pages[:2])
        for material, page in zip((2, 3, 5, 7), pages[2:], strict=True):
            clerk.scan(desk, material, office.glass, [page])
        facts["pages"] = len(pages)
    with road.step("the other scanner chosen; its feeder emptied") as facts:
        clerk.use_scanner(desk, 2)
        facts["pages"] = clerk.feed(desk, 6)
    with road.step("originals seen; received and accepted; receipt, slip and notice printed") as facts:
        clerk.see_originals(desk, 4, 5)
        desk.shot("intake_ready")
        road.first = clerk.accept(desk)
        desk.shot("intake_accepted")
        road.receipt, _, _ = office.printed("receipt", "material_slip", "acceptance")
        facts["bytes"] = len(road.receipt)
    with road.step("the district has the case and all of its pages") as facts:
        recorded(road, desk, road.first, "Received", "Accepted")
        desk.desktop.now("line", state="ONLINE", unsent=0, pages=0, timeout=60)
        facts["records"] = len(events(road, road.first))


def no_network(road: Road) -> None:
    """4. No network: a second case, SIGKILL, the item cancelled meanwhile, both arrive once."""
    desk, office = road.counter, road.office
    with road.step("server stopped; the window says so"):
        desk.desktop.mark()
        office.district.stop()
        desk.wait("line", state="OFFLINE", timeout=90)
        desk.shot("offline")
    with road.step("second case received without a line; its receipt printed") as facts:
        road.item = clerk.choose_item(desk, HEALTH)
        clerk.describe(desk, HEALTH_QUESTIONS, LIU)
        clerk.use_scanner(desk, 1)
        for material in range(1, 6):
            clerk.scan(desk, material, office.glass, office.sane.pages[:1])
        desk.shot("intake_offline")
        road.second = clerk.receive(desk)
        road.second_receipt, _ = office.printed("receipt", "material_slip")
        facts["unsent"] = desk.desktop.seen("line")[-1]["unsent"]
    with road.step("half a third case typed; program killed with SIGKILL; started again: nothing is missing") as facts:
        clerk.choose_item(desk, FOOD)
        clerk.describe(desk, FOOD_QUESTIONS[:1], GU)
        desk.wait("draft saved")
        desk.kill()
        desk.restart()
        desk.sign_in(office.district, "wuminmin")
        opened = desk.desktop.seen("store opened")[-1]
        assert opened["unsent"] > 0
        facts["unsent"] = opened["unsent"]
        desk.shot("drafts_after_kill")
        desk.go("ctrl+2", "cases")
        desk.shot("cases_after_kill")
    with road.step("item cancelled in the catalogue; server back"):
        office.district.run("catalog", "retire", road.item)
        office.district.start(web=True)
    with road.step("both cases at the district exactly once; the second irregular, never refused"):
        desk.desktop.now("line", state="ONLINE", unsent=0, pages=0, timeout=90)
        for case in (road.first, road.second):
            assert events(road, case).count("Received") == 1
        assert office.district.outcomes().keys() == {"RECORDED"}
        (received,) = (r for r in office.district.records(road.second) if r["event"]["type"] == "Received")
        assert received["irregular"] == ["ITEM_CANCELLED"]
        desk.go("ctrl+7", "sync")
        desk.shot("sync")


def first_decision(road: Road) -> None:
    """5a. Back office: claim, pages, opinion; the same person may not verify; a second person does; granted."""
    office = road.office
    with road.step("reviewer's desk enrolled; signed in with a second factor; the case is here"):
        road.market = office.desk("market", "hall", "market")
        road.market.sign_in(office.district, "xuwen")
        road.market.wait("case shown", case=road.first, state="ACCEPTED")
    with road.step("claimed; pages looked at; opinion signed"):
        reviewer.claim(road.market, road.first)
        reviewer.look_through(road.market)
        reviewer.sign(road.market, road.first)
    with road.step("the same person tries to verify and is refused") as facts:
        facts["reason"] = reviewer.try_to_verify(road.market)
        assert facts["reason"] == "SAME_PERSON"
        road.market.shot("review_same_person")
    with road.step("a second person at the same desk verifies; granted and ready to issue"):
        road.market.change_person(office.district, "guding")
        road.market.wait("case shown", case=road.first)
        reviewer.claim(road.market, road.first)
        road.counter.desktop.mark()
        reviewer.sign(road.market, road.first)
        assert "Granted" in events(road, road.first)


def second_decision(road: Road) -> None:
    """5b. The section tells its supplement once; another counter takes it in; accepted on that day; granted."""
    office = road.office
    with road.step("section tells its supplement, once; its notice printed"):
        road.health = office.desk("health", "hall", "health")
        road.health.sign_in(office.district, "dongping")
        reviewer.see_case(road.health, road.second, "RECEIVED")
        reviewer.claim(road.health, road.second)
        reviewer.tell_supplement(road.health, road.second)
        office.printed("supplement")
    with road.step("applicant brings it to another counter, by the receipt's code") as facts:
        code = office.code_of(road.second_receipt)
        other = office.desk("other-counter", "yuxin")
        other.sign_in(office.district, "panyan")
        clerk.find_by_code(other, code)
        clerk.bring(other, office.glass, office.sane.pages[1:2])
        office.printed("supplement_receipt")
        recorded(road, other, road.second, "SupplementBrought")
        facts["events"] = events(road, road.second).count("SupplementBrought")
    with road.step("section accepts it on the day all was in; reviewed") as facts:
        reviewer.see_case(road.health, road.second, "RECEIVED")
        reviewer.claim(road.health, road.second)
        reviewer.accept(road.health, road.second)
        (accepted,) = (r for r in office.district.records(road.second) if r["event"]["type"] == "Accepted")
        facts["accepted_on"] = accepted["event"]["accepted_on"]
        reviewer.claim(road.health, road.second)
        reviewer.sign(road.health, road.second)
    with road.step("verified by a second person; granted"):
        road.health.change_person(office.district, "fuheng")
        road.health.wait("case shown", case=road.second)
        reviewer.claim(road.health, road.second)
        reviewer.sign(road.health, road.second)
        assert "Granted" in events(road, road.second)


def issuance(road: Road) -> None:
    """6. Issuance: the decision came by push; papers print; the citizen signs; concluded, archived."""
    desk, office = road.counter, road.office
    with road.step("decision at the counter by push, without a click"):
        desk.wait("case changed", case=road.first)
    with road.step("decision, certificate and delivery receipt printed; signed for; concluded and archived"):
        desk.go("ctrl+4", "issues")
        desk.desktop.now("queue shown", screen="issues")
        desk.shot("issues")
        clerk.open_case(desk, road.first)
        clerk.hand_out(desk, "A0000001")
        office.printed("grant", "certificate", "delivery")
        recorded(road, desk, road.first, "Delivered", "Archived")


def citizen(road: Road) -> None:
    """7. Citizen: the code read back from the printed receipt opens the tracking page in a browser."""
    with road.step("code read back from the printed receipt opens the tracking page: no name, no number") as facts:
        url = road.office.code_of(road.receipt)
        text = browser.page_text(url)
        number = road.office.district.records(road.first)[0]["event"]["number"]
        assert not [secret for secret in (*GU.secrets, *LIU.secrets, number) if secret in text]
        assert all(stage in text for stage in ("收件", "受理"))
        browser.screenshot(url, road.office.pictures / "citizen" / "tracking-phone.png", 390, 844)
        browser.screenshot(url, road.office.pictures / "citizen" / "tracking-desktop.png")
        facts["letters"] = len(text)
    with road.step("nothing of the citizens can be read on any desk's disk") as facts:
        folders = (road.office.folder / "desks", road.office.temporary)
        planted = leaks.in_each_encoding(*GU.secrets, *LIU.secrets)
        long = {label: value for label, value in planted.items() if len(value) >= LEAST_BYTES}
        assert leaks.found(long, *folders) == set()
        facts["values"], facts["files"] = len(long), sum(len(road.office.names(folder)) for folder in folders)


STORY: tuple[Any, ...] = (
    district,
    counter,
    instant,
    intake,
    no_network,
    first_decision,
    second_decision,
    issuance,
    citizen,
)

"""Whatever a reporter writes stays text: nothing of it runs, loads or opens on any page of the office."""

import re
from uuid import uuid4

import pytest

from models import Case, LedgerItem, Mission, Observation, Organisation, Problem, TeamMember
from models.vocabulary import Role
from server.kernel.clock import business_date
from tests.conftest import a_report

PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'>",
    "<a href=javascript:alert(1) autofocus onfocus=alert(1)>x</a>",
    "{{ 7 * 7 }}{% raw %}${alert(1)}",
    "<div hx-get=/console/journal hx-trigger=load hx-on:load=alert(1)>",
    "<style>@import '//evil.example/x.css'</style><link rel=stylesheet href=//evil.example>",
    "--><script>alert(1)</script><!--",
    "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
]
HOSTILE = "".join(PAYLOADS)
OF_OFFICE = (  # what units read is refused if it repeats the reporter's own words
    "<marquee onstart=confirm(1)>跑</marquee><b>x</b><details open ontoggle=confirm(2)>"
    "<video src=y onerror=confirm(3)><body onload=confirm(4)>"
)
ALIVE = "main script, main iframe, main img[src=x], main b:text-is('x'), main marquee, [onerror], [onfocus], [onload]"


@pytest.fixture
async def hostile(office):
    """A registered, a declined and a waiting report, amended, with hostile text in every field."""
    laoma = await office.phone_of("老马")
    chen = await office.desk_of("小陈<img src=x onerror=alert(2)>")
    for number, payload in enumerate(PAYLOADS[:3]):
        client_id = uuid4()
        report = a_report(text=f"{number}{HOSTILE}")
        report["place"] |= {"name": (payload + PAYLOADS[5 + number])[:120]}
        answer = await laoma.submit(report, client_id)
        assert answer.status_code == 201, answer.text
        report["text"] = f"改{number}{HOSTILE}"
        await laoma.put(f"/observations/{client_id}/revisions/1", json=report)
    first, second, _ = await Observation.all().order_by("received_at")
    form = {
        "version": first.version,
        "title": PAYLOADS[1],
        "kind": "problem",
        "summary": OF_OFFICE,
        "place_name": PAYLOADS[2],
    }
    assert (await chen.post(f"/review/{first.id}/acceptance", form, part=True)).status_code == 200
    form = {"version": second.version, "reason": "not_reform", "words": HOSTILE[:400]}
    assert (await chen.post(f"/review/{second.id}/refusal", form, part=True)).status_code == 200
    return chen


async def test_nothing_a_reporter_wrote_runs_on_any_page(office, window, hostile):
    observations = await Observation.all()
    item = await LedgerItem.get()
    pages = ["/console", "/console/review", "/console/review?show=decided", "/console/ledger"]
    pages += [f"/console/review/{one.id}" for one in observations]
    pages += [f"/console/ledger/{item.id}", "/console/ledger?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E"]
    pages += [
        "/verify/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "/console/sign-in?next=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
    ]
    office.asked = []

    async with window(hostile) as desk:
        desk.page.on("request", lambda request: office.asked.append(request.url))
        for path in pages:
            await desk.open(path)
            assert await desk.page.locator(ALIVE).count() == 0

    foreign = [
        url for url in office.asked if not url.startswith(office.base_url) and not url.startswith("data:")
    ]
    assert foreign == []


async def test_nothing_an_official_wrote_runs_on_any_page(office, window, hostile):
    luo = await office.desk_of("罗主任", Role.OFFICE_LEAD)
    pages = await written_by_officials(office, chen=hostile, luo=luo)
    asked = []

    async with window(luo) as desk:
        desk.page.on("request", lambda request: asked.append(request.url))
        for path in pages:
            await desk.open(path)
            assert (path, await desk.page.locator(ALIVE).count()) == (path, 0)

    assert [url for url in asked if not url.startswith((office.base_url, "data:"))] == []


async def written_by_officials(office, *, chen, luo):
    """Fill every field of cases, problems, missions, team, people and units with hostile text; return their pages."""
    item, day = await LedgerItem.get(), business_date(office.watch.now()).isoformat()
    chosen = {"version": item.version, "unit": "市住建局", "days": 5, "words": HOSTILE[:500]}
    words = OF_OFFICE
    deeds = [(chen, f"/ledger/{item.id}/dispatches", chosen)]
    case = {"item_id": item.id, "summary": words, "place_name": words[:60], "narrow_because": words}
    deeds.append((chen, "/cases", case | {"seen_on": day, "seen_part": "day"}))
    said = {"title": PAYLOADS[0], "summary": words, "place_name": PAYLOADS[1], "source_words": PAYLOADS[3]}
    deeds.append((chen, "/problems", said | {"source": "by_hand"}))
    auditor = {"designation": PAYLOADS[0], "role": "auditor", "title": PAYLOADS[1]}
    deeds.append((luo, "/people", auditor | {"organisation_id": office.root.id}))
    await office.enrol(PAYLOADS[1], Role.CITIZEN)
    deeds.append((chen, "/team", {"designation": PAYLOADS[1], "source": "citizen", "unit": "改革办"}))
    route = f"{PAYLOADS[2]}：{PAYLOADS[1]}；{PAYLOADS[3]}"
    mission = {"title": PAYLOADS[1], "planned_on": day, "stops": route, "brief": HOSTILE[:900]}
    deeds.append((chen, "/missions", mission))
    deeds.append((chen, "/views/ledger", {"name": PAYLOADS[0][:30], "kind": "problem"}))
    unit = {"name": f"{PAYLOADS[1]}", "short_name": "<b>x</b>", "series": "<i>s</i>"}
    unit |= {"kind": "responsible_unit", "below": office.root.id}
    deeds.append((luo, "/people/organisations", unit))
    for desk, path, form in deeds:
        answer = await desk.post(path, form)
        assert answer.status_code == 303, (path, re.findall("<h1>.*?</p>", answer.text, re.S))
    member, organisation = await TeamMember.get(), await Organisation.get(name=PAYLOADS[1])
    training = {"subject": PAYLOADS[1], "held_on": day, "hours": 2}
    await chen.post(f"/team/{member.id}/trainings", training)
    rename = {"name": PAYLOADS[0], "short_name": "<u>y</u>"}
    await luo.post(f"/people/organisations/{organisation.id}/name", rename)
    things = [f"/cases/{(await Case.get()).id}", f"/problems/{(await Problem.get()).id}"]
    things += [f"/missions/{(await Mission.get()).id}", f"/team/{member.id}", f"/ledger/{item.id}"]
    things += [f"/people/organisations/{organisation.id}", f"/cases/new?item_id={item.id}"]
    lists = ["/cases", "/problems", "/missions", "/team", "/ledger", "/map", "/cockpit", "/journal"]
    lists += ["/people", "/people/organisations", "/people/new", "/people/organisations/new", "/exports"]
    return [f"/console{path}" for path in [*things, *lists]]


async def test_an_injected_script_would_still_not_run(office, window):
    """The policy is the second barrier: even markup that gets past the escaping does nothing."""
    auditor = await office.desk_of("老郑", Role.AUDITOR)

    async with window(auditor) as desk:
        desk.expected = ""  # each attempt is noted
        await desk.open("/console")
        ran = await desk.page.evaluate(
            """async () => {
                window.ran = [];
                document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="window.ran.push(1)">');
                const script = document.createElement('script');
                script.textContent = 'window.ran.push(2)';
                document.body.append(script);
                await new Promise((done) => setTimeout(done, 300));
                return window.ran;
            }"""
        )
        assert ran == []

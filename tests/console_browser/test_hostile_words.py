"""Whatever a reporter writes is words: nothing of it runs, loads or opens on any page of the office."""

from uuid import uuid4

import pytest

from models import LedgerItem, Observation
from models.vocabulary import Role
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


@pytest.fixture
async def hostile(office):
    """A registered, a declined and a waiting report, amended, every field of them hostile."""
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
        "summary": HOSTILE,
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
            assert (
                await desk.page.locator(
                    "main script, main iframe, main img[src=x], [onerror], [onfocus]"
                ).count()
                == 0
            )

    foreign = [
        url for url in office.asked if not url.startswith(office.base_url) and not url.startswith("data:")
    ]
    assert foreign == []


async def test_an_injected_script_would_still_not_run(office, window):
    """The policy is the second wall: even markup that got past the escaping is dead."""
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

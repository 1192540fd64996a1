"""What a sealed report writes is committed to like everything else, and the ledger verifies at each step."""

from server import anchoring, sealed
from server.verifying import verify


async def test_the_ledger_verifies_while_a_sealed_report_comes_waits_and_is_entered(
    city, sealer, database_url
):
    async def verified():
        await anchoring.close_block()
        return await verify(database_url)

    await sealer.submit()
    assert (await verified()).faults == []
    await sealer.upload(sealer.pictures[0])
    before = await verified()
    assert before.faults == []
    await sealed.enter_arrivals()
    after = await verified()
    assert after.faults == []
    assert after.counted["versions"] > before.counted["versions"]

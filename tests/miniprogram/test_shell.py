"""The shell of the mini-program: it opens, knows its user, and shows each person their areas."""

from models.vocabulary import Role


async def test_it_opens_and_greets_whom_the_phone_belongs_to(handset):
    phone = await handset("老马")
    await phone.says("老马，您好")
    await phone.tap("我的上报", role="tab")
    await phone.says("还没有上报。")


async def test_the_ledger_is_there_only_for_those_who_may_see_it(handset):
    volunteer = await handset("老马")
    await volunteer.says("老马，您好")
    assert await volunteer.page.get_by_role("tab", name="待办").count() == 0
    commissioner = await handset("王科长", Role.COMMISSIONER)
    await commissioner.tap("待办", role="tab")
    await commissioner.says("没有待办事项。")


async def test_it_opens_without_a_network(handset):
    phone = await handset("老马")
    await phone.says("老马，您好")
    phone.line.is_dead = True
    await phone.kill_and_reopen()
    await phone.says("老马，您好")

import { looks } from '../../../../behaviors/looks'
import { keptMissions, MissionLine, missions } from '../../../../services/missions'
import { Trouble, troubleOf } from '../../../../services/refusal'
import { dayWords } from '../../../../services/words'

type Line = MissionLine & { on: string }

Page({
  behaviors: [looks],
  data: { items: [] as Line[], cursor: null as string | null, loaded: false, trouble: null as Trouble | null },
  onShow() {
    this.draw(keptMissions())
    void this.load()
  },
  async onPullDownRefresh() {
    await this.load()
    await wx.stopPullDownRefresh()
  },
  async load() {
    try {
      const page = await missions()
      this.draw(page.items)
      this.setData({ cursor: page.cursor, loaded: true, trouble: null })
    } catch (error) {
      this.setData({ trouble: troubleOf(error) })
    }
  },
  async onMore() {
    try {
      const page = await missions(this.data.items, this.data.cursor)
      this.draw(page.items)
      this.setData({ cursor: page.cursor, trouble: null })
    } catch (error) {
      this.setData({ trouble: troubleOf(error) })
    }
  },
  draw(lines: MissionLine[]) {
    this.setData({ items: lines.map((one) => ({ ...one, on: dayWords(one.planned_on) })) })
  },
  onAgain() {
    void this.load()
  },
  onOpen(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { id: string }>) {
    void wx.navigateTo({ url: `/packages/team/pages/mission/mission?id=${event.currentTarget.dataset.id}` })
  },
})

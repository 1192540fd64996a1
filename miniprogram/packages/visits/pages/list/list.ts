import { looks } from '../../../../behaviors/looks'
import { Trouble, troubleOf } from '../../../../services/refusal'
import { keptVisits, VisitLine, visits } from '../../../../services/visits'
import { dayWords } from '../../../../services/words'

type Line = VisitLine & { on: string }

Page({
  behaviors: [looks],
  data: { items: [] as Line[], loaded: false, trouble: null as Trouble | null },
  onShow() {
    this.draw(keptVisits())
    void this.load()
  },
  async onPullDownRefresh() {
    await this.load()
    await wx.stopPullDownRefresh()
  },
  async load() {
    try {
      this.draw(await visits())
      this.setData({ loaded: true, trouble: null })
    } catch (error) {
      this.setData({ trouble: troubleOf(error) })
    }
  },
  draw(lines: VisitLine[]) {
    this.setData({ items: lines.map((one) => ({ ...one, on: dayWords(one.held_on) })) })
  },
  onAgain() {
    void this.load()
  },
  onOpen(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { id: string }>) {
    void wx.navigateTo({ url: `/packages/visits/pages/visit/visit?id=${event.currentTarget.dataset.id}` })
  },
})

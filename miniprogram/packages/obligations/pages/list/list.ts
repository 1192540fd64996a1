import { looks } from '../../../../behaviors/looks'
import { carryFiles, filesWaiting, obligations, Owed, Row, toneOf, wallOf } from '../../../../services/obligations'
import { tell, Trouble, troubleOf } from '../../../../services/refusal'
import { dayWords } from '../../../../services/words'

interface Line {
  id: string
  line: Owed
  tone: string
  until: string
}
interface Count {
  state: string
  label: string
  count: number
}

Page({
  behaviors: [looks],
  data: { year: new Date().getFullYear(), wall: false, todo: [] as Line[], rows: [] as Row[], counts: [] as Count[], waiting: 0, loaded: false, trouble: null as Trouble | null },
  onShow() {
    void this.load()
  },
  async onPullDownRefresh() {
    await this.load()
    await wx.stopPullDownRefresh()
  },
  onAgain() {
    void this.load()
  },
  async load() {
    try {
      const told = await obligations({ year: this.data.year })
      const open = told.items.filter((one) => ['open', 'due_soon', 'unmet'].includes(one.state))
      const todo = open.map((line) => ({ id: line.id, line, tone: toneOf(line.state), until: dayWords(line.due_on) }))
      this.setData({ todo, rows: wallOf(told.items), counts: told.counts.filter((one) => one.count), loaded: true, trouble: null })
    } catch (error) {
      this.setData({ trouble: troubleOf(error) })
    }
    await carryFiles().catch(tell)
    this.setData({ waiting: filesWaiting() })
  },
  onView(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { wall: boolean }>) {
    this.setData({ wall: event.currentTarget.dataset.wall })
  },
  onYear(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { by: number }>) {
    this.setData({ year: this.data.year + event.currentTarget.dataset.by })
    void this.load()
  },
  onOpen(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { id: string }>) {
    const { id } = event.currentTarget.dataset
    if (id) void wx.navigateTo({ url: `/packages/obligations/pages/obligation/obligation?id=${id}` })
  },
})

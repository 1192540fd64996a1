import { looks } from '../../../../behaviors/looks'
import { Trouble, troubleOf } from '../../../../services/refusal'
import { ReviewLine, reviews, Show, SHOWS } from '../../../../services/reviews'

Page({
  behaviors: [looks],
  data: { show: 'waiting' as Show, shows: SHOWS, items: [] as ReviewLine[], total: 0, cursor: null as string | null, loaded: false, trouble: null as Trouble | null },
  onLoad({ show = 'waiting' }: { show?: Show }) {
    this.setData({ show })
  },
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
  async load(cursor: string | null = null) {
    try {
      const page = await reviews(this.data.show, cursor)
      const before = cursor ? this.data.items : []
      this.setData({ items: [...before, ...page.items], total: page.total, cursor: page.cursor, loaded: true, trouble: null })
    } catch (error) {
      this.setData({ trouble: troubleOf(error) })
    }
  },
  onMore() {
    void this.load(this.data.cursor)
  },
  onLine(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { value: Show }>) {
    this.setData({ show: event.currentTarget.dataset.value, items: [], loaded: false })
    void this.load()
  },
  onOpen(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { id: string }>) {
    void wx.navigateTo({ url: `/packages/review/pages/report/report?id=${event.currentTarget.dataset.id}` })
  },
  onFirst() {
    void wx.navigateTo({ url: `/packages/review/pages/report/report?id=${this.data.items[0]!.id}` })
  },
})

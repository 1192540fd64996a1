import { looks } from '../../behaviors/looks'
import { tab } from '../../behaviors/tab'
import { get } from '../../services/door'
import { wordsOf } from '../../services/refusal'

interface Line {
  id: string
  number: string
  state_label: string
  title: string
}

Page({
  behaviors: [looks, tab],
  data: { items: [] as Line[], trouble: '' },
  onShow() {
    void this.load()
  },
  async onPullDownRefresh() {
    await this.load()
    await wx.stopPullDownRefresh()
  },
  async load() {
    try {
      const page = await get<{ items: Line[] }>('/ledger-items')
      this.setData({ items: page.items, trouble: '' })
    } catch (error) {
      this.setData({ trouble: wordsOf(error).title })
    }
  },
})

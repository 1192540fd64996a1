import { looks } from '../../../../behaviors/looks'
import { clearTraces, keptReports } from '../../../../services/sealed'
import { dayOfMomentWords } from '../../../../services/words'

Page({
  behaviors: [looks],
  data: { items: [] as { number: string; when: string; uncopied: boolean }[], isRead: false },
  onShow() {
    void this.draw()
  },
  async draw() {
    const kept = await keptReports()
    const items = kept.map(({ number, received_at, code }) => ({ number, when: dayOfMomentWords(received_at), uncopied: !!code }))
    this.setData({ items, isRead: true })
  },
  onOne(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { number: string }>) {
    void wx.navigateTo({ url: `/packages/sealed/pages/one/one?number=${event.currentTarget.dataset.number}` })
  },
  onRestore() {
    void wx.navigateTo({ url: '/packages/sealed/pages/restore/restore' })
  },
  async onClear() {
    const content = '这部手机上不再看得到密封上报过的痕迹。没有抄下取件码的，以后就找不回来了。'
    const asked = await wx.showModal({ title: '清除痕迹？', content, confirmText: '清除', cancelText: '留着' })
    if (!asked.confirm) return
    await clearTraces()
    await this.draw()
  },
})

import { looks } from '../../../../behaviors/looks'
import { codeIn, joinWith } from '../../../../services/account'
import { wordsOf } from '../../../../services/refusal'
import { Duty } from '../../../../services/session'

const SHORTEST = 6

Page({
  behaviors: [looks],
  data: { code: '', joining: false, joined: false, name: '', duties: [] as Duty[], trouble: '' },
  // A scanned mini-program code carries the invitation as scene=…, a link as code=….
  onLoad({ code = '', scene = '' }: { code?: string; scene?: string }) {
    if (code || scene) this.setData({ code: codeIn(decodeURIComponent(code || scene)) })
  },
  onCode(event: WechatMiniprogram.Input) {
    this.setData({ code: event.detail.value, trouble: '' })
  },
  async onScan() {
    const scanned = await wx.scanCode({ scanType: ['qrCode', 'wxCode' as 'qrCode'] }).catch(() => null)
    if (!scanned) return
    const { path } = scanned as { path?: string }
    this.setData({ code: codeIn(path || scanned.result) })
    await this.onJoin()
  },
  async onJoin() {
    const code = codeIn(this.data.code)
    if (code.length < SHORTEST || this.data.joining) return
    this.setData({ joining: true })
    try {
      const { person } = await joinWith(code)
      this.setData({ joined: true, name: person.designation, duties: person.duties })
    } catch (error) {
      const { title, hint } = wordsOf(error)
      this.setData({ trouble: title + hint })
    }
    this.setData({ joining: false })
  },
  onStart() {
    void wx.switchTab({ url: '/pages/home/home' })
  },
})

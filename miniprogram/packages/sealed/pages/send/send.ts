import { looks } from '../../../../behaviors/looks'
import { draft } from '../../../../services/drafts'
import { wordsOf } from '../../../../services/refusal'
import { digitsIn, groupsOf } from '../../../../services/sealing'
import { codeIsCopied, NoTicket, NotAJpeg, sendSealed, Sent } from '../../../../services/sealed'

type Stage = 'asking' | 'sending' | 'paper' | 'done'

Page({
  behaviors: [looks],
  data: { id: '', stage: 'asking' as Stage, trouble: '', groups: [] as string[], sent: null as Sent | null, typed: '', wrong: '' },
  onLoad(asked: Record<string, string | undefined>) {
    this.setData({ id: asked.id ?? '' })
  },
  async onSend() {
    const one = draft(this.data.id)
    if (!one || this.data.stage !== 'asking') return
    this.setData({ stage: 'sending', trouble: '' })
    try {
      const sent = await sendSealed(one)
      this.setData({ stage: 'paper', sent, groups: groupsOf(sent.code) })
    } catch (error) {
      this.setData({ stage: 'asking', trouble: troubleWords(error) })
    }
  },
  onTyped(event: WechatMiniprogram.CustomEvent<{ value: string }>) {
    this.setData({ typed: digitsIn(event.detail.value), wrong: '' })
  },
  async onCheck() {
    const { typed, sent } = this.data
    if (!sent || typed.length !== 4) return
    if (!sent.code.endsWith(typed)) {
      this.setData({ wrong: '取件码不对，请看第几组抄错了。' })
      return
    }
    await codeIsCopied(sent.number)
    this.setData({ stage: 'done', groups: [] })
  },
  onEdit() {
    void wx.redirectTo({ url: `/pages/report/report?id=${this.data.id}` })
  },
  onShelf() {
    void wx.redirectTo({ url: '/packages/sealed/pages/shelf/shelf' })
  },
  onHome() {
    void wx.switchTab({ url: '/pages/home/home' })
  },
})

function troubleWords(error: unknown): string {
  if (error instanceof NoTicket) return '今天的密封凭证用完了。内容还在手机上，明天打开小程序会自动领取。'
  if (error instanceof NotAJpeg) return '有一张照片的格式不能用密封方式上报。请换一张直接拍的照片。'
  const { title, hint } = wordsOf(error)
  return `${title}${hint}`
}

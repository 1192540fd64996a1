import { looks } from '../../../../behaviors/looks'
import { askWithin, prepare } from '../../../../services/asking'
import { addressOf } from '../../../../services/config'
import { newId } from '../../../../services/ids'
import { largest } from '../../../../services/ledger'
import { doStep, Letter, letter as fetchLetter, LetterReply, toneOf } from '../../../../services/letters'
import { Refusal, tell, Trouble, troubleOf } from '../../../../services/refusal'
import { noteOpening } from '../../../../services/reminders'
import { dayWords, momentWords } from '../../../../services/words'

interface Button {
  step: string
  label: string
}
// What is done with one tap, and what is written first; the order is that of the buttons.
const AT_ONCE: Record<string, { noun: string; label: string; done: string }> = {
  acknowledge: { noun: 'receipt', label: '签收', done: '已签收。' },
  sign_off: { noun: 'sign-off', label: '签发', done: '已签发，文号已生成并送达。' },
}
const WRITTEN: Record<string, { step: string; label: string }> = {
  reply: { step: 'reply', label: '填写反馈' },
  accept: { step: 'decide', label: '审核反馈' },
  send_back: { step: 'send_back', label: '退回修改' },
}

Page({
  behaviors: [looks],
  data: {
    id: '',
    told: null as Letter | null,
    tone: '',
    issuedOn: '',
    receivedAt: '',
    pages: [] as string[],
    replies: [] as object[],
    now: [] as Button[],
    written: [] as Button[],
    sending: false,
    trouble: null as Trouble | null,
  },
  key: '',
  onLoad({ id = '', m = '' }: { id?: string; m?: string }) {
    this.setData({ id })
    noteOpening(m)
    void prepare('handled')
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
  async load() {
    try {
      this.key = await newId()
      this.show(await fetchLetter(this.data.id))
    } catch (error) {
      this.setData({ trouble: troubleOf(error) })
    }
  },
  show(told: Letter) {
    void wx.setNavigationBarTitle({ title: told.line.kind_label })
    const open = told.open_steps
    this.setData({
      told,
      tone: toneOf(told.line),
      issuedOn: told.line.issued_on ? dayWords(told.line.issued_on) : '',
      receivedAt: told.received_at ? momentWords(told.received_at) : '',
      pages: told.paper.pages.map(addressOf),
      replies: told.replies.map(replyCard),
      now: open.filter((step) => AT_ONCE[step]).map((step) => ({ step, label: AT_ONCE[step]!.label })),
      written: open.filter((step) => WRITTEN[step]).map((step) => WRITTEN[step]!),
      trouble: null,
    })
  },
  onPage(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { src: string }>) {
    void wx.previewImage({ current: event.currentTarget.dataset.src, urls: this.data.pages })
  },
  onPicture(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { src: string }>) {
    void wx.previewImage({ current: event.currentTarget.dataset.src, urls: [event.currentTarget.dataset.src] })
  },
  onItem() {
    void wx.navigateTo({ url: `/packages/ledger/pages/item/item?id=${this.data.told!.ledger_item_id}` })
  },
  onWrite(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { step: string }>) {
    void wx.navigateTo({ url: `/packages/letters/pages/answer/answer?id=${this.data.id}&step=${event.currentTarget.dataset.step}` })
  },
  onNow(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { step: string }>) {
    if (!this.data.sending) void this.doNow(event.currentTarget.dataset.step, askWithin('handled'))
  },
  async doNow(step: string, asked: Promise<void>) {
    const { noun, done } = AT_ONCE[step]!
    this.setData({ sending: true })
    try {
      this.show(await doStep(this.data.id, noun, this.key, { version: this.data.told!.version }))
      await asked
      void wx.showToast({ title: done, icon: 'none' })
    } catch (error) {
      await tell(error)
      if (error instanceof Refusal) await this.load()
    }
    this.setData({ sending: false })
  },
})

function replyCard(one: LetterReply, index: number): object {
  const verdict = one.is_accepted === null ? '等待改革办审核' : one.is_accepted ? '已认可' : '已退回'
  return {
    key: index,
    by: `${one.by}　${momentWords(one.replied_at)}${one.is_late ? '（逾期）' : ''}`,
    text: one.text,
    verdict: one.words ? `${verdict}：${one.words}` : verdict,
    pictures: one.pictures.map(largest).filter(Boolean).map(addressOf),
  }
}

import { looks } from '../../../../behaviors/looks'
import { askWithin, prepare } from '../../../../services/asking'
import { addressOf } from '../../../../services/config'
import { newId } from '../../../../services/ids'
import { answerCase, Case, largest, seeCase } from '../../../../services/ledger'
import { Refusal, tell, wordsOf } from '../../../../services/refusal'
import { dayWords } from '../../../../services/words'

Page({
  behaviors: [looks],
  data: { id: '', told: null as Case | null, pictures: [] as string[], answers: [] as object[], words: '', blank: true, sending: false, trouble: '' },
  key: '',
  onLoad({ id = '' }: { id?: string }) {
    this.setData({ id })
    void prepare('handled')
    void this.load()
  },
  async load() {
    try {
      this.key = await newId()
      this.draw(await seeCase(this.data.id))
    } catch (error) {
      const { title, hint } = wordsOf(error)
      this.setData({ trouble: title + hint })
    }
  },
  draw(told: Case) {
    this.setData({
      told,
      pictures: told.pictures.map(largest).filter(Boolean).map(addressOf),
      answers: told.answers.map((one, key) => ({ key, text: one.text, on: dayWords(one.answered_on) })),
      trouble: '',
    })
  },
  onItem() {
    void wx.navigateTo({ url: `/packages/ledger/pages/item/item?id=${this.data.told!.ledger_item_id}` })
  },
  onLook(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { src: string }>) {
    void wx.previewImage({ current: event.currentTarget.dataset.src, urls: this.data.pictures })
  },
  onWords(event: WechatMiniprogram.Input) {
    this.setData({ words: event.detail.value, blank: !event.detail.value.trim() })
  },
  onAnswer() {
    if (!this.data.blank && !this.data.sending) void this.answer(askWithin('handled'))
  },
  async answer(asked: Promise<void>) {
    this.setData({ sending: true })
    try {
      this.draw(await answerCase(this.data.id, this.key, this.data.words.trim()))
      await asked
      this.key = await newId()
      this.setData({ words: '', blank: true })
      void wx.showToast({ title: '已答复改革办。', icon: 'none' })
    } catch (error) {
      if (error instanceof Refusal) this.key = await newId()
      await tell(error)
    }
    this.setData({ sending: false })
  },
})

import { looks } from '../../../../behaviors/looks'
import { askWithin, prepare } from '../../../../services/asking'
import { addressOf } from '../../../../services/config'
import { newId } from '../../../../services/ids'
import { answerCase, Case, largest, seeCase } from '../../../../services/ledger'
import { begun, UnsentMessage, unsent } from '../../../../services/unsent_messages'
import { Refusal, tell, Trouble, troubleOf } from '../../../../services/refusal'
import { dayWords } from '../../../../services/words'

Page({
  behaviors: [looks],
  data: { id: '', told: null as Case | null, pictures: [] as string[], answers: [] as object[], words: '', blank: true, sending: false, trouble: null as Trouble | null },
  draft: null as UnsentMessage | null,
  onLoad({ id = '' }: { id?: string }) {
    this.setData({ id })
    void prepare('handled')
    void this.load()
  },
  async load() {
    try {
      await this.takeUp()
      this.draw(await seeCase(this.data.id))
    } catch (error) {
      this.setData({ trouble: troubleOf(error) })
    }
  },
  onAgain() {
    void this.load()
  },
  async takeUp() {
    const draft = await begun('answer', this.data.id)
    this.draft = draft
    this.setData({ words: draft.words, blank: !draft.words.trim() })
  },
  keep(changes: Partial<UnsentMessage>) {
    this.draft = { ...this.draft!, ...changes }
    unsent('answer', this.data.id).set(this.draft)
  },
  draw(told: Case) {
    this.setData({
      told,
      pictures: told.pictures.map(largest).filter(Boolean).map(addressOf),
      answers: told.answers.map((one, key) => ({ key, text: one.text, on: dayWords(one.answered_on) })),
      trouble: null,
    })
  },
  onItem() {
    void wx.navigateTo({ url: `/packages/ledger/pages/item/item?id=${this.data.told!.ledger_item_id}` })
  },
  onLook(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { src: string }>) {
    void wx.previewImage({ current: event.currentTarget.dataset.src, urls: this.data.pictures })
  },
  onWords(event: WechatMiniprogram.Input) {
    this.keep({ words: event.detail.value })
    this.setData({ words: event.detail.value, blank: !event.detail.value.trim() })
  },
  onAnswer() {
    if (!this.data.blank && !this.data.sending) void this.answer(askWithin('handled'))
  },
  async answer(asked: Promise<void>) {
    this.setData({ sending: true })
    try {
      const told = await answerCase(this.data.id, this.draft!.key, this.data.words.trim())
      unsent('answer', this.data.id).clear()
      await this.takeUp()
      this.draw(told)
      await asked
      void wx.showToast({ title: '已答复改革办。', icon: 'none' })
    } catch (error) {
      if (error instanceof Refusal) this.keep({ key: await newId() })
      await tell(error)
    }
    this.setData({ sending: false })
  },
})

import { looks } from '../../../../behaviors/looks'
import { askWithin, prepare } from '../../../../services/asking'
import { dropFile } from '../../../../services/deeds'
import { newId } from '../../../../services/ids'
import { keepEvidence, overWords } from '../../../../services/keeping_evidence'
import { Answer, answerOf, AnswerStep, lackingIn, Letter, letter as fetchLetter, sendAnswer } from '../../../../services/letters'
import { Refusal, tell, Trouble, troubleOf } from '../../../../services/refusal'
import { takePhotos } from '../../../../services/taking_photos'

const STEPS: Record<AnswerStep, { title: string; label: string; button: string; done: string }> = {
  reply: { title: '填写反馈', label: '办理情况、存在的困难和下一步安排', button: '提交反馈', done: '已反馈，等待改革办审核。' },
  decide: { title: '审核反馈', label: '给单位的话', button: '提交审核结果', done: '审核结果已记下。' },
  send_back: { title: '退回修改', label: '哪里要修改', button: '退回起草人', done: '已退回起草人。' },
}

Page({
  behaviors: [looks],
  data: {
    id: '',
    step: 'reply' as AnswerStep,
    label: '',
    button: '',
    told: null as Letter | null,
    given: '',
    form: null as Answer | null,
    shown: [] as object[],
    lacks: '',
    sending: false,
    trouble: null as Trouble | null,
  },
  onLoad({ id = '', step = 'reply' }: { id?: string; step?: string }) {
    const of = STEPS[step as AnswerStep]
    this.setData({ id, step: step as AnswerStep, label: of.label, button: of.button })
    void wx.setNavigationBarTitle({ title: of.title })
    void prepare('handled')
    void this.load()
  },
  onAgain() {
    void this.load()
  },
  async load() {
    try {
      const told = await fetchLetter(this.data.id)
      const kept = answerOf(this.data.id, this.data.step).get()
      const form = kept ?? { key: await newId(), version: told.version, words: '', accepted: null, photos: [] }
      this.setData({ told, given: told.replies[told.replies.length - 1]?.text ?? '', trouble: null })
      this.change(form)
    } catch (error) {
      this.setData({ trouble: troubleOf(error) })
    }
  },
  change(changes: Partial<Answer>) {
    const form = { ...(this.data.form ?? ({} as Answer)), ...changes }
    answerOf(this.data.id, this.data.step).set(form)
    this.setData({ form, shown: form.photos.map(({ sha256, path }) => ({ key: sha256, src: path, words: '' })), lacks: lackingIn(this.data.step, form) })
  },
  onVerdict(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { value: boolean }>) {
    this.change({ accepted: event.currentTarget.dataset.value })
  },
  onWords(event: WechatMiniprogram.Input) {
    this.change({ words: event.detail.value })
  },
  async onAdd() {
    const there = this.data.form!.photos
    try {
      const taken = await takePhotos()
      if (taken.length) this.change({ photos: keepEvidence(taken, 'after', there) })
      const over = overWords(taken.length, there.length)
      if (over) await wx.showToast({ title: over, icon: 'none' })
    } catch (error) {
      await tell(error)
    }
  },
  onDrop(event: WechatMiniprogram.CustomEvent<{ key: string }>) {
    const gone = this.data.form!.photos.find((photo) => photo.sha256 === event.detail.key)
    if (gone) dropFile(gone)
    this.change({ photos: this.data.form!.photos.filter((photo) => photo !== gone) })
  },
  onSubmit() {
    if (!this.data.lacks && !this.data.sending) void this.submit(askWithin('handled'))
  },
  async submit(asked: Promise<void>) {
    const { id, step } = this.data
    this.setData({ sending: true })
    try {
      await sendAnswer(id, step, this.data.form!)
      await asked
      void wx.showToast({ title: STEPS[step].done, icon: 'none' })
      await wx.navigateBack()
    } catch (error) {
      this.setData({ sending: false })
      if (error instanceof Refusal) await this.beginAnew()
      await tell(error)
    }
  },
  /** The office said no: what was written stays, as a new step on the letter as it now stands. */
  async beginAnew() {
    const told = await fetchLetter(this.data.id).catch(() => this.data.told!)
    this.setData({ told })
    this.change({ key: await newId(), version: told.version })
  },
})

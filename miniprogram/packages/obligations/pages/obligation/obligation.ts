import { looks } from '../../../../behaviors/looks'
import { chosenInChat } from '../../../../services/choosing_originals'
import { dropFile } from '../../../../services/deeds'
import { newId } from '../../../../services/ids'
import { keepEvidence, overWords } from '../../../../services/keeping_evidence'
import { formOf, handIn, HandIn, lackingIn, Obligation, obligation, toneOf } from '../../../../services/obligations'
import { Refusal, tell, Trouble, troubleOf } from '../../../../services/refusal'
import { takePhotos } from '../../../../services/taking_photos'
import { today } from '../../../../services/tickets'
import { dayWords, momentWords } from '../../../../services/words'

Page({
  behaviors: [looks],
  data: {
    id: '',
    told: null as Obligation | null,
    tone: '',
    until: '',
    latest: '',
    proofs: [] as object[],
    form: null as HandIn | null,
    lacks: '',
    sending: false,
    trouble: null as Trouble | null,
  },
  onLoad({ id = '' }: { id?: string }) {
    this.setData({ id })
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
      this.show(await obligation(this.data.id))
      if (this.data.told!.may_hand_in) this.change(formOf(this.data.id).get() ?? (await this.begun()))
    } catch (error) {
      this.setData({ trouble: troubleOf(error) })
    }
  },
  show(told: Obligation) {
    const proofs = told.proofs.map((one) => ({ ...one, on: dayWords(one.done_on), at: momentWords(one.handed_in_at) }))
    const latest = today() < told.line.due_on ? today() : told.line.due_on
    this.setData({ told, proofs, tone: toneOf(told.line.state), until: dayWords(told.line.due_on), latest, trouble: null })
  },
  /** A form that only lacks its files: two taps and it is handed in. */
  async begun(): Promise<HandIn> {
    const { line, kinds } = this.data.told!
    const kind = kinds.length === 1 ? kinds[0]!.kind : ''
    return { key: await newId(), kind, title: `${line.period}${line.name}`, doneOn: this.data.latest, files: [] }
  },
  change(changes: Partial<HandIn>) {
    const form = { ...(this.data.form ?? ({} as HandIn)), ...changes }
    formOf(this.data.id).set(form)
    this.setData({ form, lacks: lackingIn(form) })
  },
  onKind(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { kind: string }>) {
    this.change({ kind: event.currentTarget.dataset.kind })
  },
  onTitle(event: WechatMiniprogram.Input) {
    this.change({ title: event.detail.value })
  },
  onDay(event: WechatMiniprogram.PickerChange) {
    this.change({ doneOn: String(event.detail.value) })
  },
  async onPhotos() {
    const there = this.data.form!.files
    await this.add(await takePhotos().catch(tell), '照片')
    const over = overWords(this.data.form!.files.length, there.length)
    if (over && this.data.form!.files.length >= 9) await wx.showToast({ title: over, icon: 'none' })
  },
  async onFile() {
    const path = await chosenInChat().catch(tell)
    await this.add(path ? [path] : [], '文件')
  },
  async add(taken: string[] | void, word: string) {
    if (!taken?.length) return
    const there = this.data.form!.files
    try {
      const kept = keepEvidence(taken, 'document', there)
      const files = kept.map((one, at) => ({ ...one, name: there[at]?.name ?? `${word}${at + 1}` }))
      this.change({ files })
    } catch (error) {
      await tell(error)
    }
  },
  onDrop(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { key: string }>) {
    const gone = this.data.form!.files.find((one) => one.sha256 === event.currentTarget.dataset.key)
    if (gone) dropFile(gone)
    this.change({ files: this.data.form!.files.filter((one) => one !== gone) })
  },
  async onSubmit() {
    if (this.data.lacks || this.data.sending) return
    this.setData({ sending: true })
    try {
      const done = await handIn(this.data.id, this.data.form!)
      this.setData({ form: null })
      void wx.showToast({ title: `已上交，${done.line.state_label}。`, icon: 'none' })
      await this.load()
    } catch (error) {
      if (error instanceof Refusal) this.change({ key: await newId() })
      await tell(error)
    }
    this.setData({ sending: false })
  },
})

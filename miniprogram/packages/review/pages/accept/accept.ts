import { looks } from '../../../../behaviors/looks'
import { askWithin, prepare } from '../../../../services/asking'
import { newId } from '../../../../services/ids'
import { Refusal, tell, Trouble, troubleOf } from '../../../../services/refusal'
import { accept, Review, see, Unit, units as fetchUnits } from '../../../../services/reviews'
import { KINDS } from '../../../../services/words'

const DAYS = [3, 5, 10, 15, 20, 30]

Page({
  behaviors: [looks],
  data: {
    id: '',
    ready: false,
    title: '',
    kinds: [...KINDS] as { value: string; label: string }[],
    kindAt: 0,
    send: true,
    units: [] as Unit[],
    unitAt: -1,
    isProposed: false,
    daysWords: DAYS.map((days) => `${days}个工作日`),
    daysAt: DAYS.indexOf(15),
    lacks: '',
    sending: false,
    trouble: null as Trouble | null,
  },
  review: null as Review | null,
  key: '',
  onLoad({ id = '' }: { id?: string }) {
    this.setData({ id })
    void prepare('reviewed')
    void this.load()
  },
  onAgain() {
    void this.load()
  },
  async load() {
    try {
      const [review, units] = await Promise.all([see(this.data.id), fetchUnits()])
      this.review = review
      this.key = await newId()
      const unitAt = units.findIndex((one) => one.id === review.task?.unit_id)
      const kindAt = KINDS.findIndex((one) => one.value === review.line.kind)
      this.setData({ ready: true, title: review.title, kindAt, units, unitAt, isProposed: unitAt >= 0, trouble: null })
      this.check()
    } catch (error) {
      this.setData({ trouble: troubleOf(error) })
    }
  },
  check() {
    const { title, send, unitAt } = this.data
    const lacks = title.trim().length < 2 ? '请写标题' : send && unitAt < 0 ? '请选择承办单位，或关掉“同时分办”' : ''
    this.setData({ lacks })
  },
  onTitle(event: WechatMiniprogram.Input) {
    this.setData({ title: event.detail.value })
    this.check()
  },
  onKind(event: WechatMiniprogram.PickerChange) {
    this.setData({ kindAt: Number(event.detail.value) })
  },
  onSend(event: WechatMiniprogram.CustomEvent<{ value: boolean }>) {
    this.setData({ send: event.detail.value })
    this.check()
  },
  onUnit(event: WechatMiniprogram.PickerChange) {
    this.setData({ unitAt: Number(event.detail.value), isProposed: false })
    this.check()
  },
  onDays(event: WechatMiniprogram.PickerChange) {
    this.setData({ daysAt: Number(event.detail.value) })
  },
  onSubmit() {
    if (this.data.lacks || this.data.sending) return
    void this.submit(askWithin('reviewed'))
  },
  async submit(asked: Promise<void>) {
    this.setData({ sending: true })
    try {
      const done = await accept(this.data.id, this.key, this.body())
      await asked
      void wx.showToast({ title: done.words, icon: 'none' })
      await wx.navigateBack()
    } catch (error) {
      this.setData({ sending: false })
      if (error instanceof Refusal) await this.beginAnew()
      await tell(error)
    }
  },
  /** The office said no: what was filled in stays, for the report as it now stands. */
  async beginAnew() {
    this.key = await newId()
    this.review = await see(this.data.id).catch(() => this.review)
  },
  body() {
    const { title, kinds, kindAt, send, units, unitAt, daysAt } = this.data
    const review = this.review!
    return {
      version: review.version,
      title: title.trim(),
      kind: kinds[kindAt]!.value,
      place_name: review.line.place_name,
      task_id: review.task?.id ?? null,
      unit_id: send ? units[unitAt]!.id : null,
      days: send ? DAYS[daysAt]! : null,
    }
  },
})

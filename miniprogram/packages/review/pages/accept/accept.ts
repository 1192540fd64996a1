import { looks } from '../../../../behaviors/looks'
import { askWithin, prepare } from '../../../../services/asking'
import { addressOf } from '../../../../services/config'
import { newId } from '../../../../services/ids'
import { largest } from '../../../../services/ledger'
import { Refusal, tell, Trouble, troubleOf } from '../../../../services/refusal'
import { accept, Review, see, Unit, units as fetchUnits } from '../../../../services/reviews'
import { refreshTasks, Task, tasks } from '../../../../services/tasks'
import { KINDS } from '../../../../services/words'

const DAYS = [3, 5, 10, 15, 20, 30]
const LEAST_WORDS = 5
const NO_TASK = { id: '', words: '不对应任务', lead_unit: '' }

interface Release {
  id: string
  src: string
  isFree: boolean
  words: string
  chosen: boolean
}
type Typed = WechatMiniprogram.CustomEvent<{ value: string }, WechatMiniprogram.IAnyObject, { field: string }>

Page({
  behaviors: [looks],
  data: {
    id: '',
    ready: false,
    title: '',
    kinds: [...KINDS] as { value: string; label: string }[],
    kindAt: 0,
    place: '',
    words: '',
    because: '',
    tasks: [NO_TASK],
    taskAt: 0,
    releases: [] as Release[],
    released: 0,
    audience: '',
    isNarrow: false,
    told: '',
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
      const [review, units] = await Promise.all([see(this.data.id), fetchUnits(), refreshTasks().catch(() => undefined)])
      this.review = review
      this.key = await newId()
      const unitAt = units.findIndex((one) => one.id === review.task?.unit_id)
      const kindAt = KINDS.findIndex((one) => one.value === review.line.kind)
      const choices = choicesOf(review, tasks())
      this.setData({
        tasks: choices,
        taskAt: Math.max(0, choices.findIndex((one) => one.id === review.task?.id)),
        place: review.line.place_name,
        releases: releasesOf(review),
        audience: review.audience_words,
        isNarrow: review.is_narrow,
      })
      this.setData({ ready: true, title: review.title, kindAt, units, unitAt, isProposed: unitAt >= 0, trouble: null })
      this.check()
    } catch (error) {
      this.setData({ trouble: troubleOf(error) })
    }
  },
  check() {
    const released = this.data.send ? this.data.releases.filter((one) => one.chosen).length : 0
    this.setData({ released, lacks: lackingIn({ ...this.data, released }), told: toldWords({ ...this.data, released }) })
  },
  onText(event: Typed) {
    this.setData({ [event.currentTarget.dataset.field]: event.detail.value })
    this.check()
  },
  onTask(event: WechatMiniprogram.PickerChange) {
    const taskAt = Number(event.detail.value)
    const leads = this.data.units.findIndex((one) => [one.name, one.short_name].includes(this.data.tasks[taskAt]!.lead_unit))
    this.setData(leads >= 0 && this.mayPropose() ? { taskAt, unitAt: leads, isProposed: true } : { taskAt })
    this.check()
  },
  /** A unit that a person chose stays when another task is chosen. */
  mayPropose() {
    return this.data.unitAt < 0 || this.data.isProposed
  },
  onRelease(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { id: string }>) {
    const { id } = event.currentTarget.dataset
    const releases = this.data.releases.map((one) => (one.id === id && one.isFree ? { ...one, chosen: !one.chosen } : one))
    this.setData({ releases })
    this.check()
  },
  onLook(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { src: string }>) {
    void wx.previewImage({ current: event.currentTarget.dataset.src, urls: this.data.releases.map((one) => one.src).filter(Boolean) })
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
    const { title, kinds, kindAt, send, units, unitAt, daysAt, place, words, taskAt, releases, because, isNarrow, released } = this.data
    const review = this.review!
    return {
      version: review.version,
      title: title.trim(),
      kind: kinds[kindAt]!.value,
      place_name: place.trim(),
      summary: words.trim(),
      task_id: this.data.tasks[taskAt]!.id || null,
      unit_id: send ? units[unitAt]!.id : null,
      days: send ? DAYS[daysAt]! : null,
      released: send ? releases.filter((one) => one.chosen).map((one) => one.id) : [],
      narrow_because: released && isNarrow ? because.trim() : '',
    }
  },
})

interface Filled {
  title: string
  send: boolean
  unitAt: number
  place: string
  words: string
  because: string
  isNarrow: boolean
  released: number
}

/** What has to be given before the report can be accepted as it is filled in; empty if nothing. */
function lackingIn({ title, send, unitAt, words, because, isNarrow, released }: Filled): string {
  if (title.trim().length < 2) return '请写标题'
  if (send && unitAt < 0) return '请选择承办单位，或关掉“同时分办”'
  if (released && words.trim().length < LEAST_WORDS) return '转照片要写情况说明，至少5个字'
  return released && isNarrow && !because.trim() ? '请写转办理由' : ''
}

/** What the unit will and won't read, before it is sent. */
function toldWords({ send, place, words, released }: Filled): string {
  if (!send) return ''
  const given = ['标题', place.trim() && '地点', words.trim() && '情况说明', released && `${released}张照片`].filter(Boolean)
  const missing = [!place.trim() && '地点', !words.trim() && '情况说明'].filter(Boolean)
  return `单位将看到：${given.join('、')}。${missing.length ? `还没有写：${missing.join('、')}。` : ''}`
}

function choicesOf(review: Review, known: Task[]): { id: string; words: string; lead_unit: string }[] {
  const all = known.map(({ id, code, name, lead_unit }) => ({ id, words: `${code} ${name}`, lead_unit }))
  const { task } = review
  const own = task && !all.some((one) => one.id === task.id) ? [{ id: task.id, words: `${task.code} ${task.name}`, lead_unit: task.unit_name }] : []
  return [NO_TASK, ...own, ...all]
}

function releasesOf(review: Review): Release[] {
  return review.choices.map(({ id, sha256, is_free, words }) => {
    const links = review.photos.find((one) => one.sha256 === sha256)?.links ?? []
    return { id, src: links.length ? addressOf(largest(links)) : '', isFree: is_free, words, chosen: false }
  })
}

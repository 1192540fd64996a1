import { looks } from '../../../../behaviors/looks'
import { askWithin, Moment, prepare } from '../../../../services/asking'
import { Deed, deedNamed, doDeed, dropFile, Form, formOf, givesBack, lacking } from '../../../../services/deeds'
import { newId } from '../../../../services/ids'
import { keepEvidence, overWords } from '../../../../services/keeping_evidence'
import { Asked, Cause, EVIDENCE, EvidenceKind, item as fetchItem, Item } from '../../../../services/ledger'
import { Refusal, tell, Trouble, troubleOf } from '../../../../services/refusal'
import { Unit, units as fetchUnits } from '../../../../services/reviews'
import { takePhotos } from '../../../../services/taking_photos'
import { dayWords } from '../../../../services/words'

const DAYS = [3, 5, 10, 15, 20, 30, 60]
const USUAL_DAYS = 15
const STEPS = [0, 25, 50, 75, 100]
const DAY_MS = 86_400_000
type Tap<T> = WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { value: T }>
type KindTap = WechatMiniprogram.CustomEvent<{ key: string }, WechatMiniprogram.IAnyObject, { kind: EvidenceKind }>

Page({
  behaviors: [looks],
  data: {
    id: '',
    ready: false,
    number: '',
    title: '',
    label: '',
    needs: {} as Record<string, boolean>,
    wordsLabel: '',
    untilLabel: '',
    untilWords: '',
    yesWords: '',
    percents: STEPS,
    daysWords: DAYS.map((days) => `${days}个工作日`),
    daysAt: DAYS.indexOf(USUAL_DAYS),
    dueWords: '',
    units: [] as Unit[],
    unitAt: 0,
    tomorrow: '',
    evidenceWords: '',
    strips: [] as object[],
    causes: [] as Cause[],
    form: null as Form | null,
    lacks: '',
    sending: false,
    trouble: null as Trouble | null,
  },
  deed: null as Deed | null,
  item: null as Item | null,
  moment: 'handled' as Moment,
  onLoad({ id = '', deed = '' }: { id?: string; deed?: string }) {
    this.deed = deedNamed(deed) ?? null
    this.setData({ id })
    if (!this.deed) return
    void wx.setNavigationBarTitle({ title: this.deed.label })
    if (this.deed.needs.includes('answer')) this.moment = 'reviewed'
    void prepare(this.moment)
    void this.load()
  },
  onAgain() {
    void this.load()
  },
  async load() {
    const deed = this.deed!
    try {
      const item = await fetchItem(this.data.id)
      if (deed.needs.includes('unit')) this.setData({ units: await fetchUnits() })
      await this.open(deed, item)
    } catch (error) {
      this.setData({ trouble: troubleOf(error) })
    }
  },
  async open(deed: Deed, item: Item) {
    this.item = item
    const kept = formOf(this.data.id, deed.name).get()
    const form = kept?.tried ? kept : kept ? { ...kept, ...factsOf(item) } : await emptyForm(item)
    this.setData({
      ready: true,
      number: item.number,
      title: item.title,
      label: deed.needs.includes('answer') ? '提交审核结果' : deed.label,
      needs: Object.fromEntries(deed.needs.map((need) => [need, true])),
      untilLabel: deed.until?.label ?? '',
      yesWords: yesWordsOf(deed, item),
      dueWords: item.due_on ? item.due_words || dayWords(item.due_on) : '',
      tomorrow: new Date(Date.now() + DAY_MS).toISOString().slice(0, 10),
      evidenceWords: item.evidence_words,
    })
    this.change(form)
  },
  change(changes: Partial<Form>) {
    const deed = this.deed!
    const form = { ...(this.data.form ?? ({} as Form)), ...changes }
    formOf(this.data.id, deed.name).set(form)
    this.setData({
      form,
      strips: stripsOf(deed, form, this.item!.evidence_needed),
      untilWords: form.until ? dayWords(form.until) : '',
      causes: givesBack(deed, form) ? this.item!.causes : [],
      wordsLabel: wordsLabelOf(deed, form, this.item!),
      lacks: lacking(deed, form, this.item!),
    })
  },
  onAnswer(event: Tap<boolean>) {
    this.change({ approved: event.currentTarget.dataset.value })
  },
  onCause(event: Tap<string>) {
    this.change({ cause: event.currentTarget.dataset.value })
  },
  onPercent(event: Tap<number>) {
    this.change({ percent: event.currentTarget.dataset.value })
  },
  onUnit(event: WechatMiniprogram.PickerChange) {
    const unit = this.data.units[Number(event.detail.value)]
    if (unit) this.change({ unit: { id: unit.id, name: unit.name } })
  },
  onDays(event: WechatMiniprogram.PickerChange) {
    this.change({ days: DAYS[Number(event.detail.value)] ?? USUAL_DAYS })
  },
  onUntil(event: WechatMiniprogram.PickerChange) {
    this.change({ until: String(event.detail.value) })
  },
  onWords(event: WechatMiniprogram.Input) {
    this.change({ words: event.detail.value })
  },
  onNextStep(event: WechatMiniprogram.Input) {
    this.change({ next_step: event.detail.value })
  },
  async onAdd(event: KindTap) {
    const { kind } = event.currentTarget.dataset
    const there = this.data.form!.photos
    try {
      const taken = await takePhotos()
      if (taken.length) this.change({ photos: keepEvidence(taken, kind, there) })
      const over = overWords(taken.length, there.length)
      if (over) await wx.showToast({ title: over, icon: 'none' })
    } catch (error) {
      await tell(error)
    }
  },
  onDrop(event: KindTap) {
    const gone = this.data.form!.photos.find((photo) => photo.sha256 === event.detail.key)
    if (gone) dropFile(gone)
    this.change({ photos: this.data.form!.photos.filter((photo) => photo !== gone) })
  },
  onSubmit() {
    if (this.data.lacks || this.data.sending) return
    void this.submit(askWithin(this.moment))
  },
  async submit(asked: Promise<void>) {
    this.setData({ sending: true })
    this.change({ tried: true })
    try {
      await doDeed(this.data.id, this.deed!, this.data.form!)
      await asked
      void wx.showToast({ title: this.deed!.done, icon: 'none' })
      await wx.navigateBack()
    } catch (error) {
      this.setData({ sending: false })
      if (error instanceof Refusal) await this.beginAnew()
      await tell(error)
    }
  },
  /** The office said no: what was filled in stays, as a new deed on the item as it now stands. */
  async beginAnew() {
    this.change({ key: await newId(), tried: false })
    await this.load()
  },
})

/** What the words are for; where a reason is chosen they only add to it. */
function wordsLabelOf(deed: Deed, form: Form, item: Item): string {
  if (!deed.words) return ''
  if (givesBack(deed, form) && item.causes.length) return '补充说明（可不填）'
  if (!deed.words.optional) return deed.words.label
  return deed.words.label + (form.approved === false ? '（必填）' : '（可不填）') // a yes needs no words, a no does
}

/** What a yes will do, before it is said. */
function yesWordsOf(deed: Deed, item: Item): string {
  const day = (asked: Asked | null): string => (asked?.until_on ? dayWords(asked.until_on) : '')
  if (deed.name === 'decide_extension') return `期限改为${day(item.extension_asked)}。`
  if (deed.name === 'decide_retention') return `编号保留，${day(item.retention_asked)}复核。`
  return '这件事销号，并请上报人回访。'
}

/** What a form takes from the item as it now stands: an item that has a deadline keeps it. */
function factsOf({ version, due_on }: Item): { version: number; days?: number } {
  return due_on ? { version, days: 0 } : { version }
}

async function emptyForm(item: Item): Promise<Form> {
  const { version, percent, due_on } = item
  return { key: await newId(), tried: false, version, percent: STEPS.includes(percent) ? percent : 50, words: '', until: '', unit: null, days: due_on ? 0 : USUAL_DAYS, approved: null, cause: '', photos: [] }
}

/** A strip of photos for each kind that is wanted; one for all where kinds don't matter. */
function stripsOf(deed: Deed, form: Form, needed: EvidenceKind[]): object[] {
  const shown = (photos: Form['photos']): object[] => photos.map((photo) => ({ key: photo.sha256, src: photo.path, words: '' }))
  if (deed.needs.includes('photos')) return [{ kind: 'after', label: '现场照片（可不附）', photos: shown(form.photos) }]
  if (!deed.needs.includes('evidence')) return []
  const kinds = EVIDENCE.filter((one) => one.value !== 'before' || needed.includes('before'))
  return kinds.map(({ value, label }) => {
    const must = needed.includes(value) ? '（必须）' : '（可不附）'
    return { kind: value, label: label + must, photos: shown(form.photos.filter((photo) => photo.kind === value)) }
  })
}

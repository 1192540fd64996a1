import { looks } from '../../behaviors/looks'
import { StripPhoto } from '../../components/photo-strip/photo-strip'
import { askWithin, prepare } from '../../services/asking'
import { Anonymity, change, discard, Draft, draft, handOver, MOST_PHOTOS, Place } from '../../services/drafts'
import { locate, nameNear, rememberName } from '../../services/locating'
import { tell } from '../../services/refusal'
import { flush } from '../../services/sending'
import { clockAheadMs } from '../../services/session'
import { dropPhoto, keepPhotos, takePhotos } from '../../services/taking_photos'
import { hasTicket } from '../../services/tickets'
import { categories, Category, findTasks, proposeCategory, proposeTasks, Task, tasks, weightsHere } from '../../services/tasks'
import { cleaned } from '../../services/text'
import { KINDS } from '../../services/words'

type Typed = WechatMiniprogram.CustomEvent<{ value: string }>
type Tapped<T extends WechatMiniprogram.IAnyObject> = WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, T>

const TIERS: { value: Anonymity; label: string; words: string }[] = [
  { value: 'hidden', label: '对单位和公众匿名', words: '单位、公众和审核的同志都看不到您是谁。' },
  { value: 'named', label: '公开实名', words: '单位和公众可以知道是您报的。' },
]
const SEALED = { value: 'sealed' as Anonymity, label: '密封身份', words: '系统自己也查不到您是谁，三位保管人中两位同意才能打开。没有微信提醒，要抄一个取件码。' }
const TEXT_REST_MS = 400
let timer = 0

/** What is wrong with this phone's clock, once it matters; the report gets the office's time. */
function clockWords(): string {
  const minutes = Math.round(clockAheadMs() / 60_000)
  return Math.abs(minutes) < 5 ? '' : `手机时间${minutes > 0 ? '快' : '慢'}了${Math.abs(minutes)}分钟，上报按标准时间记。`
}

Page({
  behaviors: [looks],
  data: {
    id: '',
    photos: [] as StripPhoto[],
    text: '',
    kind: 'problem',
    kinds: KINDS,
    anonymity: 'hidden' as Anonymity,
    tiers: TIERS,
    categories: [] as Category[],
    category: null as string | null,
    hint: '',
    clockWords: clockWords(),
    proposed: null as Category | null,
    task: null as Draft['task'],
    proposals: [] as Task[],
    place: null as Place | null,
    placeName: '',
    placeWords: '',
    placeHint: '',
    fromStop: '',
    lacks: '',
    refusal: '',
    savedWords: '',
    more: false,
    finding: false,
    wanted: '',
    found: [] as Task[],
  },
  onLoad(asked: Record<string, string | undefined>) {
    const one = draft(asked.id ?? '')
    if (!one) {
      void wx.switchTab({ url: '/pages/home/home' })
      return
    }
    const refusal = one.refusal ? `${one.refusal.title}${one.refusal.hint}` : ''
    this.setData({ clockWords: clockWords() })
    const { id, text, kind, anonymity, task, place, category = null } = one
    this.setData({ id, text, kind, anonymity, task, place, category, categories: categories(), refusal, placeName: place?.name ?? '', fromStop: one.from_stop ?? '' })
    this.draw(one)
    if (hasTicket() && !one.receipt) this.setData({ tiers: [TIERS[0]!, SEALED, TIERS[1]!] })
    if (anonymity !== 'sealed') void prepare('reported')
    this.drawPlace()
    this.propose()
    if (!one.place && !one.text) void this.findPlace()
  },
  onUnload() {
    clearTimeout(timer)
    const one = draft(this.data.id)
    if (one?.state === 'writing' && !one.text.trim() && !one.photos.length) discard(one.id)
  },
  /** Keep what was changed at once: a killed app loses nothing. */
  keep(changes: Partial<Draft>) {
    const one = change(this.data.id, changes)
    if (one) this.draw(one)
  },
  draw(one: Draft) {
    const sort = this.data.categories.find((each) => each.code === one.category)
    const mayBeBare = sort?.text_only === true && one.anonymity !== 'sealed'
    const lacks = one.photos.length || mayBeBare ? (cleaned(one.text) ? '' : '还差一句话') : '还差一张照片'
    this.setData({
      photos: one.photos.map((photo) => ({ key: photo.sha256, src: photo.path, words: photo.path ? '' : '已送达' })),
      lacks,
      hint: sort?.hint ?? '',
      savedWords: one.text || one.photos.length ? '草稿已保存在手机上' : '',
    })
  },
  onText(event: Typed) {
    this.data.text = event.detail.value // the field itself already shows it
    this.keep({ text: event.detail.value })
    clearTimeout(timer)
    timer = setTimeout(() => this.propose(), TEXT_REST_MS)
  },
  propose() {
    const words = `${this.data.text}${this.data.placeName}`
    const sorts = categories() // they may have come since the page opened
    const proposed = this.data.category ? null : proposeCategory(words, sorts)
    this.setData({ categories: sorts, proposals: proposeTasks(words, tasks(), weightsHere(this.data.place)), proposed })
  },
  async onAdd() {
    try {
      const taken = await keepPhotos(this.data.id, await takePhotos(MOST_PHOTOS - this.data.photos.length))
      if (taken.again) await wx.showToast({ title: '这张照片已经加过了', icon: 'none' })
      if (taken.over) await wx.showToast({ title: `最多${MOST_PHOTOS}张，有${taken.over}张没有加上`, icon: 'none' })
      if (taken.tooBig) await wx.showToast({ title: '照片超过10MB，没有加上', icon: 'none' })
    } catch (error) {
      await tell(error)
    }
    this.keep({})
  },
  onDrop(event: WechatMiniprogram.CustomEvent<{ key: string }>) {
    dropPhoto(this.data.id, event.detail.key)
    this.keep({})
  },
  onKind(event: Tapped<{ value: string }>) {
    this.setData({ kind: event.currentTarget.dataset.value })
    this.keep({ kind: this.data.kind })
  },
  onCategory(event: Tapped<{ code: string }>) {
    const { code } = event.currentTarget.dataset
    const category = code === this.data.category ? null : code
    this.setData({ category, proposed: null })
    this.keep({ category })
  },
  onTier(event: Tapped<{ value: Anonymity }>) {
    this.setData({ anonymity: event.currentTarget.dataset.value })
    this.keep({ anonymity: this.data.anonymity })
  },
  onSeen() {
    void wx.navigateTo({ url: '/packages/account/pages/seen/seen' })
  },
  onMore() {
    this.setData({ more: true })
  },

  // ---- the task: confirmed, not searched
  onTask(event: Tapped<{ id: string }>) {
    const task = tasks().find((one) => one.id === event.currentTarget.dataset.id)
    if (task) this.setTask({ id: task.id, name: task.name })
  },
  onNoTask() {
    this.setTask(null)
  },
  setTask(task: Draft['task']) {
    this.setData({ task, finding: false })
    this.keep({ task })
  },
  onFindTask() {
    this.setData({ finding: true, wanted: '', found: tasks() })
  },
  onWanted(event: Typed) {
    this.setData({ wanted: event.detail.value, found: findTasks(event.detail.value, tasks()) })
  },
  onFound(event: WechatMiniprogram.CustomEvent<{ visible: boolean }>) {
    this.setData({ finding: event.detail.visible })
  },

  // ---- the place: evidence, never a hurdle
  async findPlace() {
    this.setData({ placeWords: '正在定位…', placeHint: '可以先写，不用等' })
    const found = await locate((late) => {
      // The person took their time to agree: the place is still wanted where none was set meanwhile.
      if ('place' in late && !this.data.place && draft(this.data.id)?.state === 'writing') this.setPlace({ ...late.place, name: nameNear(late.place) || null })
    })
    if ('place' in found) this.setPlace({ ...found.place, name: nameNear(found.place) || null })
    else this.drawPlace(found.trouble)
  },
  setPlace(place: Place | null) {
    this.setData({ place, placeName: place?.name ?? '' })
    this.keep({ place })
    this.drawPlace()
    this.propose()
  },
  onPlace() {
    if (this.data.place) this.setPlace(null)
    else void this.findPlace()
  },
  onPlaceName(event: Typed) {
    this.data.placeName = event.detail.value
    if (!this.data.place) return
    this.data.place = { ...this.data.place, name: event.detail.value.trim() || null }
    this.keep({ place: this.data.place })
  },
  drawPlace(trouble?: 'refused' | 'nowhere') {
    const { place } = this.data
    if (!place) {
      const why = { refused: '没有定位权限', nowhere: '暂时定不了位' }
      this.setData({ placeWords: trouble ? why[trouble] : '没有标注位置', placeHint: '没有位置也可以提交，在文字里写清地点就行' })
      return
    }
    const metres = place.accuracy_m === null ? '' : `，误差约${Math.round(place.accuracy_m)}米`
    this.setData({ placeWords: `已定位${metres}`, placeHint: `${place.longitude.toFixed(4)}，${place.latitude.toFixed(4)}` })
  },

  onSubmit() {
    if (this.data.lacks) {
      void wx.showToast({ title: this.data.lacks, icon: 'none' })
      return
    }
    if (this.data.anonymity === 'sealed') {
      void wx.redirectTo({ url: `/packages/sealed/pages/send/send?id=${this.data.id}` }) // it goes by itself nowhere
      return
    }
    const one = handOver(this.data.id)
    if (one?.place) rememberName(one.place)
    void askWithin('reported')
    void flush()
    void wx.redirectTo({ url: `/pages/sent/sent?id=${this.data.id}` })
  },
  async onDiscard() {
    const asked = await wx.showModal({ title: '删除这份草稿？', content: '照片和文字会从手机上删掉，找不回来。', confirmText: '删除', cancelText: '留着' })
    if (!asked.confirm) return
    discard(this.data.id)
    await wx.navigateBack()
  },
})

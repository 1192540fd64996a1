import { looks } from '../../../../behaviors/looks'
import { Ballot, change, fateOf, lackingOf, onBallots, settle, submit, takeUpBallot } from '../../../../services/ballots'
import { checkIn, sendCheckIns, shownIn, waitingAt } from '../../../../services/checking_in'
import { change as changeDraft, newDraft } from '../../../../services/drafts'
import { locate } from '../../../../services/locating'
import { tell, Trouble, troubleOf, wordsOf } from '../../../../services/refusal'
import { keepPhotos, takePhotos } from '../../../../services/taking_photos'
import { Criterion, keptVisit, Rubric, Visit, visit, VisitStop } from '../../../../services/visits'

const WEAK = '签到已存在手机上，打开小程序且有信号时送达；现在可以打分。'
const OTHER_CODE = { title: '扫到的不是本点位屏幕上的动态码。', hint: '请对准现场屏幕上正在显示的码；扫不了的，请工作人员登记。' }
type Tapped<T extends object> = WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, T & WechatMiniprogram.IAnyObject>
let stopHearing: () => void = () => undefined

Page({
  behaviors: [looks],
  data: {
    visit: '',
    id: '',
    isWall: false,
    stop: null as VisitStop | null,
    rubric: null as Rubric | null,
    rows: [] as object[],
    given: [] as object[],
    comment: '',
    fate: '',
    lacks: '',
    welcome: '',
    checkedIn: '',
    pending: '',
    mayScore: false,
    clash: [] as object[],
    scale: '',
    isBusy: false,
    notice: '',
    trouble: null as Trouble | null,
  },
  onLoad({ visit: of = '', stop = '', wall = '' }: { visit?: string; stop?: string; wall?: string }) {
    this.setData({ visit: of, id: stop, isWall: wall === '1' })
    stopHearing = onBallots(() => this.redraw())
    void locate() // consent is asked for before the code, which lives for a minute
  },
  onUnload() {
    stopHearing()
  },
  onShow() {
    this.redraw()
    void this.load()
  },
  async load() {
    await sendCheckIns()
    try {
      this.draw(await visit(this.data.visit))
      this.setData({ notice: '', trouble: null })
    } catch (error) {
      if (this.data.stop) this.setData({ notice: `${wordsOf(error).title}可以继续打分，内容存在手机上。` })
      else this.setData({ trouble: troubleOf(error) })
    }
  },
  redraw() {
    const kept = keptVisit(this.data.visit)
    if (kept) this.draw(kept)
  },
  draw(told: Visit) {
    const stop = told.stops.find((one) => one.id === this.data.id)
    if (!stop) return
    const waits = waitingAt(stop.id)
    const isOpen = told.line.state === 'open' && !stop.is_recused
    const isThere = stop.check_in ? stop.check_in.presence !== 'rejected' : waits !== null && !waits.trouble
    const ballot = takeUpBallot(told.line.id, stop)
    const mayScore = isOpen && (isThere || !told.needs_check_in)
    const rows = told.rubric.criteria.map((one) => row(one, ballot, told))
    const given = isOpen ? [] : rows.filter((one) => ballot.scores[one.id])
    this.setData({
      stop,
      rubric: told.rubric,
      rows,
      given,
      comment: ballot.comment,
      fate: mayScore ? fateOf(ballot) : isOpen ? '' : stop.is_recused ? '您需要回避这一项，不用打分。' : `${told.line.state_label}，不能再修改`,
      lacks: lackingOf(ballot, told.rubric),
      checkedIn: stop.check_in?.grade_words ?? '',
      pending: waits ? waits.trouble || WEAK : '',
      mayScore,
      clash: clashOf(ballot, told.rubric),
      scale: `${told.rubric.low}—${told.rubric.high} 分，间隔 ${told.rubric.step}`,
    })
  },
  onAgain() {
    void this.load()
  },
  async onScan() {
    const scanned = await wx.scanCode({ onlyFromCamera: true, scanType: ['qrCode'] }).catch(() => null)
    if (!scanned) return
    const shown = shownIn(scanned.result)
    if (!shown || shown.stop !== this.data.id) return void wx.showModal({ title: OTHER_CODE.title, content: OTHER_CODE.hint, showCancel: false, confirmText: '知道了' })
    await this.checkIn(shown)
  },
  /** Without the screen's code: kept, and looked at by staff. */
  async onNoCode() {
    await this.checkIn(null)
  },
  async checkIn(shown: ReturnType<typeof shownIn>) {
    const told = keptVisit(this.data.visit)
    if (!told || this.data.isBusy) return
    this.setData({ isBusy: true })
    try {
      const done = await checkIn({ visit: told.line.id, stop: this.data.id, observer: told.observer_id, shown, scene: this.data.isWall ? this.data.stop!.scene : '' })
      if (done) this.setData({ welcome: done.welcome })
    } catch (error) {
      await tell(error)
    }
    this.setData({ isBusy: false })
    this.redraw()
    await this.load()
  },
  score(id: string, score: string) {
    const told = keptVisit(this.data.visit)
    const stop = told?.stops.find((one) => one.id === this.data.id)
    if (!told || !stop) return
    const { scores } = takeUpBallot(told.line.id, stop)
    const { [id]: _, ...others } = scores
    change(stop.id, { scores: score ? { ...others, [id]: score } : others })
  },
  onStep(event: Tapped<{ id: string; by: number }>) {
    const { id, by } = event.currentTarget.dataset
    const { rubric, rows } = this.data
    const now = (rows as { id: string; score: string }[]).find((one) => one.id === id)?.score
    if (rubric) this.score(id, within(rubric, (now ? Number(now) : Number(rubric.high)) + (now ? by * Number(rubric.step) : 0)))
  },
  onAnchor(event: Tapped<{ id: string; low: string; high: string }>) {
    const { id, low, high } = event.currentTarget.dataset
    if (this.data.rubric) this.score(id, within(this.data.rubric, (Number(low) + Number(high)) / 2))
  },
  onFigure(event: WechatMiniprogram.CustomEvent<{ value: string }, WechatMiniprogram.IAnyObject, { id: string }>) {
    const typed = event.detail.value.trim()
    const { rubric } = this.data
    if (!rubric || (typed && !/^\d+(\.\d+)?$/.test(typed))) return this.redraw()
    this.score(event.currentTarget.dataset.id, typed ? within(rubric, Number(typed)) : '')
  },
  onComment(event: WechatMiniprogram.Input) {
    change(this.data.id, { comment: event.detail.value })
  },
  onClash(event: Tapped<{ mine: boolean }>) {
    settle(this.data.id, event.currentTarget.dataset.mine)
  },
  async onSubmit() {
    if (this.data.lacks || this.data.isBusy) return
    this.setData({ isBusy: true })
    await sendCheckIns()
    await submit(this.data.id)
    this.setData({ isBusy: false })
    await this.load()
  },
  /** What was seen here becomes a report of one's own in one tap, with the place filled. */
  async onReport() {
    await this.report([])
  },
  async onPhoto() {
    try {
      const photos = await takePhotos()
      if (photos.length) await this.report(photos)
    } catch (error) {
      await tell(error)
    }
  },
  /** What was written or taken here becomes a report, which one still reads before sending it. */
  async report(photos: string[]) {
    const { stop, comment } = this.data
    if (!stop) return
    try {
      const draft = await newDraft()
      const place = stop.where ? { ...stop.where, source: 'map' as const, accuracy_m: null, name: stop.place_name || stop.name } : null
      changeDraft(draft.id, { text: comment, place, from_stop: stop.name })
      if (photos.length) await keepPhotos(draft.id, photos)
      await wx.navigateTo({ url: `/pages/report/report?id=${draft.id}` })
    } catch (error) {
      await tell(error)
    }
  },
})

/** A figure of the scale: never outside, on its steps, with as many places as the step has. */
function within(rubric: Rubric, value: number): string {
  const [low, high, step] = [Number(rubric.low), Number(rubric.high), Number(rubric.step)]
  const places = (rubric.step.split('.')[1] ?? '').replace(/0+$/, '').length
  return Math.min(high, low + Math.round((Math.max(low, value) - low) / step) * step).toFixed(places)
}

function row(one: Criterion, ballot: Ballot, told: Visit): { id: string } & Record<string, unknown> {
  const score = ballot.scores[one.id] ?? ''
  const anchor = one.anchors.find((each) => score && Number(each.low) <= Number(score) && Number(score) <= Number(each.high))
  const before = told.stops.filter((stop) => stop.id !== ballot.stop && stop.ballot?.scores[one.id]).map((stop) => `第${stop.position}站 ${stop.ballot!.scores[one.id]}`)
  const anchors = one.anchors.map((each) => ({ ...each, name: each.words.split('：')[0], isOn: each === anchor }))
  return { id: one.id, name: `${one.name}（权重 ${one.weight}）`, score, words: anchor?.words ?? '', anchors, before: before.join('，') }
}

function clashOf(ballot: Ballot, rubric: Rubric): object[] {
  return rubric.criteria.filter((one) => ballot.theirs?.[one.id]).map((one) => ({ id: one.id, words: `${one.name}：另一台手机填 ${ballot.theirs![one.id]}，本机 ${ballot.scores[one.id] ?? '未填'}` }))
}

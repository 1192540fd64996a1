import { looks } from '../../behaviors/looks'
import { tab } from '../../behaviors/tab'
import { get } from '../../services/door'
import { discard, newDraft, onDrafts, unsent } from '../../services/drafts'
import { toDo } from '../../services/ledger'
import { ObservationLine, toneOf } from '../../services/observations'
import { tell } from '../../services/refusal'
import { onSending } from '../../services/sending'
import { learn, onPerson, Person, person, token } from '../../services/session'
import { shelf } from '../../services/store'
import { keepPhotos, takePhotos } from '../../services/taking_photos'
import { hasToDo, mayReport, tabs } from '../../services/tabs'
import { refreshTasks } from '../../services/tasks'
import { DraftWords, wordsOfDraft } from '../../services/telling_drafts'
import { noteUnread } from '../../services/unread'
import { observes, VisitLine, visits, visitsToScore } from '../../services/visits'
import { dayWords } from '../../services/words'

type Tapped = WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { id: string; edit: boolean }>
type Visit = VisitLine & { on: string }
type Recent = ObservationLine & { tone: string }
const SHOWN = 3
const WORK = 'pages/ledger/ledger'
const kept = shelf<Recent[]>('recent', [])
let stops: (() => void)[] = []
let isShown = false

Page({
  behaviors: [looks, tab],
  data: {
    greeting: '您好',
    duties: '',
    mayReport: true,
    mayWork: false,
    work: '',
    workWords: '等着您的事都在这里',
    waiting: [] as DraftWords[],
    visits: [] as Visit[],
    recent: [] as Recent[],
  },
  onLoad() {
    // Under another page it waits: every letter of a draft would draw it anew.
    const draw = (): void => {
      if (isShown) this.draw()
    }
    stops = [onDrafts(draw), onSending(draw), onPerson(() => this.greet())]
    this.setData({ recent: kept.get() })
  },
  onUnload() {
    stops.forEach((stop) => stop())
  },
  onHide() {
    isShown = false
  },
  onShow() {
    isShown = true
    this.greet()
    this.draw()
    void this.refresh()
  },
  greet() {
    const one = person()
    const work = tabs().find((each) => each.path === WORK)
    this.setData({
      greeting: one ? `${one.designation}，您好` : '您好',
      duties: (one?.duties ?? []).map((duty) => duty.title || duty.label).join('、'),
      mayReport: mayReport(),
      mayWork: work !== undefined,
      work: work ? `看${work.label}` : '',
    })
  },
  draw() {
    const open = visitsToScore().map((one) => ({ ...one, on: dayWords(one.held_on) }))
    this.setData({ waiting: unsent().slice(0, SHOWN).map(wordsOfDraft), visits: open })
  },
  /** What the office knows; without a network the page stays as it was. */
  async refresh() {
    try {
      await token()
      const me = await get<{ person: Person; unread: number }>('/me')
      learn(me.person)
      noteUnread(me.unread)
      await this.refreshWork()
      await this.refreshVisits()
      if (!mayReport()) return
      const page = await get<{ items: ObservationLine[] }>('/observations?limit=3')
      kept.set(page.items.map((one) => ({ ...one, tone: toneOf(one.state) })))
      this.setData({ recent: kept.get() })
      await refreshTasks()
    } catch {
      // Nothing was asked for by hand, so nothing is told.
    }
  },
  /** How much waits for who has work here, in the office's words. */
  async refreshWork() {
    if (!hasToDo()) return
    const told = await toDo()
    this.setData({ workWords: told.words || '现在没有等着您办的事' })
  },
  /** The visits an observer scores: on the day, the way to them is here. */
  async refreshVisits() {
    if (!observes()) return
    await visits()
    this.draw()
  },
  async onShoot() {
    try {
      const taken = await takePhotos()
      if (taken.length) await this.begin(taken)
    } catch (error) {
      await tell(error)
    }
  },
  async onWrite() {
    try {
      await this.begin([])
    } catch (error) {
      await tell(error)
    }
  },
  async begin(photos: string[]) {
    const draft = await newDraft()
    try {
      await keepPhotos(draft.id, photos)
    } catch (error) {
      discard(draft.id) // nothing of it was kept: an empty draft helps nobody
      throw error
    }
    await wx.navigateTo({ url: `/pages/report/report?id=${draft.id}` })
  },
  onDraft(event: Tapped) {
    const { id, edit } = event.currentTarget.dataset
    void wx.navigateTo({ url: `/pages/${edit ? 'report/report' : 'sent/sent'}?id=${id}` })
  },
  onReport(event: Tapped) {
    void wx.navigateTo({ url: `/packages/history/pages/observation/observation?id=${event.currentTarget.dataset.id}` })
  },
  onVisit(event: Tapped) {
    void wx.navigateTo({ url: `/packages/visits/pages/visit/visit?id=${event.currentTarget.dataset.id}` })
  },
  onWork() {
    void wx.switchTab({ url: `/${WORK}` })
  },
  onAll() {
    void wx.switchTab({ url: '/pages/reports/reports' })
  },
})

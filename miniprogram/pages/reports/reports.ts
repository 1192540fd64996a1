import { looks } from '../../behaviors/looks'
import { tab } from '../../behaviors/tab'
import { get, query } from '../../services/door'
import { onDrafts, unsent } from '../../services/drafts'
import { ObservationLine, toneOf } from '../../services/observations'
import { wordsOf } from '../../services/refusal'
import { onSending } from '../../services/sending'
import { shelf } from '../../services/store'
import { DraftWords, wordsOfDraft } from '../../services/telling_drafts'
import { dayWords, kindWords } from '../../services/words'

type Tapped = WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { id: string; edit: boolean }>
type Line = ObservationLine & { tone: string; when: string; kindWords: string }
interface PageOfReports {
  items: ObservationLine[]
  cursor: string | null
  thanks?: string
}
const kept = shelf<Line[]>('reports', [])
let stops: (() => void)[] = []
let isShown = false

Page({
  behaviors: [looks, tab],
  data: { waiting: [] as DraftWords[], items: [] as Line[], cursor: null as string | null, trouble: '', empty: false, thanks: '' },
  onLoad() {
    // Under another page it waits: every letter of a draft would draw it anew.
    const draw = (): void => {
      if (isShown) this.draw()
    }
    stops = [onDrafts(draw), onSending(draw)]
    this.setData({ items: kept.get() })
  },
  onUnload() {
    stops.forEach((stop) => stop())
  },
  onHide() {
    isShown = false
  },
  onShow() {
    isShown = true
    this.draw()
    void this.load()
  },
  async onPullDownRefresh() {
    await this.load()
    await wx.stopPullDownRefresh()
  },
  draw() {
    const waiting = unsent()
    this.setData({ waiting: waiting.map(wordsOfDraft) })
  },
  async load() {
    try {
      const page = await get<PageOfReports>('/observations')
      kept.set(page.items.map(line))
      this.setData({ items: kept.get(), cursor: page.cursor, thanks: page.thanks ?? '', trouble: '', empty: !page.items.length && !unsent().length })
    } catch (error) {
      this.setData({ trouble: `${wordsOf(error).title}下面是上次看到的。` })
    }
  },
  async onMore() {
    try {
      const page = await get<PageOfReports>(`/observations${query({ cursor: this.data.cursor })}`)
      this.setData({ items: [...this.data.items, ...page.items.map(line)], cursor: page.cursor })
    } catch (error) {
      this.setData({ trouble: wordsOf(error).title })
    }
  },
  onDraft(event: Tapped) {
    const { id, edit } = event.currentTarget.dataset
    void wx.navigateTo({ url: `/pages/${edit ? 'report/report' : 'sent/sent'}?id=${id}` })
  },
  onReport(event: Tapped) {
    void wx.navigateTo({ url: `/packages/history/pages/observation/observation?id=${event.currentTarget.dataset.id}` })
  },
  onVerify() {
    void wx.navigateTo({ url: '/packages/history/pages/verify/verify' })
  },
})

function line(one: ObservationLine): Line {
  return { ...one, tone: toneOf(one.state), when: dayWords(one.received_at), kindWords: kindWords(one.kind) }
}

import { looks } from '../../../../behaviors/looks'
import { StripPhoto } from '../../../../components/photo-strip/photo-strip'
import { addressOf } from '../../../../services/config'
import { copy } from '../../../../services/copying'
import { get, post, remove } from '../../../../services/door'
import { draft, takeUp } from '../../../../services/drafts'
import { newId } from '../../../../services/ids'
import { begun, UnsentMessage, unsent } from '../../../../services/unsent_messages'
import { Observation, PhotoCard, PhotoLink, Recheck, toneOf } from '../../../../services/observations'
import { largest } from '../../../../services/ledger'
import { seenOf } from '../../../../services/rechecking'
import { Refusal, tell, Trouble, troubleOf } from '../../../../services/refusal'
import { tasks } from '../../../../services/tasks'
import { kindWords, momentWords } from '../../../../services/words'

type Tapped<T extends WechatMiniprogram.IAnyObject> = WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, T>
const OPEN = ['waiting_media', 'received', 'more_asked']
const TAKEN_BACK = 'withdrawn'
const TIERS: Record<string, string> = {
  hidden: '对单位和公众匿名：单位、公众和审核的同志都看不到您是谁。',
  named: '公开实名。',
}

Page({
  behaviors: [looks],
  data: {
    id: '',
    one: null as Observation | null,
    tone: '',
    kind: '',
    tier: '',
    received: '',
    proof: '',
    photos: [] as StripPhoto[],
    steps: [] as { label: string; done: boolean; when: string }[],
    thread: [] as { key: string; from_office: boolean; text: string; when: string }[],
    asked: false,
    mayAnswer: false,
    mayWithdraw: false,
    answer: '',
    recheck: null as Recheck | null,
    before: '',
    after: '',
    answered: [] as StripPhoto[],
    isWaiting: false,
    trouble: null as Trouble | null,
  },
  line: null as UnsentMessage | null,
  sending: false,
  onLoad(asked: Record<string, string | undefined>) {
    this.data.id = asked.id ?? ''
    void this.takeUpLine()
  },
  onShow() {
    this.setData({ isWaiting: seenOf(this.data.id).isQueued })
    void this.load()
  },
  async onPullDownRefresh() {
    await this.load()
    await wx.stopPullDownRefresh()
  },
  async load() {
    try {
      this.draw(await get<Observation>(`/observations/${this.data.id}`))
    } catch (error) {
      this.setData({ trouble: troubleOf(error) })
    }
  },
  draw(one: Observation) {
    const { recheck } = one
    this.setData({
      one,
      recheck,
      before: large(recheck?.before),
      after: large(recheck?.after),
      answered: recheck ? recheck.photos.map(stripPhoto) : [],
      isWaiting: seenOf(one.client_id).isQueued,
      tone: toneOf(one.state),
      kind: kindWords(one.kind),
      tier: TIERS[one.anonymity] ?? '',
      received: momentWords(one.received_at),
      proof: proofOf(one),
      photos: one.photos.map(stripPhoto),
      steps: one.steps.map(({ label, on, done }) => ({ label, done, when: on ? momentWords(on) : '' })),
      thread: one.thread.map((said, i) => ({ ...said, key: `${i}`, when: momentWords(said.sent_at) })),
      asked: one.state === 'more_asked',
      mayAnswer: one.state !== TAKEN_BACK,
      mayWithdraw: OPEN.includes(one.state),
      trouble: null,
    })
  },
  onAgain() {
    void this.load()
  },
  async takeUpLine() {
    this.line = await begun('line', this.data.id)
    this.setData({ answer: this.line.words })
  },
  keepLine(changes: Partial<UnsentMessage>) {
    this.line = { ...this.line!, ...changes }
    unsent('line', this.data.id).set(this.line)
  },
  onAnswerText(event: WechatMiniprogram.CustomEvent<{ value: string }>) {
    const words = event.detail.value.trim() ? event.detail.value : ''
    this.keepLine({ words })
    this.setData({ answer: words })
  },
  async onAnswer() {
    if (!this.data.answer || this.sending) return
    this.sending = true
    await this.do(() => this.sendLine())
    this.sending = false
  },
  async sendLine() {
    if (!this.line?.key) this.keepLine({ key: await newId() })
    try {
      const body = { text: this.data.answer.trim() }
      await post(`/observations/${this.data.id}/messages`, { body, key: this.line!.key })
    } catch (error) {
      if (error instanceof Refusal) this.keepLine({ key: await newId() })
      throw error
    }
    unsent('line', this.data.id).clear()
    await this.takeUpLine()
  },
  onRecheck() {
    void wx.navigateTo({ url: `/packages/history/pages/recheck/recheck?id=${this.data.id}` })
  },
  async onAmend() {
    const { one } = this.data
    if (!one) return
    takeUp(one, tasks().find((task) => task.id === one.task_id)?.name ?? '已选的任务')
    await wx.redirectTo({ url: `/pages/report/report?id=${one.client_id}` })
  },
  async onWithdraw() {
    const asked = await wx.showModal({ title: '撤回这份上报？', content: '撤回后不再办理，也不能恢复。', confirmText: '撤回', cancelText: '不撤回' })
    if (asked.confirm) await this.do(() => remove(`/observations/${this.data.id}`))
  },
  /** Do what was asked for, say so if it went wrong, and look again. */
  async do(deed: () => Promise<unknown>) {
    try {
      await deed()
    } catch (error) {
      await tell(error)
    }
    await this.load()
  },
  onPicture(event: Tapped<{ src: string }>) {
    const urls = [this.data.before, this.data.after].filter(Boolean)
    void wx.previewImage({ current: event.currentTarget.dataset.src, urls })
  },
  async onCopy() {
    await copy(this.data.one?.receipt_number ?? '').catch(tell)
  },
})

function stripPhoto(photo: PhotoCard): StripPhoto {
  const src = small(photo.links)
  return { key: photo.sha256, src, words: src ? '' : photo.words }
}

function small(links: PhotoLink[] | undefined): string {
  const smallest = links?.[links.length - 1]
  return smallest ? addressOf(smallest.url) : ''
}

function large(links: PhotoLink[] | undefined): string {
  return links?.length ? addressOf(largest(links)) : ''
}

function proofOf(one: Observation): string {
  const own = draft(one.client_id)
  if (!own || own.hash_agrees === null) return '这份上报不是在这部手机上写的，无法在本机核对。'
  return own.hash_agrees ? '已核对：改革办收到的与您手机上写的一字不差。' : '核对不一致，请截图并联系改革办。'
}

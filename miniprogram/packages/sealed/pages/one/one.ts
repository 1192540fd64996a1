import { looks } from '../../../../behaviors/looks'
import { toneOf } from '../../../../services/observations'
import { tell, Trouble, troubleOf } from '../../../../services/refusal'
import { groupsOf } from '../../../../services/sealing'
import { codeIsCopied, Kept, keptReports, look, recheck, sayTo, SealedCard, takeBack } from '../../../../services/sealed'
import { dayOfMomentWords } from '../../../../services/words'

const OPEN = ['waiting_media', 'received', 'more_asked']

Page({
  behaviors: [looks],
  data: {
    number: '',
    seenWords: '',
    one: null as SealedCard | null,
    tone: '',
    groups: [] as string[],
    steps: [] as { label: string; done: boolean; when: string }[],
    thread: [] as { key: string; from_office: boolean; text: string; when: string }[],
    received: '',
    mayWithdraw: false,
    mayAnswer: false,
    answer: '',
    trouble: null as Trouble | null,
  },
  kept: null as Kept | null,
  onLoad(asked: Record<string, string | undefined>) {
    this.data.number = asked.number ?? ''
    void this.load()
  },
  async load() {
    this.kept = (await keptReports()).find((one) => one.number === this.data.number) ?? null
    if (!this.kept) {
      this.setData({ trouble: { title: '这部手机上没有这份密封上报。', hint: '请凭取件码找回。', again: false } })
      return
    }
    this.setData({ groups: groupsOf(this.kept.code) })
    try {
      this.draw(await look(this.kept.capability))
    } catch (error) {
      this.setData({ trouble: troubleOf(error) })
    }
  },
  draw(one: SealedCard) {
    const isOpen = OPEN.includes(one.state)
    this.setData({
      one,
      tone: toneOf(one.state),
      received: dayOfMomentWords(one.received_at),
      steps: one.steps.map(({ label, on, done }) => ({ label, done, when: on ? dayOfMomentWords(on) : '' })),
      thread: one.thread.map((said, i) => ({ ...said, key: `${i}`, when: dayOfMomentWords(said.sent_at) })),
      mayWithdraw: isOpen,
      mayAnswer: one.state !== 'withdrawn' && one.is_entered,
      trouble: null,
    })
  },
  onAgain() {
    void this.load()
  },
  onAnswerText(event: WechatMiniprogram.CustomEvent<{ value: string }>) {
    this.setData({ answer: event.detail.value })
  },
  async onAnswer() {
    const text = this.data.answer.trim()
    if (!text) return
    await this.do((capability) => sayTo(capability, text))
    this.setData({ answer: '' })
  },
  onSeenWords(event: WechatMiniprogram.Input) {
    this.setData({ seenWords: event.detail.value })
  },
  async onRecheck(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { answer: string }>) {
    const { answer } = event.currentTarget.dataset
    const words = this.data.seenWords.trim()
    if (answer === 'unsolved' && !words) return void wx.showToast({ title: '请用一句话写明哪里没解决', icon: 'none' })
    const asked = await wx.showModal({ title: answer === 'solved' ? '确认：解决了？' : '确认：没解决？', content: '提交后不能修改。', confirmText: '提交', cancelText: '再看看' })
    if (asked.confirm) await this.do((capability) => recheck(capability, answer, words))
  },
  async onWithdraw() {
    const asked = await wx.showModal({ title: '撤回这份上报？', content: '撤回后不再办理，文字会删掉，也不能恢复。', confirmText: '撤回', cancelText: '不撤回' })
    if (asked.confirm) await this.do(takeBack)
  },
  async onCopied() {
    await codeIsCopied(this.data.number)
    this.setData({ groups: [] })
  },
  async do(deed: (capability: string) => Promise<SealedCard>) {
    if (!this.kept) return
    try {
      this.draw(await deed(this.kept.capability))
    } catch (error) {
      await tell(error)
    }
  },
})

import { looks } from '../../../../behaviors/looks'
import { acceptMission, finishMission, foundWords, keptMission, Mission, mission, Stop, summaryOf } from '../../../../services/missions'
import { answersWaiting, Pending, sendAnswers } from '../../../../services/answering'
import { tell, Trouble, troubleOf, wordsOf } from '../../../../services/refusal'
import { noteOpening } from '../../../../services/reminders'
import { dayWords } from '../../../../services/words'

const ANSWERED_IN = ['under_way', 'finished']

Page({
  behaviors: [looks],
  data: {
    id: '',
    told: null as Mission | null,
    on: '',
    members: '',
    stops: [] as object[],
    mayAccept: false,
    mayAnswer: false,
    mayFinish: false,
    summary: '',
    sending: false,
    notice: '',
    trouble: null as Trouble | null,
  },
  onLoad({ id = '', m = '' }: { id?: string; m?: string }) {
    this.setData({ id, summary: summaryOf(id).get() })
    noteOpening(m)
  },
  onShow() {
    const kept = keptMission(this.data.id)
    if (kept) this.draw(kept)
    void this.load()
  },
  async load() {
    await sendAnswers()
    try {
      this.draw(await mission(this.data.id))
      this.setData({ notice: '', trouble: null })
    } catch (error) {
      if (this.data.told) this.setData({ notice: `${wordsOf(error).title}下面是手机上存的内容。` })
      else this.setData({ trouble: troubleOf(error) })
    }
  },
  draw(told: Mission) {
    const { state, is_accepted, planned_on } = told.line
    const waiting = answersWaiting(told.line.id)
    const isDone = told.stops.every((stop) => stop.questions.every((one) => one.answer))
    this.setData({
      told,
      on: dayWords(planned_on),
      members: told.members.join('、'),
      stops: told.stops.map((stop, at) => stopCard(stop, at, waiting)),
      mayAnswer: is_accepted && ANSWERED_IN.includes(state),
      mayFinish: is_accepted && state === 'under_way' && isDone && !waiting.length,
      mayAccept: !is_accepted && !['finished', 'cancelled'].includes(state),
    })
  },
  onAgain() {
    void this.load()
  },
  async onAccept() {
    if (this.data.sending) return
    this.setData({ sending: true })
    try {
      this.draw(await acceptMission(this.data.id))
      void wx.showToast({ title: '已接受任务。', icon: 'none' })
    } catch (error) {
      await tell(error)
    }
    this.setData({ sending: false })
  },
  onPoint(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { id: string }>) {
    if (!this.data.mayAnswer) return
    void wx.navigateTo({ url: `/packages/team/pages/answer/answer?mission=${this.data.id}&question=${event.currentTarget.dataset.id}` })
  },
  onSummary(event: WechatMiniprogram.Input) {
    summaryOf(this.data.id).set(event.detail.value)
    this.setData({ summary: event.detail.value })
  },
  async onFinish() {
    if (this.data.sending || !this.data.summary.trim()) return
    this.setData({ sending: true })
    try {
      this.draw(await finishMission(this.data.id, this.data.summary.trim()))
      summaryOf(this.data.id).clear()
      void wx.showToast({ title: '任务已完成。', icon: 'none' })
    } catch (error) {
      await tell(error)
    }
    this.setData({ sending: false })
  },
  onWhere(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { at: number }>) {
    const stop = this.data.told!.stops[event.currentTarget.dataset.at]
    if (stop?.where) void wx.openLocation({ ...stop.where, name: stop.place_name })
  },
})

function stopCard(stop: Stop, at: number, waiting: Pending[]): object {
  const questions = stop.questions.map((one) => {
    const own = waiting.find((answer) => answer.question === one.id)
    const found = own?.given ?? one.answer
    const fate = own ? own.trouble || '已存在手机上，打开小程序且有信号时送达' : ''
    return { id: one.id, text: one.text, photo: one.needs_photo, found: foundWords(found), failed: found?.passed === false, fate }
  })
  return { id: stop.id, at, name: `${at + 1}．${stop.place_name}`, mapped: !!stop.where, questions }
}

import { looks } from '../../../../behaviors/looks'
import { acceptMission, foundWords, keptMission, Mission, mission, Stop } from '../../../../services/missions'
import { tell, Trouble, troubleOf, wordsOf } from '../../../../services/refusal'
import { dayWords } from '../../../../services/words'

Page({
  behaviors: [looks],
  data: {
    id: '',
    told: null as Mission | null,
    on: '',
    members: '',
    stops: [] as object[],
    mayAccept: false,
    sending: false,
    notice: '',
    trouble: null as Trouble | null,
  },
  onLoad({ id = '' }: { id?: string }) {
    this.setData({ id })
    const kept = keptMission(id)
    if (kept) this.draw(kept)
    void this.load()
  },
  async load() {
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
    this.setData({
      told,
      on: dayWords(planned_on),
      members: told.members.join('、'),
      stops: told.stops.map(stopCard),
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
  onWhere(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { at: number }>) {
    const stop = this.data.told!.stops[event.currentTarget.dataset.at]
    if (stop?.where) void wx.openLocation({ ...stop.where, name: stop.place_name })
  },
})

function stopCard(stop: Stop, at: number): object {
  const questions = stop.questions.map((one) => ({ id: one.id, text: one.text, photo: one.needs_photo, found: foundWords(one), failed: one.answer?.passed === false }))
  return { id: stop.id, at, name: `${at + 1}．${stop.place_name}`, mapped: !!stop.where, questions }
}

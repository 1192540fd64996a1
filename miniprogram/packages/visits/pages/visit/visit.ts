import { looks } from '../../../../behaviors/looks'
import { ballotAt, fateOf, onBallots, sendBallots, unsentBallots } from '../../../../services/ballots'
import { sendCheckIns } from '../../../../services/checking_in'
import { Trouble, troubleOf, wordsOf } from '../../../../services/refusal'
import { noteOpening } from '../../../../services/reminders'
import { keptVisit, Visit, visit, visitOfScene, VisitStop } from '../../../../services/visits'
import { dayWords, momentWords } from '../../../../services/words'

const NOT_INVITED = { title: '您没有受邀参加这次观摩。', hint: '如果名单有误，请联系现场工作人员。', again: false }
let stop: () => void = () => undefined

Page({
  behaviors: [looks],
  data: { id: '', told: null as Visit | null, on: '', locks: '', stops: [] as object[], waits: 0, isOver: false, notice: '', trouble: null as Trouble | null },
  // A printed code carries its stop as scene=…; it is an address and nothing more.
  async onLoad({ id = '', scene = '', m = '' }: { id?: string; scene?: string; m?: string }) {
    noteOpening(m)
    stop = onBallots(() => this.redraw())
    this.setData({ id })
    if (scene) await this.find(decodeURIComponent(scene))
  },
  onUnload() {
    stop()
  },
  onShow() {
    this.redraw()
    if (this.data.id) void this.load()
  },
  async find(scene: string) {
    try {
      const id = await visitOfScene(scene)
      if (!id) return this.setData({ trouble: NOT_INVITED })
      const at = (await visit(id)).stops.find((one) => one.scene === scene)
      await wx.redirectTo({ url: `/packages/visits/pages/stop/stop?visit=${id}&stop=${at?.id ?? ''}&wall=1` })
    } catch (error) {
      this.setData({ trouble: troubleOf(error) })
    }
  },
  async load() {
    await sendCheckIns()
    await sendBallots()
    try {
      this.draw(await visit(this.data.id))
      this.setData({ notice: '', trouble: null })
    } catch (error) {
      if (this.data.told) this.setData({ notice: `${wordsOf(error).title}下面是手机上存的内容。` })
      else this.setData({ trouble: troubleOf(error) })
    }
  },
  redraw() {
    const kept = keptVisit(this.data.id)
    if (kept) this.draw(kept)
  },
  draw(told: Visit) {
    const isOver = !['open', 'locked'].includes(told.line.state)
    this.setData({
      told,
      on: dayWords(told.line.held_on),
      locks: momentWords(told.locks_at),
      stops: told.stops.map((one) => card(one, isOver)),
      waits: unsentBallots().filter((one) => one.visit === told.line.id && one.state === 'submitted').length,
      isOver,
    })
  },
  onAgain() {
    void this.load()
  },
  onStop(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { id: string }>) {
    void wx.navigateTo({ url: `/packages/visits/pages/stop/stop?visit=${this.data.id}&stop=${event.currentTarget.dataset.id}` })
  },
  onResult() {
    void wx.navigateTo({ url: `/packages/visits/pages/result/result?id=${this.data.id}` })
  },
})

function card(one: VisitStop, isOver: boolean): object {
  const own = ballotAt(one.id)
  const fate = own && !isOver ? fateOf(own) : one.ballot?.words ?? ''
  const words = one.is_recused ? '您需要回避，不用打分' : fate || (one.check_in ? one.check_in.label : one.is_open ? '可以签到' : '')
  const isDone = one.ballot?.state === 'submitted' || own?.base.state === 'submitted'
  const hours = `${momentWords(one.opens_at).split(' ')[1]}—${momentWords(one.closes_at).split(' ')[1]}`
  return { id: one.id, name: `${one.position}．${one.name}`, place: one.place_name, hours, words, isDone, isRecused: one.is_recused }
}

import { looks } from '../../../../behaviors/looks'
import { askWithin, prepare } from '../../../../services/asking'
import { newId } from '../../../../services/ids'
import { Refusal, tell, Trouble, troubleOf } from '../../../../services/refusal'
import { Reason, reply, see } from '../../../../services/reviews'

const DEPUTY = '两代表一委员'
type How = 'questions' | 'refusals'

Page({
  behaviors: [looks],
  data: { id: '', how: 'questions' as How, reasons: [] as Reason[], reason: '', words: '', twoPersons: false, sending: false, trouble: null as Trouble | null },
  version: 0,
  key: '',
  onLoad({ id = '', how = 'questions' }: { id?: string; how?: How }) {
    this.setData({ id, how })
    void wx.setNavigationBarTitle({ title: how === 'refusals' ? '不予采纳' : '请上报人补充' })
    void prepare('reviewed')
    void this.load()
  },
  onAgain() {
    void this.load()
  },
  async load() {
    try {
      const review = await see(this.data.id)
      this.version = review.version
      this.key = await newId()
      const isRefusal = this.data.how === 'refusals'
      const reasons = isRefusal ? review.decline_reasons : review.ask_reasons
      this.setData({ reasons, twoPersons: isRefusal && review.line.role_label === DEPUTY, trouble: null })
    } catch (error) {
      this.setData({ trouble: troubleOf(error) })
    }
  },
  /** The office said no: what was chosen stays, for the report as it now stands. */
  async beginAnew() {
    this.key = await newId()
    this.version = await see(this.data.id).then((review) => review.version, () => this.version)
  },
  onReason(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { code: string }>) {
    this.setData({ reason: event.currentTarget.dataset.code })
  },
  onWords(event: WechatMiniprogram.Input) {
    this.setData({ words: event.detail.value })
  },
  onSubmit() {
    if (!this.data.reason || this.data.sending) return
    void this.submit(askWithin('reviewed'))
  },
  async submit(asked: Promise<void>) {
    this.setData({ sending: true })
    const { id, how, reason, words } = this.data
    try {
      const review = await reply(id, how, { key: this.key, version: this.version, reason, words: words.trim() })
      await asked
      const isProposed = how === 'refusals' && review.is_open
      void wx.showToast({ title: isProposed ? '已提出，请另一位同志确认。' : '已答复上报人。', icon: 'none' })
      await wx.navigateBack()
    } catch (error) {
      this.setData({ sending: false })
      if (error instanceof Refusal) await this.beginAnew()
      await tell(error)
    }
  },
})

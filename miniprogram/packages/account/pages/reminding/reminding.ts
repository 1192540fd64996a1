import { looks } from '../../../../behaviors/looks'
import { wordsOf, tell } from '../../../../services/refusal'
import { clockOf, keepQuiet, makeFeed, minuteOf, ReminderSettings, reminderSettings, revokeFeed, TemplateState, WeChatSwitch, wechatSwitch } from '../../../../services/reminders'

const STATES: Record<TemplateState['state'], string> = {
  accepted: '可以收到',
  no_credit: '次数已用完',
  rejected: '您选择了不接收',
  never_asked: '还没有问过您',
}
const EVENING = 21 * 60
const MORNING = 9 * 60

Page({
  behaviors: [looks],
  data: {
    settings: null as ReminderSettings | null,
    isOff: false,
    rows: [] as object[],
    isQuiet: false,
    from: '',
    until: '',
    open: '',
    feed: '',
    trouble: '',
  },
  onShow() {
    void this.load()
  },
  async load() {
    try {
      this.show(await reminderSettings(), await wechatSwitch())
    } catch (error) {
      this.setData({ trouble: wordsOf(error).title })
    }
  },
  show(settings: ReminderSettings, wechat: WeChatSwitch | null = null) {
    const isQuiet = settings.quiet_from !== null
    this.setData({
      settings,
      isOff: wechat ? wechat.isOff : this.data.isOff,
      rows: settings.templates.map((one) => rowOf(one, wechat)),
      isQuiet,
      from: clockOf(settings.quiet_from ?? EVENING),
      until: clockOf(settings.quiet_until ?? MORNING),
      open: `${clockOf(settings.opens)}到${clockOf(settings.closes)}`,
      trouble: '',
    })
  },
  onFrom(event: WechatMiniprogram.PickerChange) {
    void this.keep(String(event.detail.value), this.data.until)
  },
  onUntil(event: WechatMiniprogram.PickerChange) {
    void this.keep(this.data.from, String(event.detail.value))
  },
  onQuiet() {
    void (this.data.isQuiet ? this.keep(null, null) : this.keep(this.data.from, this.data.until))
  },
  async keep(from: string | null, until: string | null) {
    try {
      this.show(await keepQuiet(from === null ? null : minuteOf(from), until === null ? null : minuteOf(until)))
    } catch (error) {
      await tell(error)
    }
  },
  onSettings() {
    void wx.openSetting({ withSubscriptions: true })
  },
  async onFeed() {
    try {
      this.setData({ feed: await makeFeed() })
      await this.load()
    } catch (error) {
      await tell(error)
    }
  },
  onCopy() {
    void wx.setClipboardData({ data: this.data.feed })
  },
  async onRevoke() {
    try {
      await revokeFeed()
      this.setData({ feed: '' })
      await this.load()
    } catch (error) {
      await tell(error)
    }
  },
})

function rowOf(one: TemplateState, wechat: WeChatSwitch | null): object {
  const isRefused = wechat?.items[one.template] === 'reject'
  return {
    key: one.template,
    name: one.name,
    state: wechat?.isOff ? '微信总开关已关' : isRefused ? STATES.rejected : STATES[one.state],
    words: wechat?.isOff ? '打开总开关以后才能收到。' : isRefused ? '要重新接收，请在微信的设置里打开。' : one.words,
  }
}

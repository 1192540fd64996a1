import { looks } from '../../behaviors/looks'
import { tab } from '../../behaviors/tab'
import { Profile, profile } from '../../services/account'
import { chooseElder, ElderChoice, elderChoice } from '../../services/looks'
import { Duty, person, token } from '../../services/session'
import { observes } from '../../services/visits'
import { dayWords } from '../../services/words'

const SIZES: { value: ElderChoice; label: string; words: string }[] = [
  { value: 'follow', label: '跟随微信', words: '微信里调大字号，这里也变大' },
  { value: 'on', label: '大字', words: '字更大，每屏选择更少' },
  { value: 'off', label: '标准', words: '' },
]
const ROWS = [
  { label: '凭邀请码加入', icon: 'scan', url: '/packages/account/pages/join/join' },
  { label: '提醒设置', icon: 'time', url: '/packages/account/pages/reminding/reminding' },
  { label: '谁能看到我', icon: 'secured', url: '/packages/account/pages/seen/seen' },
  { label: '密封上报', icon: 'lock-on', url: '/packages/sealed/pages/shelf/shelf' },
  { label: '我的数据', icon: 'secured', url: '/packages/account/pages/data/data' },
  { label: '关于督察通', icon: 'info-circle', url: '/packages/account/pages/about/about' },
]
const MISSIONS = { label: '督察任务', icon: 'task-checked', url: '/packages/team/pages/missions/missions' }
const VISITS = { label: '实地观摩', icon: 'location', url: '/packages/visits/pages/list/list' }
const CITIZEN = 'citizen'
const GOES = 'team_member'

Page({
  behaviors: [looks, tab],
  data: { name: '', nickname: '', avatar: '', leaves: '', duties: [] as Duty[], sizes: SIZES, size: 'follow' as ElderChoice, rows: ROWS },
  onShow() {
    this.draw()
    void token().then(() => this.draw(), () => undefined)
    void this.load()
  },
  draw() {
    const duties = person()?.duties ?? []
    const mayJoin = duties.every((duty) => duty.role === CITIZEN)
    const goes = duties.some((duty) => duty.role === GOES)
    this.setData({ name: person()?.designation ?? '', duties, size: elderChoice(), rows: [...(goes ? [MISSIONS] : []), ...(observes() ? [VISITS] : []), ...(mayJoin ? ROWS : ROWS.slice(1))] })
  },
  async load() {
    const own = await profile().catch((): Profile | null => null) // what is known without a network is shown already
    if (own) this.setData({ nickname: own.nickname, avatar: own.avatar, leaves: own.leaves_on ? dayWords(own.leaves_on) : '' })
  },
  onSize(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { value: ElderChoice }>) {
    const { value } = event.currentTarget.dataset
    chooseElder(value)
    this.setData({ size: value })
  },
  onGo(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { url: string }>) {
    void wx.navigateTo({ url: event.currentTarget.dataset.url })
  },
})

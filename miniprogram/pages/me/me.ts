import { looks } from '../../behaviors/looks'
import { tab } from '../../behaviors/tab'
import { chooseElder } from '../../services/looks'
import { Duty, person } from '../../services/session'

Page({
  behaviors: [looks, tab],
  data: { name: '', duties: [] as Duty[] },
  onShow() {
    this.setData({ name: person()?.designation ?? '', duties: person()?.duties ?? [] })
  },
  onElder(event: WechatMiniprogram.CustomEvent<{ value: boolean }>) {
    chooseElder(event.detail.value ? 'on' : 'off')
  },
})

import { isElder, onLooks } from '../services/looks'
import { onPerson } from '../services/session'
import { Tab, tabs } from '../services/tabs'
import { onUnread } from '../services/unread'

const stops = new WeakMap<object, (() => void)[]>()

Component({
  data: { here: '', tabs: [] as Tab[], elder: false },
  lifetimes: {
    attached() {
      const draw = (): void => this.draw()
      stops.set(this, [onPerson(draw), onUnread(draw), onLooks(draw)])
      draw()
    },
    detached() {
      stops.get(this)?.forEach((stop) => stop())
    },
  },
  methods: {
    onTab(event: WechatMiniprogram.BaseEvent<WechatMiniprogram.IAnyObject, { path: string }>) {
      void wx.switchTab({ url: `/${event.currentTarget.dataset.path}` })
    },
    draw() {
      this.setData({ tabs: tabs(), elder: isElder() })
    },
    sync() {
      const page = getCurrentPages().pop()
      if (page) this.setData({ here: page.route, tabs: tabs(), elder: isElder() })
    },
  },
})

// What a page shows instead of what it was opened for: what happened, what to do, and a way on.
// Where looking again may help, it looks again by itself: when the line is back, and now and then before that.
import { looks } from '../../behaviors/looks'
import { Trouble } from '../../services/refusal'

const PAUSES_S = [5, 10, 20, 40, 60]

Component({
  behaviors: [looks],
  properties: {
    told: { type: Object, value: null as unknown as Trouble },
  },
  observers: {
    told(told: Trouble | null) {
      if (told?.again) this.arrange()
      else this.rest()
    },
  },
  lifetimes: {
    created() {
      const again = (now: { isConnected: boolean }): void => {
        if (now.isConnected && this.data.told?.again) this.onAgain()
      }
      waits.set(this, { looks: 0, timer: null, again })
    },
    attached() {
      wx.onNetworkStatusChange(waits.get(this)!.again)
    },
    detached() {
      wx.offNetworkStatusChange(waits.get(this)!.again as () => void)
      this.rest()
    },
  },
  pageLifetimes: {
    show() {
      if (this.data.told?.again) this.arrange()
    },
    hide() {
      this.rest()
    },
  },
  methods: {
    arrange() {
      this.rest()
      const wait = waits.get(this)!
      const pause = PAUSES_S[Math.min(wait.looks, PAUSES_S.length - 1)]
      wait.looks += 1
      wait.timer = setTimeout(() => this.onAgain(), pause * 1000)
    },
    rest() {
      const wait = waits.get(this)
      if (wait?.timer) clearTimeout(wait.timer)
      if (wait) wait.timer = null
    },
    onAgain() {
      this.triggerEvent('again')
    },
    async onBack() {
      if (getCurrentPages().length > 1) await wx.navigateBack()
      else await wx.switchTab({ url: '/pages/home/home' })
    },
  },
})

interface Wait {
  looks: number
  timer: ReturnType<typeof setTimeout> | null
  again: (now: { isConnected: boolean }) => void
}
const waits = new WeakMap<object, Wait>()

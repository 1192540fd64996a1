// What a page shows instead of what it was opened for: what happened, what to do, and a way on.
import { looks } from '../../behaviors/looks'
import { Trouble } from '../../services/refusal'

Component({
  behaviors: [looks],
  properties: {
    told: { type: Object, value: null as unknown as Trouble },
  },
  methods: {
    onAgain() {
      this.triggerEvent('again')
    },
    async onBack() {
      if (getCurrentPages().length > 1) await wx.navigateBack()
      else await wx.switchTab({ url: '/pages/home/home' })
    },
  },
})

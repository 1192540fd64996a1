import { looks } from '../../behaviors/looks'
import { tab } from '../../behaviors/tab'
import { person, token } from '../../services/session'

Page({
  behaviors: [looks, tab],
  data: { greeting: '您好' },
  onShow() {
    void this.greet()
  },
  async greet() {
    await token().catch(() => undefined)
    const name = person()?.designation
    this.setData({ greeting: name ? `${name}，您好` : '您好' })
  },
})

import { looks } from '../../../../behaviors/looks'
import { tell } from '../../../../services/refusal'
import { digitsIn, groupsOf, isCode } from '../../../../services/sealing'
import { restore } from '../../../../services/sealed'

const LENGTH = 24

Page({
  behaviors: [looks],
  data: { digits: '', shown: '', lacks: '请输入24位取件码', wrong: '' },
  onTyped(event: WechatMiniprogram.CustomEvent<{ value: string }>) {
    const digits = digitsIn(event.detail.value)
    const lacks = digits.length === LENGTH ? '' : digits.length > LENGTH ? '多了，一共24位' : `还差${LENGTH - digits.length}位`
    const wrong = !lacks && !isCode(digits) ? '取件码不对，请看第几组抄错了。' : ''
    this.setData({ digits, lacks, wrong, shown: groupsOf(digits).join(' ') })
  },
  async onRestore() {
    if (this.data.lacks || this.data.wrong) return
    try {
      const { number } = await restore(this.data.digits)
      await wx.redirectTo({ url: `/packages/sealed/pages/one/one?number=${number}` })
    } catch (error) {
      await tell(error)
    }
  },
})

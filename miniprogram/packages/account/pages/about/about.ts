import { looks } from '../../../../behaviors/looks'
import { profile } from '../../../../services/account'

Page({
  behaviors: [looks],
  data: { version: '开发版', agreed: '' },
  onLoad() {
    const { version } = wx.getAccountInfoSync().miniProgram
    if (version) this.setData({ version })
    void this.load()
  },
  async load() {
    const own = await profile().catch(() => null)
    if (own?.agreed_to) this.setData({ agreed: `已同意第${own.agreed_to}版` })
  },
  onGuideline() {
    void wx.openPrivacyContract({})
  },
  onSettings() {
    void wx.openSetting({})
  },
})

import { chooseServer } from './services/config'
import { startLooks } from './services/looks'
import { flush } from './services/sending'

App({
  onLaunch() {
    chooseServer()
    startLooks()
    wx.onNetworkStatusChange((now) => {
      if (now.isConnected) void flush()
    })
  },
  onShow() {
    void flush()
  },
})

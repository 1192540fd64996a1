import { sendAnswers } from './services/answering'
import { tellOutcomes } from './services/asking'
import { chooseServer } from './services/config'
import { carryEvidence } from './services/deeds'
import { startLooks } from './services/looks'
import { flush } from './services/sending'

/** Whatever still lies on this phone for the office goes there. */
function carryAll(): void {
  void flush()
  void sendAnswers().then(carryEvidence)
  void tellOutcomes()
}

App({
  onLaunch() {
    chooseServer()
    startLooks()
    wx.onNetworkStatusChange((now) => {
      if (now.isConnected) carryAll()
    })
  },
  onShow() {
    carryAll()
  },
})

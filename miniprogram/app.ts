import { sendAnswers } from './services/answering'
import { tellOutcomes } from './services/asking'
import { chooseServer } from './services/config'
import { carryEvidence } from './services/deeds'
import { fetchTickets } from './services/fetching_tickets'
import { startLooks } from './services/looks'
import { sendRechecks } from './services/rechecking'
import { carryBy, setOpen } from './services/retrying'
import { flush } from './services/sending'

/** Whatever still lies on this phone for the office goes there. */
function carryAll(): void {
  void flush()
  void sendAnswers().then(sendRechecks).then(carryEvidence)
  void tellOutcomes()
  void fetchTickets()
}

App({
  onLaunch() {
    chooseServer()
    carryBy(carryAll)
    startLooks()
    wx.onNetworkStatusChange((now) => {
      if (now.isConnected) carryAll()
    })
  },
  onShow() {
    setOpen(true)
    carryAll()
  },
  onHide() {
    setOpen(false)
  },
})

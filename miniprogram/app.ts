import { sendAnswers } from './services/answering'
import { tellOutcomes } from './services/asking'
import { sendBallots } from './services/ballots'
import { sendCheckIns } from './services/checking_in'
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
  void sendCheckIns().then(sendBallots)
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

import { chooseServer } from './services/config'
import { startLooks } from './services/looks'

App({
  onLaunch() {
    chooseServer()
    startLooks()
  },
})

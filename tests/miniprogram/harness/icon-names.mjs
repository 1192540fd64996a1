// Prints {icon: code point} of every icon that the mini-program or its components may show; see vendor/subset-icons.py.
import fs from 'node:fs'
import path from 'node:path'
import { Graph } from './graph.mjs'
import { wordsIn } from './vendor.mjs'

const root = path.resolve(import.meta.dirname, '../../../miniprogram')
const graph = new Graph(root, { fromNodeModules: true }).trace()
const words = wordsIn(graph)
const sheet = [...graph.wxss.keys()].find((file) => /icon[\\/]icon\.wxss$/.test(file))
// Kept besides, so that a page can take one of these without the font being cut anew.
const SPARE = `add add-circle app arrow-left arrow-right assignment assignment-checked attach backward books calendar call camera
  caret-down-small caret-right-small chart-bar chat check check-circle check-circle-filled chevron-down chevron-left chevron-right
  chevron-up circle clear close close-circle close-circle-filled cloud-download cloud-upload copy creditcard delete dashboard
  discount download edit edit-1 ellipsis error error-circle error-circle-filled error-triangle file file-attachment file-copy file-pdf
  filter flag folder help help-circle help-circle-filled history home image info-circle info-circle-filled internet keyboard layers
  link list loading location location-filled lock-off lock-on login logout mail map map-location map-information-2 menu minus mobile more
  notification notification-filled order-adjustment-column pending phone phone-locked photo play-circle poweroff qrcode queue refresh relativity
  remove rollback root-list save scan search secured send service setting share shield-error star star-filled stop-circle swap system-code
  task task-checked thumb-up thumb-down time time-filled tips undo unfold-more upload usb user user-add user-checked user-circle user-talk usergroup
  verified view-list wifi wifi-off zoom-in`.split(/\s+/)
const names = {}
for (const [, name, code] of fs.readFileSync(sheet, 'utf8').matchAll(/\.t-icon-([a-z0-9-]+):before\{content:'\\([0-9A-Fa-f]+)'/g)) {
  if (words.has(name) || SPARE.includes(name)) names[name] = code
}
console.log(JSON.stringify(names))

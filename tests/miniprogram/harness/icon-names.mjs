// Prints {icon: code point} of every icon that the mini-program or its components may show; see vendor/subset-icons.py.
import fs from 'node:fs'
import path from 'node:path'
import { Graph } from './graph.mjs'
import { wordsIn } from './vendor.mjs'

const root = path.resolve(import.meta.dirname, '../../../miniprogram')
const graph = new Graph(root, { fromNodeModules: true }).trace()
const words = wordsIn(graph)
const sheet = [...graph.wxss.keys()].find((file) => /icon[\\/]icon\.wxss$/.test(file))
const names = {}
for (const [, name, code] of fs.readFileSync(sheet, 'utf8').matchAll(/\.t-icon-([a-z0-9-]+):before\{content:'\\([0-9A-Fa-f]+)'/g)) {
  if (words.has(name)) names[name] = code
}
console.log(JSON.stringify(names))

// Copies what the mini-program uses of its npm packages to miniprogram_npm, so that it opens in DevTools as it lies.
//   node vendor.mjs           write it anew
//   node vendor.mjs --check [source]   say whether what lies there is what the lock file and this script give
import fs from 'node:fs'
import path from 'node:path'
import { Graph } from './graph.mjs'

const ROOT = path.resolve(import.meta.dirname, '../../../miniprogram')
const FONT = path.resolve(import.meta.dirname, '../vendor/icons.json')
const KEEP = ['LICENSE']

/** {path below miniprogram_npm: bytes} */
export function vendored(root = ROOT) {
  const graph = new Graph(root, { fromNodeModules: true }).trace()
  if (graph.problems.length) throw new Error(graph.problems.join('\n'))
  const modules = path.join(root, 'node_modules')
  const found = {}
  for (const file of [...graph.files].filter((one) => one.startsWith(modules + path.sep))) {
    const { name, rest } = packageOf(modules, file)
    const bytes = fs.readFileSync(file)
    found[`${name}/${rest}`] = /icon[\\/]icon\.wxss$/.test(file) ? withOwnFont(bytes.toString('utf8'), graph) : bytes
    for (const kept of KEEP) if (fs.existsSync(path.join(modules, name, kept))) found[`${name}/${kept}`] = fs.readFileSync(path.join(modules, name, kept))
  }
  return found
}

function packageOf(modules, file) {
  const parts = path.relative(modules, file).split(path.sep)
  const depth = parts[0].startsWith('@') ? 2 : 1
  const name = parts.slice(0, depth).join('/')
  const rest = parts.slice(depth)
  const { miniprogram } = JSON.parse(fs.readFileSync(path.join(modules, name, 'package.json'), 'utf8'))
  if (rest[0] === miniprogram) rest.shift()
  return { name, rest: rest.join('/') }
}

// TDesign takes its icon font from a CDN and has a rule for each of 2,352 icons; ours must show without a network.
function withOwnFont(css, graph) {
  const { font, glyphs } = JSON.parse(fs.readFileSync(FONT, 'utf8'))
  const wanted = wordsIn(graph)
  const missing = []
  const kept = css.replace(/\.t-icon-([a-z0-9-]+):before\{content:'\\([0-9A-Fa-f]+)';?\}\n?/g, (rule, name, code) => {
    if (!wanted.has(name)) return ''
    if (glyphs[name] !== code) missing.push(`${name} ${code}`)
    return rule
  })
  if (missing.length) throw new Error(`the icon font lacks ${missing.join(', ')}: run vendor/subset-icons.py`)
  return Buffer.from(kept.replace(/src:url\(https:[^;]*;/, `src:url(data:font/woff2;base64,${font}) format('woff2');`))
}

/** Every word that could be an icon's name: any word of the library, any word in quotes of ours. */
export function wordsIn(graph) {
  const words = new Set()
  for (const file of graph.files) {
    if (!/\.(wxml|wxs|ts|js|json)$/.test(file)) continue
    const any = file.includes(`${path.sep}node_modules${path.sep}`) ? /()([a-z][a-z0-9]*(?:-[a-z0-9]+)*)/g : /(['"`])([a-z][a-z0-9]*(?:-[a-z0-9]+)*)\1/g
    for (const [, , word] of fs.readFileSync(file, 'utf8').matchAll(any)) words.add(word)
  }
  return words
}

function lying(folder) {
  if (!fs.existsSync(folder)) return {}
  const files = fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
  return Object.fromEntries(files.map((one) => {
    const file = path.join(one.parentPath ?? one.path, one.name)
    return [path.relative(folder, file).split(path.sep).join('/'), fs.readFileSync(file)]
  }))
}

function differing(wanted, has) {
  const names = new Set([...Object.keys(wanted), ...Object.keys(has)])
  return [...names].filter((name) => !wanted[name] || !has[name] || !wanted[name].equals(has[name])).sort()
}

if (process.argv[1] === import.meta.filename) {
  const root = path.resolve(process.argv.find((one, i) => i > 1 && !one.startsWith('--')) ?? ROOT)
  const folder = path.join(root, 'miniprogram_npm')
  const wanted = vendored(root)
  if (process.argv.includes('--check')) {
    const other = differing(wanted, lying(folder))
    if (other.length) console.error(`miniprogram_npm 与锁定的依赖不一致，请运行 node tests/miniprogram/harness/vendor.mjs：\n${other.join('\n')}`)
    process.exitCode = other.length ? 1 : 0
  } else {
    fs.rmSync(folder, { recursive: true, force: true })
    for (const [name, bytes] of Object.entries(wanted)) {
      fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
      fs.writeFileSync(path.join(folder, name), bytes)
    }
    console.log(`miniprogram_npm: ${Object.keys(wanted).length} files, ${Math.round(Object.values(wanted).reduce((sum, one) => sum + one.length, 0) / 1024)} KB`)
  }
}

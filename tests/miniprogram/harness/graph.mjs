// From app.json to every file that the mini-program uses, as WeChat's own filter of unused files goes.
import fs from 'node:fs'
import path from 'node:path'

const isFile = (p) => { try { return fs.statSync(p).isFile() } catch { return false } }
const posix = (p) => p.split(path.sep).join('/')

export class Graph {
  /** Packages are taken from miniprogram_npm, or, for vendoring it anew, from node_modules. */
  constructor(root, { fromNodeModules = false } = {}) {
    this.root = path.resolve(root)
    this.fromNodeModules = fromNodeModules
    this.app = JSON.parse(fs.readFileSync(path.join(this.root, 'app.json'), 'utf8'))
    this.files = new Set()
    this.components = new Map() // id -> {id, json, using, kind}
    this.scripts = new Map() // file -> [{spec, target}]
    this.wxml = new Set()
    this.wxs = new Set()
    this.wxss = new Map() // file -> imports
    this.problems = []
  }

  id(file) { return posix(path.relative(this.root, file)).replace(/\.(ts|js|wxml|wxss|json|wxs)$/, '') }
  rel(file) { return posix(path.relative(this.root, file)) }

  npmBases(fromDir) {
    const bases = []
    for (let d = fromDir; ; d = path.dirname(d)) {
      if (!(this.fromNodeModules && d === this.root)) bases.push(path.join(d, 'miniprogram_npm'))
      if (this.fromNodeModules) bases.push(path.join(d, 'node_modules'))
      if (d === this.root || d === path.dirname(d)) break
    }
    return bases
  }

  npmCandidates(fromDir, spec) {
    const out = []
    for (const base of this.npmBases(fromDir)) {
      out.push(path.join(base, spec))
      if (base.endsWith('node_modules')) {
        const parts = spec.split('/')
        const n = spec[0] === '@' ? 2 : 1
        const pkgDir = path.join(base, ...parts.slice(0, n))
        const pj = path.join(pkgDir, 'package.json')
        if (isFile(pj)) {
          const m = JSON.parse(fs.readFileSync(pj, 'utf8')).miniprogram
          if (m) out.push(path.join(pkgDir, m, ...parts.slice(n)))
        }
      }
    }
    return out
  }

  /** miniprogram_npm/<package>/x as it lies in node_modules/<package>/<its miniprogram folder>/x */
  viaNodeModules(file) {
    if (!this.fromNodeModules) return []
    const m = /^(.*?)[\\/]miniprogram_npm[\\/](.*)$/.exec(file)
    return m ? this.npmCandidates(m[1], posix(m[2])).filter((f) => f.includes('node_modules')) : []
  }

  candidates(from, spec) {
    const dir = path.dirname(from)
    if (spec.startsWith('/')) return [path.join(this.root, spec)]
    if (spec.startsWith('.')) return [path.join(dir, spec)]
    return [path.join(dir, spec), ...this.npmCandidates(dir, spec)]
  }

  resolveScript(from, spec) {
    const bare = !/^[./]/.test(spec)
    for (const c of this.candidates(from, spec)) {
      if (bare && c === path.join(path.dirname(from), spec)) continue // in scripts a bare name is a package
      for (const f of [c, `${c}.ts`, `${c}.js`, path.join(c, 'index.ts'), path.join(c, 'index.js')]) if (isFile(f) && /\.(ts|js)$/.test(f) && !f.endsWith('.d.ts')) return f
    }
    return null
  }

  resolveComponent(from, spec) {
    if (/^(plugin|dynamicLib):/.test(spec)) return null
    for (const c of this.candidates(from, spec)) for (const p of [c, path.join(c, 'index')]) if (isFile(`${p}.json`) && (isFile(`${p}.js`) || isFile(`${p}.ts`))) return p
    return null
  }

  pages() {
    const list = [...this.app.pages]
    for (const s of this.app.subpackages || this.app.subPackages || []) for (const p of s.pages) list.push(`${s.root.replace(/\/$/, '')}/${p}`)
    return list
  }

  trace() {
    for (const f of ['app.json', 'app.wxss', 'sitemap.json', this.app.themeLocation].filter(Boolean)) if (isFile(path.join(this.root, f))) this.files.add(path.join(this.root, f))
    if (isFile(path.join(this.root, 'app.wxss'))) this.addWxss(path.join(this.root, 'app.wxss'))
    const appJs = this.resolveScript(path.join(this.root, 'app.json'), './app')
    if (appJs) this.addScript(appJs)
    this.globalUsing = this.addUsing(path.join(this.root, 'app.json'), this.app.usingComponents || {})
    for (const p of this.pages()) this.addComponent(path.join(this.root, p), 'page')
    if (this.app.tabBar?.custom) this.addComponent(path.join(this.root, 'custom-tab-bar/index'), 'component')
    return this
  }

  addUsing(from, using) {
    const out = {}
    for (const [k, v] of Object.entries(using)) {
      const t = this.resolveComponent(from, v)
      if (!t) { this.problems.push(`${this.rel(from)}: no component ${k} -> ${v}`); continue }
      this.addComponent(t, 'component')
      out[k] = `/${this.rel(t)}`
    }
    return out
  }

  addComponent(base, kind) {
    const id = this.rel(base)
    if (this.components.has(id)) return
    const info = { id, kind, base, json: {}, using: {}, generics: {}, main: null }
    this.components.set(id, info)
    if (isFile(`${base}.json`)) { info.json = JSON.parse(fs.readFileSync(`${base}.json`, 'utf8')); this.files.add(`${base}.json`) }
    info.main = this.resolveScript(`${base}.json`, `./${path.basename(base)}`)
    if (info.main) this.addScript(info.main)
    else this.problems.push(`${id}: no script`)
    if (isFile(`${base}.wxml`)) this.addWxml(`${base}.wxml`)
    if (isFile(`${base}.wxss`)) this.addWxss(`${base}.wxss`)
    info.using = this.addUsing(`${base}.json`, info.json.usingComponents || {})
    info.generics = {}
    for (const [k, g] of Object.entries(info.json.componentGenerics || {})) info.generics[k] = g && g.default ? { default: this.addUsing(`${base}.json`, { d: g.default }).d } : g
  }

  addWxml(file) {
    if (this.wxml.has(file)) return
    this.wxml.add(file); this.files.add(file)
    const src = fs.readFileSync(file, 'utf8').replace(/<!--[\s\S]*?-->/g, '')
    for (const m of src.matchAll(/<(import|include|wxs)\b[^>]*?\bsrc\s*=\s*(["'])(.*?)\2/g)) {
      let t = m[3].startsWith('/') ? path.join(this.root, m[3]) : path.join(path.dirname(file), m[3])
      if (m[1] !== 'wxs' && !t.endsWith('.wxml')) t += '.wxml'
      if (!isFile(t)) { this.problems.push(`${this.rel(file)}: no file ${m[3]}`); continue }
      if (m[1] === 'wxs') this.addWxs(t); else this.addWxml(t)
    }
  }

  addWxs(file) {
    if (this.wxs.has(file)) return
    this.wxs.add(file); this.files.add(file)
    for (const m of fs.readFileSync(file, 'utf8').matchAll(/require\(\s*["'](.*?)["']\s*\)/g)) {
      const t = path.join(m[1].startsWith('/') ? this.root : path.dirname(file), m[1])
      if (isFile(t)) this.addWxs(t); else this.problems.push(`${this.rel(file)}: no file ${m[1]}`)
    }
  }

  addWxss(file) {
    if (this.wxss.has(file)) return
    const imports = []
    this.wxss.set(file, imports); this.files.add(file)
    for (const m of fs.readFileSync(file, 'utf8').matchAll(/@import\s+(?:url\()?\s*["'](.*?)["']/g)) {
      if (/^https?:/.test(m[1])) continue
      const t = m[1].startsWith('/') ? path.join(this.root, m[1]) : path.join(path.dirname(file), m[1])
      const hit = [...this.viaNodeModules(t), t].find(isFile)
      if (hit) { imports.push(hit); this.addWxss(hit) } else this.problems.push(`${this.rel(file)}: no file ${m[1]}`)
    }
  }

  addScript(file) {
    if (this.scripts.has(file)) return
    const deps = []
    this.scripts.set(file, deps); this.files.add(file)
    const src = fs.readFileSync(file, 'utf8')
    const specs = new Set()
    for (const m of src.matchAll(/(?:^|[;\n}\s])(?:import|export)\s*(?:type\s+)?(?:[\w*{}\s,$:]+?\s*from\s*)?["']([^"']+)["']/g)) { if (!/^\s*(?:import|export)\s+type\b/.test(m[0].trimStart())) specs.add(m[1]) }
    for (const m of src.matchAll(/\brequire\(\s*["']([^"']+)["']\s*\)/g)) specs.add(m[1])
    for (const spec of specs) {
      const t = this.resolveScript(file, spec)
      if (!t) { this.problems.push(`${this.rel(file)}: no module ${spec}`); continue }
      deps.push({ spec, target: t })
      this.addScript(t)
    }
  }
}

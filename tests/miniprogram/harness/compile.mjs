// Compiles the mini-program to one script for a browser or jsdom: the same for end-to-end and unit tests.
import fs from 'node:fs'
import path from 'node:path'
import { createRequire } from 'node:module'
import { transform } from 'esbuild'
import { Graph } from './graph.mjs'
import { wxsToJs } from './wxs.mjs'
import { compileWxss } from './wxss.mjs'
import { missingHandlers } from './handlers.mjs'
import { unknownTags } from './tags.mjs'

const { TmplGroup } = createRequire(import.meta.url)('glass-easel-template-compiler')
const builtinDir = path.join(import.meta.dirname, 'runtime/builtins')

export async function compileApp(root, { extraComponents = [], extraScripts = [] } = {}) {
  const g = new Graph(root).trace()
  for (const c of extraComponents) g.addComponent(path.join(g.root, c), 'component')
  for (const one of extraScripts) g.addScript(path.join(g.root, one))
  const problems = [...g.problems, ...missingHandlers(g), ...unknownTags(g)]

  // ---- templates
  const tmpl = TmplGroup.newDev()
  const addTmpl = (id, src, label) => {
    for (const w of tmpl.addTmpl(id, src)) problems.push(`${label}:${w.startLine + 1}:${w.startColumn + 1} ${w.level || ''} ${w.message}`)
    for (const name of tmpl.getInlineScriptModuleNames(id)) tmpl.setInlineScript(id, name, wxsToJs(tmpl.getInlineScript(id, name)))
  }
  for (const f of g.wxs) tmpl.addScript(g.id(f), wxsToJs(fs.readFileSync(f, 'utf8')))
  for (const f of g.wxml) addTmpl(g.id(f), fs.readFileSync(f, 'utf8'), g.rel(f))
  for (const f of fs.readdirSync(builtinDir).filter((x) => x.endsWith('.wxml'))) addTmpl(`wx-builtin/${f.slice(0, -5)}`, fs.readFileSync(path.join(builtinDir, f), 'utf8'), `builtin/${f}`)
  const tmplCode = tmpl.getTmplGenObjectGroups()
  tmpl.free()

  // ---- styles and static configuration
  const styles = {}
  const comps = {}
  let n = 0
  for (const c of g.components.values()) {
    const iso = c.json.styleIsolation
    const scoped = iso ? !/shared$/.test(iso) || /apply-shared$/.test(iso) : c.json.component === true
    const scope = scoped ? `s${n++}` : undefined
    const wxss = `${c.base}.wxss`
    if (g.wxss.has(wxss)) styles[c.id] = compileWxss(wxss, g.root, scope)
    comps[c.id] = { kind: c.kind, scope, main: c.main && g.id(c.main), hasStyle: c.id in styles, config: { ...c.json, usingComponents: { ...g.globalUsing, ...c.using }, ...(c.json.componentGenerics && { componentGenerics: c.generics }) } }
  }
  if (fs.existsSync(path.join(g.root, 'app.wxss'))) styles.app = compileWxss(path.join(g.root, 'app.wxss'), g.root)

  // ---- scripts: file by file to CommonJS; the borders stay, for whose Component() it is shows in the order of loading
  const mods = []
  await Promise.all([...g.scripts].map(async ([file, deps]) => {
    const r = await transform(fs.readFileSync(file, 'utf8'), { loader: file.endsWith('.ts') ? 'ts' : 'js', format: 'cjs', target: 'es2020', sourcefile: g.rel(file), sourcemap: 'inline', sourcesContent: true })
    const map = Object.fromEntries(deps.map((d) => [d.spec, g.id(d.target)]))
    mods.push(`${JSON.stringify(g.id(file))}:{deps:${JSON.stringify(map)},fn:function(module,exports,require,wx,App,Page,Component,Behavior,getApp,getCurrentPages){${r.code.replace(/\n\/\/# sourceMappingURL[\s\S]*$/, '')}\n}}`)
  }))
  const theme = g.app.themeLocation ? JSON.parse(fs.readFileSync(path.join(g.root, g.app.themeLocation), 'utf8')) : null
  const code = `globalThis.__MP__={app:${JSON.stringify(g.app)},theme:${JSON.stringify(theme)},pages:${JSON.stringify(g.pages())},comps:${JSON.stringify(comps)},styles:${JSON.stringify(styles)},tmpl:${tmplCode},modules:{${mods.join(',\n')}}};`
  return { code, problems, graph: g, comps }
}

// WXSS to CSS: rpx, tag selectors, class prefixes for isolated components, :host, inlined imports.
import fs from 'node:fs'
import path from 'node:path'
import postcss from 'postcss'
import selectorParser from 'postcss-selector-parser'

export const rpx = (s) => s.replace(/(-?\d*\.?\d+)rpx\b/g, (_, n) => `${+((n * 100) / 750).toFixed(5)}vw`)

function inline(file, root, seen) {
  if (seen.has(file)) return []
  seen.add(file)
  const ast = postcss.parse(fs.readFileSync(file, 'utf8'), { from: file })
  const out = []
  ast.each((node) => {
    if (node.type === 'atrule' && node.name === 'import') {
      const m = /["'](.*?)["']/.exec(node.params)
      if (m && !/^https?:/.test(m[1])) { out.push(...inline(m[1].startsWith('/') ? path.join(root, m[1]) : path.join(path.dirname(file), m[1]), root, seen)); return }
    }
    out.push(node.clone())
  })
  return out
}

export function compileWxss(file, root, scope) {
  const ast = postcss.root()
  ast.append(inline(file, root, new Set()))
  const sel = selectorParser((s) => {
    s.walk((n) => {
      if (n.type === 'tag' && !/^(from|to)$|%$/.test(n.value)) n.value = `wx-${n.value}`
      else if (n.type === 'class' && scope) n.value = `${scope}--${n.value}`
      else if (n.type === 'pseudo' && n.value === ':host') n.replaceWith(selectorParser.attribute({ attribute: 'wx-host', operator: '=', value: scope || '', quoteMark: '"', raws: {} }))
    })
  })
  ast.walkRules((r) => {
    if (r.parent.type === 'atrule' && /keyframes$/.test(r.parent.name)) return
    r.selector = sel.processSync(r.selector)
  })
  ast.walkDecls((d) => { if (d.value.includes('rpx')) d.value = rpx(d.value) })
  ast.walkAtRules((a) => { if (a.params.includes('rpx')) a.params = rpx(a.params) })
  ast.walkComments((c) => c.remove())
  return ast.toString()
}

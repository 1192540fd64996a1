// WXS to JavaScript: three differences, learnt from what the official wcc makes of the same source.
//  1) an unknown escape in a string keeps its backslash: '\d' is \d
//  2) x.constructor is the name of a type, a string
//  3) modules are registered without .wxs; getRegExp and getDate are global
export function wxsToJs(src) {
  let out = ''
  let i = 0
  while (i < src.length) {
    const c = src[i]
    if (c === '/' && src[i + 1] === '/') { const e = src.indexOf('\n', i); const j = e < 0 ? src.length : e; out += ' '; i = j; continue }
    if (c === '/' && src[i + 1] === '*') { const e = src.indexOf('*/', i + 2); i = e < 0 ? src.length : e + 2; out += ' '; continue }
    if (c === '"' || c === "'") {
      let j = i + 1, s = ''
      while (j < src.length && src[j] !== c) {
        if (src[j] === '\\') { const n = src[j + 1]; s += /[nrtbfv0'"\\ux\n]/.test(n) ? `\\${n}` : `\\\\${n}`; j += 2 } else s += src[j++]
      }
      out += c + s + c; i = j + 1; continue
    }
    out += c; i++
  }
  return out
    .replace(/\.constructor\b/g, '.__wxsType')
    .replace(/require\(\s*(["'])(.*?)\.wxs\1\s*\)/g, 'require($1$2$1)')
}

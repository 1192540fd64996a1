// Builds the running mini-program for a browser: node build.mjs <source> <out>
import fs from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'
import { compileApp } from './compile.mjs'

const PAGE = `<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><link rel="icon" href="data:,"><title>督察通</title><link rel="stylesheet" href="shell.css"></head>
<body><script src="hooks.js"></script><script src="app.js"></script><script src="runtime.js"></script></body>
</html>
`

/** Compile `root` to `out`; returns the problems in our own files, and with any of these nothing is built. */
export async function buildWeb(root, out) {
  const { code, problems } = await compileApp(root)
  // TDesign's own templates carry a few harmless warnings; ours may carry none.
  const ours = problems.filter((one) => !one.startsWith('miniprogram_npm/'))
  if (ours.length) return ours
  fs.mkdirSync(out, { recursive: true })
  fs.writeFileSync(path.join(out, 'app.js'), code)
  await build({
    entryPoints: [path.join(import.meta.dirname, 'runtime/main.js')],
    outfile: path.join(out, 'runtime.js'),
    bundle: true,
    format: 'iife',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'error',
  })
  fs.copyFileSync(path.join(import.meta.dirname, 'runtime/shell.css'), path.join(out, 'shell.css'))
  fs.writeFileSync(path.join(out, 'index.html'), PAGE)
  return ours
}

if (process.argv[1] === import.meta.filename) {
  const [source, out] = process.argv.slice(2).map((one) => path.resolve(one))
  const ours = await buildWeb(source, out)
  if (ours.length) console.error(ours.join('\n'))
  process.exitCode = ours.length ? 1 : 0
}

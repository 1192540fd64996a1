// The release gate: WeChat's own upload pipeline compiles the mini-program, without a network and without a key.
// It checks what nothing else does: the schema of every JSON, unused files, and the size after minifying.
// Only two of its steps ask the network, for the project's facts; the package's own defaults stand in for them.
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { generateKeyPairSync } = require('node:crypto')
const ci = require('miniprogram-ci')
const { DefaultProjectAttr } = require('miniprogram-ci/dist/config/config')
const endings = require('miniprogram-ci/dist/utils/white_ext_list')

require('miniprogram-ci/dist/ci/projectattr').getProjectAttr = async () => DefaultProjectAttr
endings.getWhiteExtList = async () => ({
  MiniProgramWhiteList: new Set(endings.MiniProgramWhiteList),
  GameWhiteList: new Set(endings.GameWhiteList),
})

const SOURCE = path.resolve(__dirname, '../../../miniprogram')
const MOST_BYTES = { main: 1.2 * 1024 * 1024, package: 2 * 1024 * 1024 }
const isSource = (file) => !/[\\/]node_modules([\\/]|$)/.test(file)

async function compile(workshop) {
  const key = path.join(workshop, 'key.pem')
  const copy = path.join(workshop, 'source')
  fs.writeFileSync(key, generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' }))
  fs.cpSync(SOURCE, copy, { recursive: true, filter: isSource })
  const project = new ci.Project({ appid: 'wx0123456789abcdef', type: 'miniProgram', projectPath: copy, privateKeyPath: key, ignores: ['node_modules/**/*'] })
  return ci.getCompiledResult({ project, version: '0', setting: { useProjectConfig: true }, onProgressUpdate() {} })
}

function sizesOf(files) {
  const app = JSON.parse(files['app.json'])
  const roots = (app.subPackages ?? []).map((one) => one.root.replace(/\/?$/, '/'))
  const sizes = Object.fromEntries(['main', ...roots].map((name) => [name, 0]))
  for (const [file, content] of Object.entries(files)) {
    sizes[roots.find((root) => file.startsWith(root)) ?? 'main'] += Buffer.byteLength(content)
  }
  return { sizes, warning: app.__warning__ }
}

async function main() {
  const workshop = fs.mkdtempSync(path.join(os.tmpdir(), 'miniprogram-release-'))
  process.chdir(workshop) // it leaves a cache where it runs
  const { sizes, warning } = sizesOf(await compile(workshop))
  fs.rmSync(workshop, { recursive: true, force: true })
  for (const [name, bytes] of Object.entries(sizes)) console.log(`${name === 'main' ? '主包' : name}　${Math.ceil(bytes / 1024)} KB`)
  const tooBig = Object.entries(sizes).filter(([name, bytes]) => bytes > (MOST_BYTES[name] ?? MOST_BYTES.package))
  if (tooBig.length) throw new Error(`超过大小上限：${tooBig.map(([name]) => name).join('、')}`)
  if (warning) throw new Error(`配置有问题：${warning}`)
}

main().then(() => process.exit(0), (error) => {
  console.error(error.message || error)
  process.exit(1)
})

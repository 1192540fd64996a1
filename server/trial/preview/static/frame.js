// One phone for each person of the demo city; the address remembers whose it is.
const FIRST = ['督察队员', '群众', '两代表一委员', '改革观察员', '改革专员', '单位联络员', '改革办工作人员', '改革办负责人']
const frame = document.querySelector('iframe')
const list = document.querySelector('.people')
const search = document.querySelector('input')
const VISITOR = { name: '新来的人', code: 'visitor', role: '' }
let phones = [VISITOR]

const holding = () => phones.find((one) => one.name === decodeURIComponent(location.hash.slice(1))) ?? phones[0]

function show() {
  const { name, code } = holding()
  for (const button of list.querySelectorAll('button')) button.setAttribute('aria-pressed', String(button.textContent === name))
  frame.src = `phone/${encodeURIComponent(code)}/`
}

function draw() {
  const wanted = search.value.trim()
  const found = phones.filter((one) => `${one.name}${one.role}`.includes(wanted))
  list.replaceChildren(...[...new Set(found.map((one) => one.role))].flatMap((role) => {
    const title = document.createElement('h2')
    title.textContent = role || '第一次打开的人'
    const people = document.createElement('ul')
    people.append(...found.filter((one) => one.role === role).map(person))
    return [title, people]
  }))
}

function person({ name }) {
  const button = Object.assign(document.createElement('button'), { type: 'button', textContent: name })
  button.setAttribute('aria-pressed', String(name === holding().name))
  button.addEventListener('click', () => { location.hash = encodeURIComponent(name) })
  const line = document.createElement('li')
  line.append(button)
  return line
}

function wipe() {
  const { code } = holding()
  for (const key of Object.keys(localStorage)) if (key.startsWith(`mp:${code}:`)) localStorage.removeItem(key)
  localStorage.removeItem(`mp-consent:${code}`)
  frame.src = 'about:blank' // lets go of the files first
  const asked = indexedDB.deleteDatabase(`mp-files-${code}`)
  asked.onsuccess = asked.onerror = asked.onblocked = show
}

const place = ({ role }) => (FIRST.indexOf(role) + 1 || FIRST.length + 1)
addEventListener('hashchange', show)
search.addEventListener('input', draw)
document.querySelector('[data-act="restart"]').addEventListener('click', show)
document.querySelector('[data-act="wipe"]').addEventListener('click', wipe)
fetch('phones.json').then((answer) => answer.json()).then((told) => {
  phones = [...told.sort((a, b) => place(a) - place(b)), VISITOR]
  draw()
  show()
})

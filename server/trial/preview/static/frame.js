// One phone for each person of the demo city; the address remembers whose it is.
const frame = document.querySelector('iframe')
const list = document.querySelector('.people')
const search = document.querySelector('input')
let people = {}

function holding() {
  const name = decodeURIComponent(location.hash.slice(1))
  return people[name] ? name : Object.keys(people)[0]
}

function show() {
  const name = holding()
  for (const button of list.querySelectorAll('button')) button.setAttribute('aria-pressed', String(button.textContent === name))
  frame.src = `phone/${encodeURIComponent(people[name] ?? 'visitor')}/`
}

function draw() {
  list.replaceChildren()
  for (const name of Object.keys(people).filter((one) => one.includes(search.value.trim()))) {
    const button = document.createElement('button')
    button.type = 'button'
    button.textContent = name
    button.setAttribute('aria-pressed', String(name === holding()))
    button.addEventListener('click', () => { location.hash = encodeURIComponent(name) })
    const line = document.createElement('li')
    line.append(button)
    list.append(line)
  }
}

function wipe() {
  const owner = people[holding()] ?? 'visitor'
  for (const key of Object.keys(localStorage)) if (key.startsWith(`mp:${owner}:`)) localStorage.removeItem(key)
  frame.src = 'about:blank' // lets go of the files first
  const asked = indexedDB.deleteDatabase(`mp-files-${owner}`)
  asked.onsuccess = asked.onerror = asked.onblocked = show
}

addEventListener('hashchange', show)
search.addEventListener('input', draw)
document.querySelector('[data-act="restart"]').addEventListener('click', show)
document.querySelector('[data-act="wipe"]').addEventListener('click', wipe)
fetch('people.json').then((answer) => answer.json()).then((told) => {
  people = told
  draw()
  show()
})

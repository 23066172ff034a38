/** What the page of the API does in a browser: search, and opening what its address points to. Without it all is there as well. */
export const docsScript = `
const search = document.getElementById('search')
const found = document.getElementById('found')
const actions = [...document.querySelectorAll('details')]
const sections = [...document.querySelectorAll('section')]
function filter() {
  const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean)
  let count = 0
  for (const action of actions) {
    action.hidden = !words.every((word) => action.dataset.words.includes(word))
    if (!action.hidden) count++
  }
  for (const section of sections) section.hidden = !section.querySelector('details:not([hidden])')
  found.textContent = words.length === 0 ? '' : count + ' of ' + actions.length
}
function open() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
  if (target instanceof HTMLDetailsElement) { target.open = true; target.scrollIntoView() }
}
search.addEventListener('input', filter)
addEventListener('hashchange', open)
filter()
open()
`

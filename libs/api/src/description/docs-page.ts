import { createHash } from 'node:crypto'
import type { JsonSchema } from '@mortise/sdk'
import { nameOf, type DescribedAction } from './described-action.js'
import { docsScript } from './docs-script.js'
import { docsStyle } from './docs-style.js'
import { rowsOf, sampleOf, typeOf, type SchemaRow } from './schema-rows.js'

const digest = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** Nothing but the page's own script and style runs in it, and it asks nobody for anything. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy':
    `default-src 'none'; script-src ${digest(docsScript)}; style-src ${digest(docsStyle)}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
}

/** All actions on one page in HTML, those of plugins first. */
export function renderPage(actions: readonly DescribedAction[], version: string): string {
  const [plugins, host] = [actions.filter(({ isBuiltIn }) => !isBuiltIn), actions.filter(({ isBuiltIn }) => isBuiltIn)].map(byController)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mortise API</title>
<style>${docsStyle}</style>
</head>
<body>
<a class="skip" href="#actions">Skip to the actions</a>
<header>
<h1>Mortise API <small>${html(version)}</small></h1>
<div role="search"><label>Search <input type="search" id="search" autocomplete="off"></label> <output id="found" for="search"></output></div>
<span><a href="/_openapi?scope=all">OpenAPI</a> · <a href="/_asyncapi?scope=all">AsyncAPI</a></span>
</header>
<div class="layout">
<nav aria-label="Controllers">${listOf('Plugins', plugins)}${listOf('Host', host)}</nav>
<main id="actions">
${[...plugins ?? [], ...host ?? []].map(renderController).join('\n')}
</main>
</div>
<script>${docsScript}</script>
</body>
</html>
`
}

type Controller = readonly [name: string, actions: readonly DescribedAction[]]

function byController(actions: readonly DescribedAction[]): Controller[] {
  const found = new Map<string, DescribedAction[]>()
  for (const action of actions) found.set(action.controller, [...found.get(action.controller) ?? [], action])
  return [...found]
}

function listOf(title: string, controllers: readonly Controller[] = []): string {
  if (controllers.length === 0) return ''
  return `<h2>${title}</h2><ul>${controllers.map(([name]) => `<li><a href="#${html(name)}">${html(name)}</a></li>`).join('')}</ul>`
}

const renderController = ([name, actions]: Controller): string =>
  `<section aria-labelledby="${html(name)}"><h2 id="${html(name)}">${html(name)}</h2>\n${actions.map(renderAction).join('\n')}</section>`

function renderAction(action: DescribedAction): string {
  const { summary = '', input, output } = action.description
  const [route] = action.routes
  const words = [nameOf(action), summary, ...action.routes.map(({ verb, path }) => `${verb} ${path}`)].join(' ').toLowerCase()
  return `<details id="${html(nameOf(action))}" data-words="${html(words)}"><summary><code>${html(nameOf(action))}</code>`
    + (summary === '' ? '' : `<span class="says">${html(summary)}</span>`)
    + (route ? `<span class="route"><code>${html(`${route.verb} ${route.path}`)}</code></span>` : '')
    + `</summary><div class="inside">${[
      action.routes.length > 1 ? `<h3>Routes</h3><pre tabindex="0">${html(action.routes.map(({ verb, path }) => `${verb} ${path}`).join('\n'))}</pre>` : '',
      tableOf('Takes', takenBy(action)),
      output ? tableOf('Answers', rowsOf(output)) || `<h3>Answers</h3><p>${html(typeOf(output))}</p>` : '',
      `<h3>Over WebSocket</h3><pre tabindex="0">${html(JSON.stringify({ controller: action.controller, action: action.action, ...sampleInput(action, input) }))}</pre>`,
    ].join('')}</div></details>`
}

const namesIn = ({ routes: [route] }: DescribedAction): string[] => [...(route?.path ?? '').matchAll(/:([^/]+)/g)].map(([, name]) => name as string)

/** Without a schema, the parameters of its path are all that is known. */
const takenBy = (action: DescribedAction): SchemaRow[] =>
  (action.description.input ? rowsOf(action.description.input) : namesIn(action).map((path) => ({ path, type: 'string', isRequired: true, note: '' })))

const sampleInput = (action: DescribedAction, input: JsonSchema | undefined): object =>
  (input?.properties ? sampleOf(input) as object : Object.fromEntries(namesIn(action).map((name) => [name, '…'])))

function tableOf(title: string, rows: readonly SchemaRow[]): string {
  if (rows.length === 0) return ''
  const lines = rows.map(({ path, type, isRequired, note }) =>
    `<tr><td><code>${html(path)}</code></td><td>${html(type)}</td><td>${isRequired ? 'required' : 'optional'}</td><td>${html(note)}</td></tr>`)
  return `<h3>${title}</h3><table><thead><tr><th scope="col">Name</th><th scope="col">Type</th><th scope="col">Needed</th><th scope="col">Notes</th></tr></thead><tbody>${lines.join('')}</tbody></table>`
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\'': '&#39;' }

/** Names and summaries are the plugins' own words, and no markup. */
const html = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)

/** How the page of the API looks; light or dark as the reader's system is. */
export const docsStyle = `
:root { color-scheme: light dark; --ink: #1c2024; --soft: #5a636e; --paper: #fff; --tint: #f3f5f7; --line: #d5dae0; --accent: #0b5cad; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e7eaee; --soft: #a3adb8; --paper: #14171a; --tint: #1e2328; --line: #353c44; --accent: #7db8f5; }
}
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--paper); padding: .5rem; z-index: 2; }
header { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: center;
  padding: .75rem 1.5rem; background: var(--tint); border-bottom: 1px solid var(--line); }
h1 { font-size: 1.25rem; margin: 0; }
h1 small { color: var(--soft); font-weight: normal; }
header input { font: inherit; padding: .25rem .5rem; width: 18rem; max-width: 60vw; border: 1px solid var(--line); border-radius: 4px; }
header output { color: var(--soft); min-width: 6rem; white-space: nowrap; }
.layout { display: grid; grid-template-columns: 15rem minmax(0, 1fr); }
nav { padding: 1rem 1.5rem; border-right: 1px solid var(--line); position: sticky; top: 3.6rem; align-self: start; height: calc(100vh - 3.6rem); overflow-y: auto; }
nav h2 { font-size: .8rem; letter-spacing: .05em; text-transform: uppercase; color: var(--soft); margin: 1rem 0 .25rem; }
nav ul { list-style: none; margin: 0; padding: 0; overflow-wrap: anywhere; }
main { padding: 1rem 1.5rem 4rem; }
section > h2 { font-size: 1.1rem; margin: 1.5rem 0 .5rem; scroll-margin-top: 5rem; }
details { border: 1px solid var(--line); border-radius: 6px; margin: .4rem 0; scroll-margin-top: 5rem; }
summary { padding: .45rem .75rem .45rem 2rem; cursor: pointer; display: flex; flex-wrap: wrap; align-items: baseline; gap: .15rem 1rem; position: relative; }
summary::before { content: '▸'; color: var(--soft); position: absolute; left: .75rem; }
details[open] summary::before { content: '▾'; }
summary .says { color: var(--soft); }
summary .route { margin-left: auto; color: var(--soft); overflow-wrap: anywhere; }
details[open] summary { background: var(--tint); border-bottom: 1px solid var(--line); }
.inside { padding: .25rem .75rem .75rem; }
h3 { font-size: .9rem; margin: .75rem 0 .25rem; }
code, pre { font: .875rem/1.45 ui-monospace, monospace; }
pre { background: var(--tint); padding: .6rem .75rem; border-radius: 4px; overflow-x: auto; margin: .25rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); }
td, summary code { overflow-wrap: anywhere; }
[hidden] { display: none !important; }
@media (max-width: 45rem) {
  header { position: static; }
  .layout { grid-template-columns: minmax(0, 1fr); }
  nav { border: 0; position: static; height: auto; padding-bottom: 0; }
  nav ul { display: flex; flex-wrap: wrap; gap: 0 1rem; }
  summary .route { margin-left: 0; }
}
`

/** Code, settings, a dialogue with a terminal, or a text, as a page of Markdown shows it. */
export interface FencedBlock {
  readonly page: string
  /** The line that it begins on, counted from 1. */
  readonly line: number
  /** What stands behind the fence; empty for drawings and what is said. */
  readonly language: string
  readonly code: string
  /** The file that the sentence above it links to, relative to the page: the block is an excerpt of that. */
  readonly source?: string
  /** The file that the line above it names: a reader writes it. */
  readonly file?: string
}

/** Reads all fenced blocks of a page. */
export function readFencedBlocks(page: string, text: string): FencedBlock[] {
  return [...text.matchAll(/^ *(```+|~~~+)([^\n]*)\n([^]*?)^ *\1$/gm)].map(({ 2: language = '', 3: code = '', index }) => {
    const above = text.slice(0, index).trimEnd().split('\n\n').at(-1) ?? ''
    const source = above.endsWith(':') ? [...above.matchAll(/\]\(([^)#]+\.\w+)\)/g)].at(-1)?.[1] : undefined
    return { page, line: text.slice(0, index).split('\n').length, language: language.trim(), code, source, file: /^`([^`\n]+)`:$/.exec(above)?.[1] }
  })
}

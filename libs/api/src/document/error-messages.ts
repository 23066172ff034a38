import type { DocumentFault } from '../collection/validate-document.js'

/** Faults of a field and of those within it. */
interface FieldMessages {
  messages?: string[]
  children?: Record<string, FieldMessages>
}

/** Faults as `document:validate` shows them: those of the document, and those of its fields, nested as the fields are. */
export function toErrorMessages(faults: readonly DocumentFault[]): { documentScope?: string[]; fieldScope?: FieldMessages } {
  const documentScope = faults.filter(({ path }) => path.length === 0).map(({ fault }) => `The document is not valid: ${fault}.`)
  const fieldScope: FieldMessages = {}
  for (const { path, fault } of faults) {
    if (path.length > 0) messagesAt(fieldScope, path).push(`Field "${path.join('.')}" is not valid: ${fault}.`)
  }
  return { ...(documentScope.length > 0 && { documentScope }), ...(fieldScope.children && { fieldScope }) }
}

function messagesAt(scope: FieldMessages, path: readonly string[]): string[] {
  const field = path.reduce((level, name) => {
    level.children ??= {}
    return (level.children[name] ??= {})
  }, scope)
  return (field.messages ??= [])
}

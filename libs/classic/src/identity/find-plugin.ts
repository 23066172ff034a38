import { isConstructor, isRecord, type ClassicConstructor, type ClassicPlugin } from '../classic-plugin.js'

/** What a candidate exports, told apart: a class to construct, or an object that is constructed already. */
export type FoundPlugin =
  | { readonly kind: 'class'; readonly type: ClassicConstructor; readonly isNamed: boolean }
  | { readonly kind: 'instance'; readonly instance: ClassicPlugin }

/**
 * Finds the plugin in what a package exports: a class or function that can be
 * constructed, a ready object with `init`, either of them under `default`, or
 * the one class named `…Plugin` among several exports.
 */
export function findPlugin(exported: unknown): FoundPlugin | undefined {
  if (isConstructor(exported)) return { kind: 'class', type: exported, isNamed: false }
  if (typeof exported !== 'object' || exported === null) return undefined
  if (typeof (exported as Partial<ClassicPlugin>).init === 'function') return { kind: 'instance', instance: exported as ClassicPlugin }
  const { default: inner, ...others } = exported as Record<string, unknown>
  return findPlugin(inner) ?? findNamed(others)
}

/** Packages of the second generation export their class by name, beside helpers and types. */
function findNamed(exports: Record<string, unknown>): FoundPlugin | undefined {
  const classes = Object.entries(exports).flatMap(([name, value]) => (name.endsWith('Plugin') && isConstructor(value) && 'init' in (value.prototype as object) ? [value] : []))
  return classes.length === 1 && classes[0] ? { kind: 'class', type: classes[0], isNamed: true } : undefined
}

/** The manifest that a plugin of the second generation carries itself: `super({ kuzzleVersion })`. */
export function carriedManifest(instance: object): Record<string, unknown> | undefined {
  const { _manifest: manifest } = instance as { _manifest?: unknown }
  return isRecord(manifest) ? manifest : undefined
}

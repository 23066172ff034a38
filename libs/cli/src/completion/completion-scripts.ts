import type { CompletionPlace, CompletionValue } from './completion-words.js'

/** What a script is made of. */
interface CompletionFacts {
  readonly places: readonly CompletionPlace[]
  readonly values: readonly CompletionValue[]
}

/** Names of plugins are those of folders; asking the host would make a person wait. */
const PLUGINS = `_mortise_plugins() {
  local each
  for each in plugins/available/*/ plugins/enabled/*/; do
    if [ -d "$each" ]; then each="\${each%/}"; echo "\${each##*/}"; fi
  done
}`

const inSingle = (text: string): string => text.replace(/'/g, '\'\\\'\'')

const spoken = (places: readonly CompletionPlace[]): string => places.filter(({ path }) => path !== '').map(({ path }) => `" ${path}"`).join('|')

const wordsOf = ({ words, options, takesPlugin }: CompletionPlace): string =>
  [...words, ...options].map(([word]) => word).concat(takesPlugin ? ['$(_mortise_plugins)'] : []).join(' ')

/** `case` lines that set `words`, or `files` where a file is meant, by the option before. */
const valueCases = (values: readonly CompletionValue[], indent: string): string => values.map(({ flag, choices, takesPlugin }) => {
  const words = takesPlugin ? '$(_mortise_plugins)' : choices.join(' ')
  return `${indent}${flag}) ${words === '' ? 'files=1' : `words="${words}"`} ;;`
}).join('\n')

const placeCases = (places: readonly CompletionPlace[], indent: string): string =>
  places.map((place) => `${indent}"${place.path === '' ? '' : ` ${place.path}`}") words="${wordsOf(place)}" ;;`).join('\n')

/** Which words lead to a command is found by walking along; arguments and options in between are passed over. */
function renderBody({ places, values }: CompletionFacts, typed: string): string {
  return `  local each line="" words="" files=""
  for each in ${typed}; do
    case "$line $each" in
      ${spoken(places)}) line="$line $each" ;;
    esac
  done
  case "$previous" in
${valueCases(values, '    ')}
    *) case "$line" in
${placeCases(places, '      ')}
    esac ;;
  esac`
}

/** For `~/.bashrc`: `source <(mortise completion bash)`. */
const renderBash = (facts: CompletionFacts): string => `# Completes mortise in bash.
${PLUGINS}

_mortise() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
${renderBody(facts, '"${COMP_WORDS[@]:1:COMP_CWORD-1}"')}
  if [ -n "$files" ]; then COMPREPLY=($(compgen -f -- "$current")); else COMPREPLY=($(compgen -W "$words" -- "$current")); fi
}
complete -o bashdefault -o default -F _mortise mortise`

/** For a folder of `$fpath`, as `_mortise`, or `source <(mortise completion zsh)` once `compinit` has run. */
const renderZsh = (facts: CompletionFacts): string => `#compdef mortise
# Completes mortise in zsh.
${PLUGINS}

_mortise() {
  setopt local_options null_glob
  local previous="\${(Q)words[CURRENT-1]}"
  local -a typed=("\${(@)words[2,CURRENT-1]}")
${renderBody(facts, '"${(@)typed}"').replace('words="" files=""', 'found="" files=""').replaceAll('words="', 'found="')}
  if [[ -n "$files" ]]; then _files; else compadd -- \${=found}; fi
}
if [[ "\${funcstack[1]}" = _mortise ]]; then _mortise "$@"; else compdef _mortise mortise; fi`

/** For `~/.config/fish/completions/mortise.fish`. */
function renderFish({ places, values }: CompletionFacts): string {
  const at = (path: string): string => `-n '__mortise_at "${path === '' ? '' : ` ${path}`}"'`
  const described = (description: string): string => (description ? ` -d '${inSingle(description)}'` : '')
  const valued = new Map(values.map((value) => [value.flag, value]))
  const option = (path: string, [flag, description]: readonly [string, string]): string => {
    const value = valued.get(flag)
    const takes = value ? ` -r${value.takesPlugin ? ' -f -a \'(__mortise_plugins)\'' : value.choices.length > 0 ? ` -f -a '${inSingle(value.choices.join(' '))}'` : ' -F'}` : ''
    return `complete -c mortise ${at(path)} -l ${flag.replace(/^--/, '')}${takes}${described(description)}`
  }
  return `# Completes mortise in fish.
function __mortise_plugins
  for each in plugins/available/*/ plugins/enabled/*/
    basename $each
  end
end

function __mortise_at
  set -l line ""
  for each in (commandline -opc)[2..]
    switch "$line $each"
      case ${places.filter(({ path }) => path !== '').map(({ path }) => `' ${inSingle(path)}'`).join(' ')}
        set line "$line $each"
    end
  end
  test "$line" = "$argv[1]"
end

complete -c mortise -f
${places.flatMap((place) => [
    ...place.words.map(([word, description]) => `complete -c mortise ${at(place.path)} -a '${inSingle(word)}'${described(description)}`),
    ...place.options.map((each) => option(place.path, each)),
    ...(place.takesPlugin ? [`complete -c mortise ${at(place.path)} -a '(__mortise_plugins)'`] : []),
  ]).join('\n')}`
}

/** Scripts that complete the command line, by shell. */
export const SCRIPTS = { bash: renderBash, zsh: renderZsh, fish: renderFish } as const

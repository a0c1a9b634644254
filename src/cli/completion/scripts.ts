/** What a shell reads to complete `windlass`: it asks the program itself. No name of a server is evaluated. */
export const shells = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof shells)[number];

/** The hidden command that prints candidates, a line each. */
export const completeCommand = '__complete';

const bash = `# windlass completion for bash: source <(windlass completion bash)
_windlass() {
  local candidate
  COMPREPLY=()
  while IFS= read -r candidate; do
    COMPREPLY+=("$candidate")
  done < <(windlass ${completeCommand} -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _windlass windlass
`;

const zsh = `#compdef windlass
# windlass completion for zsh: source <(windlass completion zsh)
_windlass() {
  local -a candidates
  candidates=("\${(@f)$(windlass ${completeCommand} -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  compadd -a candidates
}
compdef _windlass windlass
`;

const fish = `# windlass completion for fish: windlass completion fish | source
function __windlass_complete
    set --local words (commandline --tokenize --cut-at-cursor --current-process)
    set --append words (commandline --current-token --cut-at-cursor)
    windlass ${completeCommand} -- $words[2..-1] 2>/dev/null
end
complete --command windlass --no-files --arguments '(__windlass_complete)'
`;

export const completionScripts: Readonly<Record<Shell, string>> = { bash, zsh, fish };

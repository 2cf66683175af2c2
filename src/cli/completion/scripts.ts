/* What a shell is told once: to ask `tandem __complete` what fits, a line each, `word<TAB>what it is`; `:files` means files too. */

const bash = `# tandem: completion for bash. In ~/.bashrc:  source <(tandem completion bash)
_tandem() {
  local current="\${COMP_WORDS[COMP_CWORD]}" word about
  COMPREPLY=()
  while IFS=$'\\t' read -r word about; do
    if [[ $word == ':files' ]]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$current")
    elif [[ -n $word ]]; then
      COMPREPLY+=("$word")
    fi
  done < <("\${COMP_WORDS[0]}" __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _tandem tandem
`;

const zsh = `#compdef tandem
# tandem: completion for zsh. In ~/.zshrc, behind compinit:  source <(tandem completion zsh)
_tandem() {
  local -a found
  local word about files
  while IFS=$'\\t' read -r word about; do
    if [[ $word == ':files' ]]; then files=1
    elif [[ -n $word ]]; then found+=("\${word//:/\\\\:}:$about")
    fi
  done < <("\${words[1]}" __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  (( \${#found} )) && _describe tandem found
  [[ -n $files ]] && _files
}
compdef _tandem tandem
`;

const fish = `# tandem: completion for fish. Once:  tandem completion fish > ~/.config/fish/completions/tandem.fish
function __tandem_complete
    set -l words (commandline -opc) (commandline -ct)
    for line in (command $words[1] __complete -- $words[2..-1] 2>/dev/null)
        if test "$line" = ':files'
            __fish_complete_path (commandline -ct)
        else
            echo $line
        end
    end
end
complete -c tandem -f -a '(__tandem_complete)'
`;

export const shells = ['bash', 'zsh', 'fish'] as const;

export const scripts: Readonly<Record<(typeof shells)[number], string>> = { bash, zsh, fish };

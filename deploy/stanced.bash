# bash completion for stanced. Commands, options, settings and their values are read from --help, so that they cannot fall
# behind the program.
_stanced() {
  local program=$1 word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} option='' help
  # "--name=value" comes as three words, for = breaks them.
  if [[ $word == = ]]; then
    option=$before word=''
  elif [[ $before == = && $COMP_CWORD -ge 2 ]]; then
    option=${COMP_WORDS[COMP_CWORD - 2]}
  elif [[ $before == --* || $before == -c ]]; then
    option=$before
  fi
  if [ "$COMP_CWORD" = 1 ]; then
    mapfile -t COMPREPLY < <(compgen -W "$("$program" --help 2>/dev/null | sed -nE 's/^  ([a-z]+) .*/\1/p') --help --version" -- "$word")
    return
  fi
  help=$("$program" "${COMP_WORDS[1]}" --help 2>/dev/null)
  if [[ $word == -* && $option != --*=* && $word != = ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$(grep -oE -- '--[a-z][a-z0-9_.-]*=?' <<<"$(sed -nE 's/^ {2,6}(-)/\1/p' <<<"$help")")" -- "$word")
    [[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace 2>/dev/null
    return
  fi
  # What the help shows behind the =: words with bars between them are the values; else it is a file.
  local values
  values=$(grep -oE -- "^ +(-c, )?$option=[a-z][a-z_|]+" <<<"$help" | sed 's/.*=//' | tr '|' ' ')
  if [[ $option == --* && $values == *' '* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$values" -- "$word")
  else
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
  fi
}
complete -F _stanced stanced

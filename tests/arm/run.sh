#!/usr/bin/env bash
# The kernels give the same bytes on ARM as here: run.sh BUILD. Compiles tests/arm/digest.c for this machine and for 64-bit
# ARM, runs the latter under qemu, and compares. "portable" has no fused multiply-adds: of it only scales and sums must agree.
set -euo pipefail
cd "$(dirname "$0")/../.."
out=$1/arm
arm_cc=${ARM_CC:-aarch64-linux-gnu-gcc}
for tool in "$arm_cc" qemu-aarch64; do
  command -v "$tool" >/dev/null || { echo "no $tool: skipped" && exit 77; }
done
mkdir -p "$out"
sources=(tests/arm/digest.c processor/model/kernels*.c processor/model/attention_desk.c processor/runtime/memory.c)
flags=(-std=c17 -D_GNU_SOURCE -I. -O2 -Wall -Wextra -Wconversion -Wsign-conversion -Werror)
"${CC:-cc}" "${flags[@]}" -o "$out/here" "${sources[@]}" -lm
"$arm_cc" "${flags[@]}" -static -o "$out/there" "${sources[@]}" -lm
{ "$out/here" && qemu-aarch64 "$out/there"; } | sort -u >"$out/lines"
cat "$out/lines"

# Lines of one operation may only differ in the name, from version to version and machine to machine.
passed=0 failed=0
for operation in scales sums bytes floats norm norm_scales attend attend_some; do
  case $operation in
    scales | sums) lines=$(grep " $operation " "$out/lines") ;;
    *) lines=$(grep " $operation " "$out/lines" | grep -v '^portable ') ;;
  esac
  if [ "$(cut -d' ' -f3 <<<"$lines" | sort -u | wc -l)" = 1 ] && grep -q '^neon-dot ' <<<"$lines"; then
    passed=$((passed + 1))
  else
    echo "$operation differs: $lines"
    failed=$((failed + 1))
  fi
done
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]

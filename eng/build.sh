#!/usr/bin/env bash
# Restore, check formatting, build, test and pack: what continuous integration runs, and all it runs.
# Usage: eng/build.sh [--device cpu|cuda] [step ...]     steps: restore format build test pack (default: all, in that order)
set -euo pipefail
cd "$(dirname "$0")/.."

device=cpu
if [[ "${1:-}" == --device ]]; then device=$2; shift 2; fi
steps=("$@")
[[ ${#steps[@]} -gt 0 ]] || steps=(restore format build test pack)

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
flags=(-c Release "-p:DetClipDevice=$device")

# Runs the tests and closes with one line that sums all test projects.
run_tests() {
    local log status=0
    log=$(mktemp)
    dotnet test "${flags[@]}" --no-build -m:1 2>&1 | tee "$log" || status=$?
    awk '/(Passed|Failed|Skipped)! +- +Failed:/ {
             match($0, /Failed: +[0-9]+/); failed += substr($0, RSTART + 7, RLENGTH - 7)
             match($0, /Passed: +[0-9]+/); passed += substr($0, RSTART + 7, RLENGTH - 7)
             match($0, /Skipped: +[0-9]+/); skipped += substr($0, RSTART + 8, RLENGTH - 8)
         }
         END { printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped; exit passed == 0 || failed > 0 }' "$log" > "$log.sum" || status=1
    summary=$(cat "$log.sum")
    rm -f "$log" "$log.sum"
    return "$status"
}

summary=
for step in "${steps[@]}"; do
    printf '\n== %s\n' "$step"
    case $step in
        restore) dotnet restore "-p:DetClipDevice=$device" ;;
        format) dotnet format --verify-no-changes --no-restore ;;
        build) dotnet build "${flags[@]}" --no-restore ;;
        test) run_tests || { printf '%s\n' "$summary"; exit 1; } ;;
        pack) dotnet pack "${flags[@]}" --no-build ;;
        *) echo "Unknown step '$step'; allowed: restore format build test pack." >&2; exit 2 ;;
    esac
done
[[ -z $summary ]] || printf '\n%s\n' "$summary"

# Shared by the scripts in bin/: `source "$(dirname "$0")/lib.sh"`. Leaves the shell in the repository's root.

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root"
state="$root/.shipshape"
tools="$state/tools"

say() { printf '==> %s\n' "$*" >&2; }

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

# Prints the comment block that follows the first line of the calling script.
usage() {
    awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "$0"
    exit 0
}

wants_help() {
    local argument
    for argument in "$@"; do
        case "$argument" in
            -h | --help) return 0 ;;
            --) return 1 ;;
        esac
    done
    return 1
}

# build debug|release [PRODUCT …]: builds the program, and other products beside it, with SwiftPM's progress on the
# terminal, and sets `program`. A stamp makes the second call instant while no source is newer; removed files change
# their folder's date.
build() {
    local configuration="$1" product
    local products=(shipshape "${@:2}") sources=(Package.swift Sources)
    local stamp="$root/.build/$(IFS=+; echo "${products[*]}")-$configuration.stamp"
    [[ ${#products[@]} -gt 1 ]] && sources+=(Benchmarks)
    program="$root/.build/$configuration/shipshape"
    command -v swift > /dev/null \
        || fail "There is no Swift toolchain on the PATH: install 6.2 or later from https://www.swift.org/install."
    if [[ -x "$program" && -e "$stamp" && "$(cat "$stamp")" == "${SHIPSHAPE_STRICT:-}" ]] \
        && [[ -z "$(find "${sources[@]}" -newer "$stamp" -print -quit)" ]]; then
        return
    fi
    say "Building the $configuration program (the first build also compiles the dependencies)"
    mkdir -p "$root/.build"
    printf '%s' "${SHIPSHAPE_STRICT:-}" > "$stamp.new"
    for product in "${products[@]}"; do
        swift build --configuration "$configuration" --product "$product" >&2
    done
    mv "$stamp.new" "$stamp"
}

#!/usr/bin/env bash
# Runs the whole test suite. The last line is "N passed, N failed" (and "N skipped"); the exit code says the same.
set -uo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

need_dotnet() {
    if command -v dotnet >/dev/null; then
        return
    fi
    # Not every release of Debian has the package.
    if [ "$(id -u)" -eq 0 ] && apt-get update -q && apt-cache show dotnet-sdk-10.0 >/dev/null 2>&1; then
        echo "test.sh: installing dotnet-sdk-10.0 with apt-get"
        DEBIAN_FRONTEND=noninteractive apt-get install -qy dotnet-sdk-10.0 && return
    fi
    echo "test.sh: the .NET SDK 10 is missing and cannot be installed here; install it and run this again" >&2
    echo "0 passed, 1 failed"
    exit 1
}

# The tests that need them are skipped, with the reason, where they are missing; nothing else is ever installed from here.
want_programs() {
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
        return
    fi
    export DEBIAN_FRONTEND=noninteractive
    if ! command -v ip >/dev/null; then
        echo "test.sh: installing iproute2 with apt-get"
        { timeout 120 apt-get update -q && apt-get install -qy --no-install-recommends iproute2; } || echo "test.sh: no iproute2; tests of cut networks are skipped" >&2
    fi
    if ! ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1; then
        echo "test.sh: installing postgresql with apt-get"
        # Only the programs: no server that runs for ever.
        { timeout 120 apt-get update -q && apt-get install -qy --no-install-recommends postgresql-common &&
            sed -i 's/^#* *create_main_cluster.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf &&
            apt-get install -qy --no-install-recommends postgresql; } || echo "test.sh: no postgresql; tests that need it are skipped" >&2
    fi
}

# Sum of one counter over all result files; a trx file has one line <Counters total=".." passed=".." ... />.
count() {
    grep -ho "<Counters [^>]*>" "$results"/*.trx 2>/dev/null | grep -o " $1=\"[0-9]*\"" | tr -dc '0-9\n' | awk '{ sum += $1 } END { print sum + 0 }'
}

run_tests() {
    dotnet test "$@" -c Release --no-build --logger trx --results-directory "$results" || status=1
}

need_dotnet
want_programs
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
status=0

dotnet build Cluster.sln -c Release -v q || status=1
if [ "$status" -eq 0 ]; then
    dotnet format Cluster.sln --no-restore --verify-no-changes || { echo "test.sh: the code is not formatted; run dotnet format" >&2; status=1; }
    # Clusters of processes need the machine to themselves.
    run_tests Cluster.sln --filter "FullyQualifiedName!~IoScale.Cluster.Tests"
    run_tests tests/Cluster.Tests
fi

total=$(count total)
passed=$(count passed)
executed=$(count executed)
skipped=$((total - executed))
failed=$((executed - passed))
if [ "$total" -eq 0 ]; then
    echo "test.sh: no test ran" >&2
    status=1
fi
# What failed outside a test (build, format, a crashed test process) counts as one failure.
if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then
    failed=1
fi
if [ "$skipped" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
else
    echo "$passed passed, $failed failed"
fi
exit "$status"

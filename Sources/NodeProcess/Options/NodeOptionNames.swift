/// The options of Node 14 to 26 that matter for telling options, their values and the script apart.
enum NodeOptionNames {
    static let aliases = [
        "-C": "--conditions", "-c": "--check", "-e": "--eval", "-i": "--interactive", "-p": "--print",
        "-pe": "--print", "-r": "--require",
        "--debug-port": "--inspect-port", "--es-module-specifier-resolution": "--experimental-specifier-resolution",
        "--experimental-permission": "--permission", "--experimental-test-isolation": "--test-isolation",
        "--loader": "--experimental-loader", "--report-directory": "--report-dir",
        "--security-reverts": "--security-revert",
    ]

    /// Those whose value may be the next argument: strings, lists, numbers, host and port. All other options are
    /// switches or V8's, which take a value after "=" only.
    static let takingValue: Set<String> = [
        "--allow-fs-read", "--allow-fs-write", "--build-sea", "--build-snapshot-config", "--conditions",
        "--cpu-prof-dir", "--cpu-prof-interval", "--cpu-prof-name", "--diagnostic-dir", "--disable-proto",
        "--disable-warning", "--dns-result-order", "--env-file", "--env-file-if-exists", "--eval",
        "--experimental-config-file", "--experimental-default-type", "--experimental-loader",
        "--experimental-package-map", "--experimental-policy", "--experimental-sea-config",
        "--experimental-specifier-resolution", "--experimental-test-tag-filter", "--heap-prof-dir",
        "--heap-prof-interval", "--heap-prof-name", "--heapsnapshot-near-heap-limit", "--heapsnapshot-signal",
        "--icu-data-dir", "--import", "--input-type", "--inspect-port", "--inspect-publish-uid",
        "--localstorage-file", "--max-http-header-size", "--max-old-space-size-percentage",
        "--network-family-autoselection-attempt-timeout", "--openssl-config", "--policy-integrity", "--print",
        "--redirect-warnings", "--report-dir", "--report-filename", "--report-signal", "--require", "--run",
        "--secure-heap", "--secure-heap-min", "--security-revert", "--snapshot-blob", "--stack-trace-limit",
        "--test-concurrency", "--test-coverage-branches", "--test-coverage-exclude", "--test-coverage-functions",
        "--test-coverage-include", "--test-coverage-lines", "--test-global-setup", "--test-isolation",
        "--test-name-pattern", "--test-random-seed", "--test-reporter", "--test-reporter-destination",
        "--test-rerun-failures", "--test-shard", "--test-skip-pattern", "--test-timeout", "--title",
        "--tls-cipher-list", "--tls-keylog", "--trace-event-categories", "--trace-event-file-pattern",
        "--trace-require-module", "--unhandled-rejections", "--use-largepages", "--v8-pool-size",
        "--watch-kill-signal", "--watch-path",
    ]
}

/// What a security module (SELinux, AppArmor) calls a process.
package enum SecurityLabel {
    /// - Returns: `nil` where there is no such module, or it does not confine the process.
    package static func read(_ pid: Int32) -> String? {
        (try? ProcFile(pid, "attr/current").text()).flatMap { parse($0) }
    }

    package static func parse(_ text: String) -> String? {
        let label = text.prefix { $0 != "\n" && $0 != "\0" }
        return label.isEmpty || label.hasPrefix("unconfined") ? nil : String(label)
    }
}

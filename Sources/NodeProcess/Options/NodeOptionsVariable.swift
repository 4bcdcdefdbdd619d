/// The environment variable NODE_OPTIONS.
enum NodeOptionsVariable {
    static func read(_ pid: Int32) throws(ProcessError) -> [String] {
        let prefix = Array("NODE_OPTIONS=".utf8)
        let environment = try ProcFile(pid, "environ").bytes()
        // The first one counts, as for getenv.
        for entry in environment.split(separator: 0) where entry.starts(with: prefix) {
            return split(String(decoding: entry.dropFirst(prefix.count), as: UTF8.self))
        }
        return []
    }

    /// As Node does: spaces part, double quotes hold together, a backslash keeps the next character, inside quotes only.
    static func split(_ value: String) -> [String] {
        var options: [String] = []
        var startsNew = true
        var isQuoted = false
        var isEscape = false
        for scalar in value.unicodeScalars {
            if isEscape {
                isEscape = false
            } else if scalar == "\\" && isQuoted {
                isEscape = true
                continue
            } else if scalar == " " && !isQuoted {
                startsNew = true
                continue
            } else if scalar == "\"" {
                isQuoted.toggle()
                continue
            }
            if startsNew { options.append("") }
            startsNew = false
            options[options.count - 1].unicodeScalars.append(scalar)
        }
        return options
    }
}

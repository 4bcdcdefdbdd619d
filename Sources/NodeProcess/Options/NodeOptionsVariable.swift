import Linux

/// The environment variable NODE_OPTIONS.
enum NodeOptionsVariable {
    static func read(_ pid: Int32) throws(LinuxError) -> [String] {
        split(try EnvironmentVariable.read("NODE_OPTIONS", of: pid) ?? "")
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

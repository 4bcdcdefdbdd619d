/// How many columns of a terminal a text takes. The C library's wcwidth(3) would want a locale to be set.
enum TextWidth {
    static func of(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + of($1) }
    }

    /// - Returns: what fits, ended by an ellipsis where something was cut.
    static func cut(_ text: String, to width: Int) -> String {
        guard of(text) > width else { return text }
        guard width > 0 else { return "" }
        var result = String.UnicodeScalarView()
        var used = 0
        for scalar in text.unicodeScalars {
            used += of(scalar)
            if used > width - 1 { break }
            result.append(scalar)
        }
        return String(result) + "…"
    }

    /// - Returns: beginning and end of what does not fit.
    static func cutInside(_ text: String, to width: Int) -> String {
        guard of(text) > width else { return text }
        guard width > 2 else { return cut(text, to: width) }
        var tail = String.UnicodeScalarView()
        var used = 0
        for scalar in text.unicodeScalars.reversed() {
            used += of(scalar)
            if used > (width - 1) / 2 { break }
            tail.insert(scalar, at: tail.startIndex)
        }
        return cut(text, to: width - of(String(tail))) + String(tail)
    }

    private static func of(_ scalar: Unicode.Scalar) -> Int {
        if scalar.value < 0x300 { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: return wide.contains { $0.contains(scalar.value) } ? 2 : 1
        }
    }

    /// East Asian and pictures, roughly: a column too few spoils the alignment of a line and nothing else.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
        0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF,
        0x20000...0x3FFFD,
    ]
}

import Glibc
import NodeProcess
import SnapshotWriter

/// Text as people read it.
enum Printable {
    /// Line breaks stay; what could steer a terminal does not.
    static func text(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { TerminalText.escaped(String($0)) }
            .joined(separator: "\n")
    }

    /// The process, its Node or Deno, and its script.
    static func identity(_ target: SnapshotReport.Target) -> String {
        let runtime = target.runtimeVersion.map { "\(target.runtime?.rawValue ?? "node") \($0)" }
        let isOurs = target.uid.map { $0 == geteuid() } ?? true
        let user = isOurs ? nil : target.user.map { "user \($0)" }
        let details = [runtime, target.script, user].compactMap { $0 }
        return "process \(target.pid)" + (details.isEmpty ? "" : " (" + details.joined(separator: ", ") + ")")
    }

    /// `1234567` as `1,234,567`.
    static func count(_ value: UInt64) -> String {
        var digits = Array(String(value))
        var index = digits.count - 3
        while index > 0 {
            digits.insert(",", at: index)
            index -= 3
        }
        return String(digits)
    }

    /// Decimal units, as disks and DevTools use them.
    static func bytes(_ value: UInt64) -> String { ByteText.text(value) }

    static func seconds(_ value: Double) -> String {
        value < 9.95 ? tenths(value) + " s" : "\(Int(value.rounded())) s"
    }

    static func milliseconds(_ value: Double) -> String {
        value < 999.5 ? "\(max(1, Int(value.rounded()))) ms" : seconds(value / 1000)
    }

    private static func tenths(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}

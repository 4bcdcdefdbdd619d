import Foundation

/// The code blocks of a page under docs: a test runs what readers copy.
enum DocumentedCode {
    /// - Parameters:
    ///   - page: its file name.
    ///   - language: as it stands after the opening fence.
    /// - Returns: the texts between fences, in their order.
    static func blocks(of page: String, _ language: String) throws -> [String] {
        let text = try String(contentsOfFile: "\(Package.root)/docs/\(page)", encoding: .utf8)
        var blocks: [String] = []
        var block: [Substring]?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line == "```", let lines = block {
                blocks.append(lines.joined(separator: "\n") + "\n")
                block = nil
            } else if block != nil {
                block?.append(line)
            } else if line == "```" + language {
                block = []
            }
        }
        return blocks
    }
}

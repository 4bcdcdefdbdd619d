import Foundation
import Testing

/// docs/situations.md and docs/runtimes.md promise a test for each row.
@Suite struct SituationTableTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func text(_ path: String) throws -> String {
        try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
    }

    @Test(arguments: [("docs/situations.md", 40), ("docs/runtimes.md", 20)])
    func everyRowNamesTestsThatExist(document: String, count: Int) throws {
        let rows = try text(document).split(separator: "\n").filter { $0.hasPrefix("| ") }
        #expect(rows.count > count)
        for row in rows {
            let isHeading = row.hasSuffix("| test |")
            let tests = row.matches(of: #/`([A-Z][A-Za-z0-9]+Tests)\.([A-Za-z0-9]+)`/#)
            #expect(!tests.isEmpty || isHeading, "\(row)")
            for test in tests {
                let source = try text("Tests/IntegrationTests/\(test.1).swift")
                #expect(source.contains("func \(test.2)("), "\(test.0)")
            }
        }
    }
}

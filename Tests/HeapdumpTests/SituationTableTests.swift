import Foundation
import Testing

/// docs/situations.md promises a test for each row.
@Suite struct SituationTableTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func text(_ path: String) throws -> String {
        try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
    }

    @Test func everyRowNamesTestsThatExist() throws {
        let rows = try text("docs/situations.md").split(separator: "\n").filter { $0.hasPrefix("| ") }
        #expect(rows.count > 40)
        for row in rows {
            let isHeading = row.hasSuffix("| test |")
            let tests = row.matches(of: #/`([A-Z][A-Za-z]+Tests)\.([A-Za-z0-9]+)`/#)
            #expect(!tests.isEmpty || isHeading, "\(row)")
            for test in tests {
                let source = try text("Tests/IntegrationTests/\(test.1).swift")
                #expect(source.contains("func \(test.2)("), "\(test.0)")
            }
        }
    }
}

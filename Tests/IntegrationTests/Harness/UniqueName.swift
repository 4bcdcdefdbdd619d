import Foundation

/// A text that no other process has in its command line: tests run side by side, and each starts Node processes.
func uniqueName(_ suffix: String = "") -> String {
    "t" + UUID().uuidString.prefix(8).lowercased() + suffix
}

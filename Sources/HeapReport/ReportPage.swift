import FoundationEssentials

/// A report as one HTML file: styles, scripts and data are in it, and its policy forbids it to load or send anything.
public enum ReportPage {
    public static func render(_ data: ReportData) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // A share of nothing is no number, which JSON cannot say: the page takes it for none.
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "0", negativeInfinity: "0", nan: "0")
        let json = InertJSON.escaped(try encoder.encode(data))
        let style = PackageResources.report_css
        let script = PageScript.bytes
        let policy =
            "default-src 'none'; style-src \(hashSource(style)); script-src \(hashSource(script)); "
            + "base-uri 'none'; form-action 'none'"
        return Template(PackageResources.report_html).filled([
            "policy": Array(policy.utf8), "style": style, "script": script, "data": json,
        ])
    }

    /// Names a style or a script by what is in it, so that the browser takes no other.
    private static func hashSource(_ bytes: [UInt8]) -> String {
        "'sha256-" + Data(SHA256.digest(bytes)).base64EncodedString() + "'"
    }
}

import FoundationEssentials

/// A report as one HTML file: styles, scripts and data are in it, and its policy forbids it to load or send anything.
public enum ReportPage {
    /// - Parameter nonce: no other page's, in base64: the browser takes the style and the script that carry it, and nothing that
    ///   a text of the heap might smuggle in.
    public static func render(_ data: ReportData, nonce: String = randomNonce()) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // A share of nothing is no number, which JSON cannot say: the page takes it for none.
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "0", negativeInfinity: "0", nan: "0")
        let json = InertJSON.escaped(try encoder.encode(data))
        let policy =
            "default-src 'none'; style-src 'nonce-\(nonce)'; script-src 'nonce-\(nonce)'; base-uri 'none'; form-action 'none'"
        return Template(PackageResources.report_html).filled([
            "policy": Array(policy.utf8), "nonce": Array(nonce.utf8), "style": PackageResources.report_css,
            "script": PageScript.bytes, "data": json,
        ])
    }

    /// 128 bits of the kernel's, so that nobody who writes a heap can guess them.
    public static func randomNonce() -> String {
        var random = SystemRandomNumberGenerator()
        return Data((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) }).base64EncodedString()
    }
}

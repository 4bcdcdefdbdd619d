import FoundationEssentials

/// A report as one HTML file: styles, scripts and data are in it, and its policy forbids it to load or send anything.
public enum ReportPage {
    /// - Parameters:
    ///   - json: what the page shows, as its scripts read it.
    ///   - nonce: no other page's, in base64: the browser takes the style and the script that carry it, and nothing that
    ///     a text of the heap might smuggle in.
    public static func render(json: String, nonce: String = randomNonce()) -> [UInt8] {
        let policy =
            "default-src 'none'; style-src 'nonce-\(nonce)'; script-src 'nonce-\(nonce)'; base-uri 'none'; form-action 'none'"
        return Template(PackageResources.report_html).filled([
            "policy": Array(policy.utf8), "nonce": Array(nonce.utf8), "style": PackageResources.report_css,
            "script": PageScript.bytes, "data": InertJSON.escaped(json.utf8),
        ])
    }

    /// 128 bits of the kernel's, so that nobody who writes a heap can guess them.
    public static func randomNonce() -> String {
        var random = SystemRandomNumberGenerator()
        return Data((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) }).base64EncodedString()
    }
}

import FoundationEssentials

/// What `GET /json/version` of an inspector says of itself.
/// Source: Node's src/inspector_socket_server.cc, `SendVersionResponse`.
public struct InspectorVersion: Sendable, Equatable, Decodable {
    /// For example `node.js/v20.18.0`, `Deno/2.9.8`.
    public let browser: String
    public let protocolVersion: String

    enum CodingKeys: String, CodingKey {
        case browser = "Browser"
        case protocolVersion = "Protocol-Version"
    }

    public enum Runtime: String, Sendable, CaseIterable {
        case node = "node.js/"
        case deno = "Deno/"
    }

    /// Whose answer it is; nil for Chrome and others, which name themselves differently.
    public var runtime: Runtime? { Runtime.allCases.first { browser.hasPrefix($0.rawValue) } }
    /// The version in `browser`, for example `v20.18.0` or `2.9.8`.
    public var runtimeVersion: Substring { browser.dropFirst(runtime?.rawValue.count ?? 0) }
}

/// One entry of `GET /json/list`: Node lists exactly one, its main thread.
struct InspectorListEntry: Decodable {
    let id: String
}

extension InspectorVersion {
    static func decode(_ body: [UInt8]) throws(InspectorError) -> InspectorVersion {
        do {
            let version = try JSONDecoder().decode(InspectorVersion.self, from: Data(body))
            guard version.runtime != nil else {
                throw InspectorError.notAnInspector(reason: "it calls itself neither node.js nor Deno")
            }
            return version
        } catch let error as InspectorError {
            throw error
        } catch {
            throw .notAnInspector(reason: "/json/version is not the JSON of an inspector")
        }
    }
}

extension InspectorListEntry {
    /// The path of the WebSocket: the id alone. The URL beside it names an address as the target sees it, which may
    /// not be the one that was connected to, so it is not used.
    static func webSocketPath(_ body: [UInt8]) throws(InspectorError) -> String {
        guard let entries = try? JSONDecoder().decode([InspectorListEntry].self, from: Data(body)),
            let first = entries.first
        else { throw .notAnInspector(reason: "/json/list names no target") }
        let allowed = first.id.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || byte == UInt8(ascii: "-")
        }
        guard allowed, !first.id.isEmpty, first.id.utf8.count <= 64 else {
            throw .notAnInspector(reason: "the id in /json/list is not a UUID")
        }
        return "/" + first.id
    }
}

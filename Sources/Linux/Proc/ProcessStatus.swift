/// /proc/PID/status, which anybody may read.
package struct ProcessStatus: Equatable {
    package var name = ""
    package var threadGroup: Int32 = 0
    package var innermostPid: Int32 = 0
    package var userIDs: [UInt32] = []
    package var groupIDs: [UInt32] = []
    package var supplementaryGroups: [UInt32] = []
    package var residentBytes: UInt64 = 0
    /// The most that was ever resident.
    package var peakBytes: UInt64 = 0
    /// In memory of its own: resident and not of a file, or swapped out.
    package var anonymousBytes: UInt64 = 0
    /// What RLIMIT_AS counts.
    package var virtualBytes: UInt64 = 0
    /// What RLIMIT_DATA counts.
    package var dataBytes: UInt64 = 0
    package var effectiveCapabilities: UInt64 = 0
    package var permittedCapabilities: UInt64 = 0
    /// The process that traces it, as our pid namespace numbers it; 0 for none, and for one that cannot be seen from here.
    package var tracer: Int32 = 0
    /// Threads that it has now.
    package var threads: UInt64 = 0
    /// Signals that were sent and have not been delivered, to the main thread or to the process as a whole.
    package var pending: SignalSet = []
    /// no_new_privs: no program that it starts has more rights than it has.
    package var cannotGainPrivileges = false
    /// A seccomp filter decides on its system calls.
    package var hasCallFilter = false
    package var blocked: SignalSet = []
    package var ignored: SignalSet = []
    package var caught: SignalSet = []

    package var realUser: UInt32 { userIDs.first ?? .max }
    package var effectiveUser: UInt32 { userIDs.count > 1 ? userIDs[1] : .max }
    package var effectiveGroup: UInt32 { groupIDs.count > 1 ? groupIDs[1] : .max }

    /// Those that the kernel checks when it opens files.
    package var fileUser: UInt32 { userIDs.count > 3 ? userIDs[3] : .max }
    package var fileGroup: UInt32 { groupIDs.count > 3 ? groupIDs[3] : .max }

    package static let overridePermissionsCapability: UInt64 = 1 << 1
    package var hasPtraceCapability: Bool { effectiveCapabilities & 1 << 19 != 0 }
    /// CAP_SYS_ADMIN or CAP_SYS_RESOURCE: either lifts RLIMIT_NPROC.
    package var mayExceedTaskLimit: Bool { effectiveCapabilities & (1 << 21 | 1 << 24) != 0 }

    /// `nil` where the lines that every kernel writes are missing.
    package init?(_ text: String) {
        var seen = 0
        for line in text.split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == "\t" || $0 == " " }
            var fields: [Substring] { value.split { $0 == "\t" || $0 == " " } }
            seen += 1
            switch line[..<colon] {
            case "Name": name = Self.unescaped(value)
            case "Tgid": threadGroup = fields.first.flatMap { Int32($0) } ?? 0
            case "NSpid": innermostPid = fields.last.flatMap { Int32($0) } ?? 0
            case "Uid": userIDs = fields.compactMap { UInt32($0) }
            case "Gid": groupIDs = fields.compactMap { UInt32($0) }
            case "Groups": supplementaryGroups = fields.compactMap { UInt32($0) }
            case "VmRSS": residentBytes = (fields.first.flatMap { UInt64($0) } ?? 0) << 10
            case "VmHWM": peakBytes = (fields.first.flatMap { UInt64($0) } ?? 0) << 10
            case "RssAnon", "VmSwap": anonymousBytes += (fields.first.flatMap { UInt64($0) } ?? 0) << 10
            case "VmSize": virtualBytes = (fields.first.flatMap { UInt64($0) } ?? 0) << 10
            case "VmData": dataBytes = (fields.first.flatMap { UInt64($0) } ?? 0) << 10
            case "CapPrm": permittedCapabilities = UInt64(value, radix: 16) ?? 0
            case "NoNewPrivs": cannotGainPrivileges = value == "1"
            case "Seccomp": hasCallFilter = value == "2"
            case "CapEff": effectiveCapabilities = UInt64(value, radix: 16) ?? 0
            case "TracerPid": tracer = fields.first.flatMap { Int32($0) } ?? 0
            case "Threads": threads = fields.first.flatMap { UInt64($0) } ?? 0
            case "SigPnd", "ShdPnd": pending.formUnion(SignalSet(mask: value) ?? [])
            case "SigBlk": blocked = SignalSet(mask: value) ?? []
            case "SigIgn": ignored = SignalSet(mask: value) ?? []
            case "SigCgt": caught = SignalSet(mask: value) ?? []
            default: seen -= 1
            }
        }
        guard seen > 0, threadGroup > 0, userIDs.count == 4, groupIDs.count == 4 else { return nil }
        // Kernels without pid namespaces have no NSpid.
        if innermostPid == 0 { innermostPid = threadGroup }
    }

    package static func read(_ pid: Int32) throws(LinuxError) -> ProcessStatus {
        let file = ProcFile(pid, "status")
        let text = try file.text()
        guard let status = ProcessStatus(text) else {
            // That of a process that is ending is empty.
            throw LinuxError("read", path: file.path, text.isEmpty ? .noSuchProcess : nil)
        }
        return status
    }

    /// The kernel writes a newline in a name as `\n` and a backslash as `\\`, here and in no other file.
    private static func unescaped(_ name: Substring) -> String {
        var result = ""
        var isEscape = false
        for scalar in name.unicodeScalars {
            if isEscape {
                result.unicodeScalars.append(scalar == "n" ? "\n" : scalar)
                isEscape = false
            } else if scalar == "\\" {
                isEscape = true
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
